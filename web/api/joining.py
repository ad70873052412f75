"""Two records that are one organisation, and organisations that follow each other."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from directory import permissions
from directory.services import merges, records, successions
from directory.services.catalogue import COLLECTIONS
from web import etags, idempotency, transaction
from web.api.lists import whole
from web.api.records import show
from web.auth import actor
from web.paths import API
from web.schemas.joining import (
    MERGE_GIVEN,
    MERGE_READ,
    MERGE_SHOWN,
    MERGE_WRITE,
    SPLIT_GIVEN,
    SUCCESSION_PAGE,
    SUCCESSION_SHOWN,
    SUCCESSION_WRITE,
)
from web.schemas.network_examples import SHELTER
from web.smorest import Blueprint, Gives, Json, Operation, Takes

ORGANISATIONS = COLLECTIONS["organisations"]
ORGANISATION = f"{API}/organisations"
ONE = f"{ORGANISATION}/<uuid:record_id>"
GUARDED = ("not-found", "version-conflict", "precondition-required", "conflict")
Query = Mapping[str, Any]
Made = tuple[Json, int, dict[str, str]]


def merge(query: Query, body: Any, record_id: UUID) -> Made:
    """Make two records one, or answer again for the same key."""
    session, who = transaction.session(), actor()
    permissions.require(who, merges.ACTION)
    survivor = records.get(session, who, ORGANISATIONS, str(record_id))
    attempt = idempotency.attempt(session, who)
    earlier = attempt.earlier()
    again = {} if earlier is None else idempotency.REPLAYED
    if earlier is None:
        survivor = merges.merge(session, who, survivor.id, etags.expected_version(survivor), body)
        attempt.keep(survivor.id)
    absorbed = records.get(session, who, ORGANISATIONS, body["organisation_id"])
    kept, gone = show(session, who, ORGANISATIONS, [survivor, absorbed])
    where = {"Location": f"{ORGANISATION}/{survivor.id}"}
    return {"organisation": kept, "absorbed": gone}, 201, {**where, **etags.headers(survivor), **again}


def succeed(query: Query, body: Any, record_id: UUID) -> Made:
    """Close an organisation that others follow, or answer again for the same key."""
    session, who = transaction.session(), actor()
    permissions.require(who, successions.ACTION)
    owner = records.get(session, who, ORGANISATIONS, str(record_id))
    attempt = idempotency.attempt(session, who)
    earlier = attempt.earlier()
    again = {} if earlier is None else idempotency.REPLAYED
    if earlier is None:
        owner = successions.succeed(session, who, owner.id, etags.expected_version(owner), body)
        attempt.keep(owner.id)
    where = {"Location": f"{ORGANISATION}/{owner.id}/successions"}
    return whole(successions.history(session, who, owner.id)), 201, {**where, **etags.headers(owner), **again}


def history(query: Query, record_id: UUID) -> Json:
    """Who followed an organisation, and whom it followed."""
    return whole(successions.history(transaction.session(), actor(), str(record_id)))


def _merging() -> Operation:
    return Operation(
        method="POST",
        rule=f"{ONE}/merges",
        id="mergeOrganisation",
        policy=merges.ACTION,
        tag="organisations",
        summary="Two records are one organisation: this one stays, the other is absorbed",
        description=(
            "If-Match names the version of the record that stays, the body that of the other. All that referred to the "
            "absorbed record refers to the other from now on: sites, units, services, posts, numbers, links, "
            "organisations below it, accounts, keys, tasks, messages, suspensions, concerns and allowances. What only "
            "the absorbed record says is taken over, its names become alternate names; it closes and says "
            "`merged_into`. Links between the two close, and of two links to one partner one is left, with what both "
            "said. If one of them is confidential, both are, as by a first confidential place: what would tell where "
            "it is has to go first (422), and the accounts and keys of whoever would come to read confidential facts "
            "of the other are deactivated until an administrator lets each in again. 409 if one is closed or "
            "suspended. It cannot be undone."
        ),
        gives=(
            Gives(
                status=201,
                schema=MERGE_READ,
                example=MERGE_SHOWN,
                headers=("Location", "ETag", "Idempotency-Replayed"),
                description="Merged. Location and ETag are those of the record that stays.",
            ),
        ),
        takes=Takes(schema=MERGE_WRITE, examples={"usual": MERGE_GIVEN}),
        request_headers=("If-Match", "Idempotency-Key"),
        problems=GUARDED,
        writes=True,
    )


def _succeeding() -> Operation:
    return Operation(
        method="POST",
        rule=f"{ONE}/successions",
        id="succeedOrganisation",
        policy=successions.ACTION,
        tag="organisations",
        summary="An organisation ends in the world: who follows, and what goes to whom",
        description=(
            "It closes, and what does not go to a successor closes with it. Services that go lose their date and what "
            "was said of their room, links that go lose theirs, and each successor loses its own until somebody "
            "confirms it: accreditation is never taken over. That is a task of the successor's, and stands in "
            "`GET /verification-queue`. Accounts stay where they are, but for those of units that go. A confidential "
            "organisation makes whoever follows it, or is followed by it, confidential, as in a merge. 409 if one is "
            "closed or suspended, or has a suspended unit and is followed."
        ),
        gives=(
            Gives(
                status=201,
                schema=SUCCESSION_PAGE,
                example=whole([SUCCESSION_SHOWN]),
                headers=("Location", "ETag", "Idempotency-Replayed"),
                description="Closed and followed. Location lists who follows; ETag is the closed record's.",
            ),
        ),
        takes=Takes(
            schema=SUCCESSION_WRITE,
            examples={
                "one follows": {"kind": "renamed", "successors": [SHELTER]},
                "several follow": SPLIT_GIVEN,
                "nobody follows": {"kind": "closed"},
            },
        ),
        request_headers=("If-Match", "Idempotency-Key"),
        problems=GUARDED,
        writes=True,
    )


def _reading() -> Operation:
    return Operation(
        method="GET",
        rule=f"{ONE}/successions",
        id="listSuccessions",
        policy="registry.read",
        tag="organisations",
        summary="Who followed an organisation, and whom it followed, oldest first",
        gives=(Gives(schema=SUCCESSION_PAGE, example=whole([SUCCESSION_SHOWN]), description="All of them."),),
        problems=("not-found",),
    )


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("joining", __name__)
    made.operation(_merging(), merge)
    made.operation(_succeeding(), succeed)
    made.operation(_reading(), history)
    return made
