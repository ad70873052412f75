"""The one way to a confidential address, and who went it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from directory import permissions
from directory.fields import checked
from directory.permissions import Actor
from directory.services import audit, disclosures, factors, quotas
from web import transaction
from web.api.lists import page
from web.auth import actor
from web.errors import Refused
from web.paths import API
from web.schemas.filters import PAGING, wanted
from web.schemas.oversight import (
    DISCLOSING,
    DISCLOSURE_PAGE,
    DISCLOSURE_SHOWN,
    LOCATION_READ,
    LOCATION_SHOWN,
    LOCATION_WRITE,
)
from web.smorest import Blueprint, Gives, Json, Operation, Takes

MAKE, READ = "disclosures.make", "disclosures.read"
Query = Mapping[str, Any]
Body = Mapping[str, Any]


def disclose(query: Query, body: Body, record_id: UUID) -> tuple[Json, int]:
    """Commit who asks and why; then, in another transaction, read the address."""
    who = actor()
    permissions.require(who, MAKE)
    given = checked(DISCLOSING, dict(body))
    code = given.pop("code", None)
    if code is not None:
        _give(who, code)
    made = _authorise(who, str(record_id), given)
    transaction.session().commit()
    with transaction.registry().secrets() as secret_session:
        location = disclosures.reveal(secret_session, who, made.id)
    shown = {name: getattr(made, name) for name in ("id", "site_id", "purpose", "at")}
    return {**shown, "location": location}, 201


def _give(who: Actor, code: str) -> None:
    """Give the second factor; the try is kept whatever comes of it. Raises Refused."""
    right = factors.confirm(transaction.session(), who, code)
    transaction.restart()
    if not right:
        raise Refused("second-factor-needed", "This code is wrong, has passed or was used before.")


def _authorise(who: Actor, site_id: str, given: Body) -> Any:
    """As the service does; that an allowance is spent leaves an alert and a refusal in the audit."""
    session = transaction.session()
    try:
        return disclosures.authorise(session, who, site_id, given)
    except quotas.Exhausted as exhausted:
        session.rollback()
        with transaction.registry().within(write=True) as after:
            quotas.alert(after, who, exhausted.kind)
            audit.record_denial(after, who, MAKE, audit.About("sites", site_id))
        raise


def browse(query: Query) -> Json:
    """Who asked for one's addresses."""
    asked = wanted(query)
    found, total = disclosures.page(transaction.session(), actor(), page=asked.page, page_size=asked.page_size)
    return page(asked, found, total)


def _disclosing() -> Operation:
    return Operation(
        method="POST",
        rule=f"{API}/sites/<uuid:record_id>/location-disclosures",
        id="discloseLocation",
        tag="sites",
        policy=MAKE,
        summary="The only way to a confidential address",
        description=(
            "With a purpose and a second factor within five minutes. What is asked is written into the audit before "
            f"the address is read, and the partner sees who asked. At most {disclosures.BUDGET} a day for each person. "
            "Takes no Idempotency-Key: each asking is one."
        ),
        gives=(
            Gives(
                status=201,
                schema=LOCATION_READ,
                example=LOCATION_SHOWN,
                description="The address, told this once. Do not keep it.",
            ),
        ),
        takes=Takes(schema=LOCATION_WRITE, examples={"usual": {"purpose": "transport", "code": "123456"}}),
        problems=("not-found", "conflict", "second-factor-needed", "allowance-spent"),
        writes=True,
    )


def _listing() -> Operation:
    listed = page(wanted({}), [DISCLOSURE_SHOWN], 1)
    return Operation(
        method="GET",
        rule=f"{API}/disclosures",
        id="listDisclosures",
        tag="disclosures",
        policy=READ,
        summary="Who asked for which address and why, newest first",
        description="Partners see those of their own places, auditors all.",
        query=PAGING,
        gives=(Gives(schema=DISCLOSURE_PAGE, example=listed, description="One page."),),
    )


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("disclosures", __name__)
    made.operation(_disclosing(), disclose)
    made.operation(_listing(), browse)
    return made
