"""Partners out of a spreadsheet: each row an organisation with its place, its lines and what it offers. All or nothing.

Whoever is there already is told by what the actor may read of them: a spreadsheet of numbers finds no hidden partner.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, geography, permissions
from directory.db import columns
from directory.errors import Denied, Invalid
from directory.exchange.partners import Partner, Told, partners
from directory.exchange.sheets import Line
from directory.fields import checked
from directory.models.channel import Channel
from directory.models.organisation import Organisation
from directory.models.record import new_id
from directory.permissions import Actor
from directory.queries.published import Publisher
from directory.queries.visibility import visible
from directory.services import audit, records
from directory.services.catalogue import COLLECTIONS
from directory.services.records import Fresh

ACTION = "imports.write"
ERRORS_TOLD = 100
BATCH = 500
"""Records that are written together."""
NO_SERVICE = "No service is named, so no match finds it. Name them in the row, or with `services` for all."
MADE = ("organisations", "sites", "services", "service_sites", "channels")
COLUMNS = {"location": "town", "value": "phones", "codes": "services", "external_ids": "external_id"}
"""Where the cell stands whose field a rule speaks of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What holds for the whole spreadsheet: services of rows that name none, where it comes from, and whether partners
    that are there already are brought up to date."""

    source: str
    services: tuple[str, ...] = ()
    update: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """A row whose partner is there already, and by what it was known."""

    row: int
    organisation_id: str
    by: str


@dataclass(slots=True)
class Outcome:
    """What came of each row: its errors, what to think of, who was there already, and the ids of what was made."""

    rows: int = 0
    errors: list[Told] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    existing: list[Existing] = field(default_factory=list)
    created: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in MADE})


def run(session: Session, actor: Actor, lines: Sequence[Line], asked: Asked) -> Outcome:
    """Write the partners of a spreadsheet; where there are errors, the caller undoes it all. Raises Denied, Invalid."""
    permissions.require(actor, ACTION)
    for name in MADE:
        permissions.reach(actor, "registry.write", name)
    work = _Import(session, actor, asked, _Known(session, actor))
    for partner, told in partners(lines, asked.services):
        work.outcome.rows += 1
        work.outcome.errors += told
        if not told:
            with work.telling(partner.row):
                work.take(partner)
        if len(work.outcome.errors) >= ERRORS_TOLD:
            break
        if len(work.begun) >= BATCH:
            work.settle()
    work.settle()
    return work.outcome


class _Known:
    """The partners that the actor may read, suspended ones too, by what tells that two are one."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.rows: dict[tuple[str, str], int] = {}
        self.ids: dict[tuple[str, str], dict[str, str | None]] = {}
        seen = visible(session, actor, "organisations")
        chosen = select(*columns(Organisation)).where(Organisation.status != "closed", *seen)
        publisher = Publisher(session, actor)
        for part in session.execute(chosen).partitions(1000):
            for one in publisher.publish(COLLECTIONS["organisations"], part):
                for sign in _signs(one):
                    self.ids.setdefault(sign, {})[one["id"]] = one.get("province")

    def find(self, partner: Partner, province: str) -> tuple[str, str] | None:
        """Who the row's partner is already, and by what. Raises Invalid where several are.

        A name alone tells nothing across provinces: large partners have branches.
        """
        for sign in _signs(partner.fields):
            column = "external_id" if sign[0].startswith("external_id") else sign[0]
            those = self.ids.get(sign, {})
            ids = [one for one, where in those.items() if column != "name" or where in (None, province)]
            if len(ids) > 1:
                raise Invalid({column: ["Several partners are known by it."]})
            if ids:
                return ids[0], column
        return None

    def claim(self, partner: Partner, province: str) -> None:
        """Raises Invalid if an earlier row of the spreadsheet is the same partner."""
        for kind, said in _signs(partner.fields):
            sign = (kind, f"{said} {province}" if kind == "name" else said)
            if sign in self.rows:
                raise Invalid({kind.partition(" ")[0]: [f"Row {self.rows[sign]} says the same."]})
            self.rows[sign] = partner.row


def _signs(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What tells that two are one: the surest first."""
    for one in fields.get("external_ids") or ():
        yield f"external_id {one['scheme'].casefold()}", one["value"].casefold()
    number = "".join(sign for sign in fields.get("npo_number") or "" if sign.isalnum()).casefold()
    if number:
        yield "npo_number", number
    for name in (fields["name"], *(fields.get("alternate_names") or ())):
        yield "name", geography.normalise(name)


@dataclass(slots=True)
class _Import:
    session: Session
    actor: Actor
    asked: Asked
    known: _Known
    outcome: Outcome = field(default_factory=Outcome)
    begun: list[tuple[str, int, Fresh, dict[str, Any]]] = field(default_factory=list)

    @contextmanager
    def telling(self, row: int) -> Iterator[None]:
        """What is wrong within is told of the row."""
        try:
            yield
        except Invalid as found:
            for path, said in found.errors.items():
                column = COLUMNS.get(path.partition(".")[0], path.partition(".")[0])
                self.outcome.errors += [Told(row, column, one) for one in said]
        except Denied:
            self.outcome.errors.append(Told(row, "town", "This is beyond what you may change."))

    def take(self, partner: Partner) -> None:
        """Write one partner, or bring it up to date. Raises Denied, Invalid."""
        if partner.place is None:
            raise Invalid({"town": ["Say the town or the district."]})
        province = partner.place.province
        if self.actor.province not in (None, province):
            raise Denied("the place lies in another province")
        self.known.claim(partner, province)
        found = self.known.find(partner, province)
        if found is None:
            self._add(partner)
            return
        self.outcome.existing.append(Existing(partner.row, *found))
        if self.asked.update and not self.outcome.errors:
            self.settle()
            self._update(partner, found[0])

    def _add(self, partner: Partner) -> None:
        place: Any = partner.place
        where = {"province": place.province, "district": place.district}
        organisation = self._begin("organisations", row=partner.row, **partner.fields, **where)
        audit.note(self.session, self.actor, "created", audit.About("organisations", organisation))
        own: dict[str, Any] = {"row": partner.row, "organisation_id": organisation}
        site = self._begin("sites", **own, confidential=False, location={"lat": place.lat, "lon": place.lon})
        if partner.services:
            named = {"name": partner.fields["name"], "codes": partner.services, "languages": partner.languages}
            service = self._begin("services", **own, **named)
            self._begin("service_sites", row=partner.row, service_id=service, site_id=site)
        else:
            self.outcome.notes.append(Told(partner.row, "services", NO_SERVICE))
        for line in _lines(partner, organisation):
            self._begin("channels", row=partner.row, **line)

    def _update(self, partner: Partner, organisation_id: str) -> None:
        """Only what the row fills: its lists are added to, its place and services stay as they are."""
        organisations = COLLECTIONS["organisations"]
        record: Any = records.find(self.session, organisations, organisation_id, lock=True)
        given = {"source": self.asked.source, **partner.fields}
        for name in ("alternate_names", "external_ids"):
            if name in given:
                kept = getattr(record, name)
                given[name] = [*kept, *(one for one in given[name] if one not in kept)]
        records.update(self.session, self.actor, organisations, organisation_id, record.version, given)
        own = select(Channel.value).where(Channel.owner_type == "organisation", Channel.owner_id == organisation_id)
        kept = set(self.session.scalars(own))
        for line in _lines(partner, organisation_id):
            if line["value"] not in kept:
                said = {"source": self.asked.source, **line}
                made = records.create(self.session, self.actor, COLLECTIONS["channels"], said)
                self.outcome.created["channels"].append(made.id)

    def _begin(self, collection: str, /, row: int, **given: Any) -> str:
        """The id of a record that is written with the next batch. It is new, and so is all that it belongs to."""
        values = checked(COLLECTIONS[collection].writable, {"source": self.asked.source, **given})
        self.begun.append((collection, row, Fresh(new_id(), changes.now(self.session)), values))
        self.outcome.created[collection].append(self.begun[-1][2].id)
        return self.begun[-1][2].id

    def settle(self) -> None:
        """Write what was begun, each collection after those it refers to; nothing once all is to be undone."""
        for name in MADE:
            made: list[tuple[int, Any, dict[str, Any]]] = []
            for collection, row, fresh, values in self.begun:
                if collection == name:
                    with self.telling(row):
                        made.append((row, records.begin(self.session, COLLECTIONS[name], values, fresh), values))
            if not self.outcome.errors:
                self.session.flush()
                for _, record, values in made:
                    records.settle(self.session, COLLECTIONS[name], record, values)
        self.begun.clear()


def _lines(partner: Partner, organisation_id: str) -> Iterator[dict[str, Any]]:
    """The office lines and mailboxes of a row."""
    owner = {"type": "organisation", "id": organisation_id}
    for kind, values in (("duty_line", partner.phones), ("role_mailbox", partner.emails)):
        for value in values:
            yield {"owner": owner, "channel_kind": kind, "value": value}
