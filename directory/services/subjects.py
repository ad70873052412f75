"""How the audit names people: by HMAC under a random key of each person's own, never by a plain hash.

The whole South African mobile range hashes in about a minute, and an id stands in every copy that others keep of the
registry. With the key destroyed, what the audit says of a person can be tied to nobody, and the chain still holds.
"""

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models.oversight import SubjectKey
from directory.services.upserts import insert_missing

REFERENCE_CHARACTERS = 32


def reference(session: Session, subject_id: str) -> str:
    """The audit's name for a person, focal point, channel or account; its key is made at first use."""
    found = known(session, subject_id)
    if found is None:
        key = secrets.token_hex(32)
        insert_missing(session, SubjectKey, subject_id=subject_id, key=key, reference=_mac(key, subject_id))
        found = known(session, subject_id)
    if found is None:
        raise LookupError("a subject's key could not be kept")
    return found


def known(session: Session, subject_id: str) -> str | None:
    """The name, if the audit has ever used one and it has not been forgotten."""
    return session.scalar(select(SubjectKey.reference).where(SubjectKey.subject_id == subject_id))


def mark(session: Session, subject_id: str, text: str) -> str | None:
    """Something about a known person, such as a network address, under that person's key."""
    key = session.scalar(select(SubjectKey.key).where(SubjectKey.subject_id == subject_id))
    return None if key is None else _mac(key, text)


def resolve(session: Session, references: Iterable[str]) -> dict[str, str]:
    """Ids behind references, of those not forgotten."""
    wanted = sorted(set(references))
    rows = session.execute(select(SubjectKey.reference, SubjectKey.subject_id).where(SubjectKey.reference.in_(wanted)))
    return dict(rows.all())


def forget(session: Session, subject_ids: Iterable[str]) -> None:
    """Destroy the keys of people erased."""
    session.execute(delete(SubjectKey).where(SubjectKey.subject_id.in_(list(subject_ids))))


def _mac(key: str, text: str) -> str:
    return hmac.new(bytes.fromhex(key), text.encode(), sha256).hexdigest()[:REFERENCE_CHARACTERS]
