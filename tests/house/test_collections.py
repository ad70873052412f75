"""Every field of a collection is kept: in a column of its own, or by the collection's own hand."""

import inspect

import pytest
from sqlalchemy import inspect as mapped

from directory.collection import Collection
from directory.services.catalogue import COLLECTIONS


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda collection: collection.name)
def test_no_field_is_dropped_in_silence(collection: Collection) -> None:
    columns = {attribute.key for attribute in mapped(collection.model).column_attrs}
    placed = inspect.getsource(collection.place)

    assert [name for name in collection.writable if name not in columns and f'"{name}"' not in placed] == []
