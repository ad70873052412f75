"""The routes that every collection has, declared once and documented."""

from dataclasses import dataclass
from typing import Any

from directory.collection import Collection
from directory.services import catalogue
from web.api.records import Views
from web.schemas.examples import EXAMPLES, Example
from web.schemas.filters import filters_of
from web.schemas.records import SURFACES, VERIFICATION_READ, VERIFICATION_WRITE, Surface
from web.smorest import Blueprint, Gives, Operation, Takes

GUARDED = ("not-found", "version-conflict", "precondition-required", "conflict")


@dataclass(frozen=True, slots=True)
class Routes:
    """The documented operations of one collection."""

    collection: Collection
    surface: Surface
    example: Example

    @property
    def views(self) -> Views:
        """What answers them."""
        return Views(self.collection)

    @property
    def path(self) -> str:
        """The address of the collection."""
        return self.views.path

    def operations(self) -> list[tuple[Operation, Any]]:
        """All operations of the collection, with their views."""
        return [*self._on_collection(), *self._on_record()]

    def _on_collection(self) -> list[tuple[Operation, Any]]:
        name, path, tag = self.surface.name, self.path, self.collection.path
        words = tag.replace("-", " ")
        page = {"items": [self.example.read], "total": 1, "page": 1, "page_size": 50}
        made = Gives(
            status=201,
            schema=self.surface.record,
            example=self.example.read,
            headers=("ETag", "Location", "Idempotency-Replayed"),
            description="Made.",
        )
        create = Operation(
            method="POST",
            rule=path,
            id=f"create{name}",
            policy="registry.write",
            tag=tag,
            summary=f"Add to {words}",
            gives=(made,),
            takes=Takes(schema=self.surface.writing, examples={"usual": self.example.write}),
            request_headers=("Idempotency-Key",),
            problems=("conflict",),
            writes=True,
        )
        browse = Operation(
            method="GET",
            rule=path,
            id=f"list{name}s",
            policy="registry.read",
            tag=tag,
            summary=f"List {words}",
            query=filters_of(self.collection),
            gives=(Gives(schema=self.surface.page, example=page, description="One page."),),
        )
        return [(browse, self.views.browse), (create, self.views.create)]

    def _on_record(self) -> list[tuple[Operation, Any]]:
        return [
            (self._reading(), self.views.read),
            (self._changing(), self.views.change),
            (self._closing(), self.views.close),
            (self._verification(), self.views.verify),
        ]

    def _one(self, method: str, verb: str, policy: str, summary: str, **more: Any) -> Operation:
        return Operation(
            method=method,
            rule=f"{self.path}/<uuid:record_id>",
            id=f"{verb}{self.surface.name}",
            policy=policy,
            tag=self.collection.path,
            summary=summary,
            **more,
        )

    def _reading(self) -> Operation:
        shown = Gives(schema=self.surface.record, example=self.example.read, headers=("ETag",), description="As it is.")
        known = Gives(status=304, headers=("ETag",), description="You have this version.")
        return self._one(
            "GET",
            "get",
            "registry.read",
            "Read one, closed or not",
            gives=(shown, known),
            request_headers=("If-None-Match",),
            problems=("not-found",),
        )

    def _changing(self) -> Operation:
        moved = Gives(
            schema=self.surface.record,
            example=self.example.read,
            headers=("ETag", "Location", "Content-Location"),
            description="As it is now. Location names another record where this one closed and that one opened.",
        )
        return self._one(
            "PATCH",
            "change",
            "registry.write",
            "Change by merge patch (RFC 7396)",
            description="Null clears, arrays replace, a missing key stays.",
            gives=(moved,),
            takes=Takes(schema=self.surface.changing, examples={"usual": self.example.change}),
            request_headers=("If-Match",),
            problems=GUARDED,
            writes=True,
        )

    def _closing(self) -> Operation:
        return self._one(
            "DELETE",
            "close",
            "registry.write",
            "Close: it leaves the lists and stays readable",
            gives=(Gives(status=204, headers=("ETag",), description="Closed."),),
            request_headers=("If-Match",),
            problems=GUARDED,
            writes=True,
        )

    def _verification(self) -> Operation:
        given = {"method": "phone", "outcome": "confirmed"}
        answer = {
            **given,
            "verified_at": self.example.read["created_at"],
            "collection": self.collection.path,
            "record_id": self.example.read["id"],
        }
        return Operation(
            method="POST",
            rule=f"{self.path}/<uuid:record_id>/verifications",
            id=f"verify{self.surface.name}",
            policy="registry.write",
            tag=self.collection.path,
            summary="Say that somebody asked whether it is still true",
            description="`confirmed` dates the record, `wrong` undates it, `unreachable` leaves it as it is.",
            gives=(
                Gives(
                    status=201,
                    schema=VERIFICATION_READ,
                    example=answer,
                    headers=("Location", "Idempotency-Replayed"),
                    description="Kept. Location names the record.",
                ),
            ),
            takes=Takes(schema=VERIFICATION_WRITE, examples={"by phone": given}),
            request_headers=("Idempotency-Key",),
            problems=("not-found", "conflict"),
            writes=True,
        )


def blueprint() -> Blueprint:
    """The routes of all collections."""
    made = Blueprint("collections", __name__)
    for name, collection in catalogue.COLLECTIONS.items():
        for operation, view in Routes(collection, SURFACES[name], EXAMPLES[name]).operations():
            made.operation(operation, view)
    return made
