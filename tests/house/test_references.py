"""Every column that can hold an organisation's id is known to what moves an organisation's records."""

from collections.abc import Iterator, Mapping

from directory.db import Identifier
from directory.fields import Field, Id, Listing, Shape
from directory.models.registry import Base
from directory.services import moving
from directory.services.catalogue import COLLECTIONS


def _ids() -> set[str]:
    """Columns of ids that the database does not know the table of."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Identifier) and not column.foreign_keys and column.name != "id"
    }


def _inside(field: Field, path: str) -> Iterator[str]:
    """Paths in a JSON column at which an id of an organisation stands."""
    if isinstance(field, Id) and field.to == "organisations":
        yield path
    elif isinstance(field, Listing):
        yield from _inside(field.of, path)
    elif isinstance(field, Shape):
        for name, inner in field.fields.items():
            yield from _inside(inner, f"{path}.{name}")


def test_each_column_of_ids_is_moved_or_says_why_not() -> None:
    typed = {f"{model.__tablename__}.{column}" for model, _, column, _ in moving.TYPED}
    held = {f"{model.__tablename__}.holder_id" for model in moving.HELD}

    assert _ids() == (typed - {"network_action.subject"}) | held | set(moving.LEFT)
    assert {f"{model.__tablename__}.{name}" for model, name in moving.foreign()} >= {"account.organisation_id"}


def test_organisations_stand_in_no_other_json_than_attendees() -> None:
    fields: Mapping[str, Mapping[str, Field]] = {name: one.fields for name, one in COLLECTIONS.items()}
    nested = {
        path
        for name, declared in fields.items()
        for field, one in declared.items()
        for path in _inside(one, f"{name}.{field}")
        if path.count(".") > 1 or isinstance(one, Listing)
    }

    assert nested == {"trainings.attendees.organisation_id"}
