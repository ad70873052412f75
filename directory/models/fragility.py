"""What is kept of the network's dependence on single contacts: tasks with their history, and figures by day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import new_id


class NetworkRun(Base):
    """The one row that says when the findings were last compared with the tasks; whoever compares holds it."""

    __tablename__ = "network_run"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    revision: Mapped[int]
    at: Mapped[datetime]


class Action(Base):
    """A task made of a finding, found again by its key. `cleared_at`: since when the finding is not found any more."""

    __tablename__ = "network_action"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    found: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str]
    owner_type: Mapped[str | None]
    owner_id: Mapped[str | None] = mapped_column(Identifier(), index=True)
    urgency: Mapped[int]
    priority: Mapped[int]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    due_on: Mapped[date]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class ActionProvince(Base):
    """A province that a task concerns."""

    __tablename__ = "network_action_province"

    action_id: Mapped[str] = mapped_column(
        Identifier(), ForeignKey("network_action.id", ondelete="CASCADE"), primary_key=True
    )
    province: Mapped[str] = mapped_column(primary_key=True, index=True)


class ActionStep(Base):
    """A step in a task's history: a new state, and what brought it."""

    __tablename__ = "network_action_step"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    action_id: Mapped[str] = mapped_column(
        Identifier(), ForeignKey("network_action.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str]
    cause: Mapped[str]


class NetworkFigures(Base):
    """A day's figures of the country (province `*`) or of a province."""

    __tablename__ = "network_figures"

    day: Mapped[date] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]]


class LinkGradeChange(Base):
    """The grade that a link has from a day on; a day without a row is as the day before. `gone`: no longer a link."""

    __tablename__ = "network_link_grade"
    __table_args__ = (Index("ix_network_link_grade_day", "day"),)

    link_id: Mapped[str] = mapped_column(Identifier(), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    grade: Mapped[str]


class Message(Base):
    """A message to a partner, to be read here. Names posts and never people. Nothing sets `delivered_at`."""

    __tablename__ = "outbox_message"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    to_type: Mapped[str]
    to_id: Mapped[str] = mapped_column(Identifier(), index=True)
    kind: Mapped[str]
    about_type: Mapped[str]
    about_id: Mapped[str] = mapped_column(Identifier())
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)
