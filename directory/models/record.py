"""What every record of the registry has."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from directory.db import Base, Identifier


def new_id() -> str:
    """A random identifier: it tells nothing of when, where or after what the record was made."""
    return str(uuid4())


def reference(table: str, *, required: bool = True) -> Mapped[Any]:
    """A foreign key column."""
    return mapped_column(Identifier(), ForeignKey(f"{table}.id"), nullable=not required, index=True)


class Record(Base):
    """Common columns. `version` counts changes of what is published; `status` is active or closed."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="active", index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    verified_at: Mapped[datetime | None]
    source: Mapped[str | None]
    external_ids: Mapped[list[Any]] = mapped_column(default=list)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Every UPDATE names the version it read and raises it: two writers cannot both win."""
        return {"version_id_col": cls.version}
