"""From a credential to who acts."""

from typing import cast

from directory.models.access import Account, ApiKey
from directory.permissions import Actor, Role


def of_account(
    account: Account, *, session_id: str | None = None, key_id: str | None = None, scopes: frozenset[str] | None = None
) -> Actor:
    """A person, by a session or by a key of theirs."""
    return Actor(
        role=cast(Role, account.role),
        name=account.username,
        organisation_id=account.organisation_id,
        department_id=account.department_id,
        province=account.province,
        scopes=scopes,
        account_id=account.id,
        session_id=session_id,
        key_id=key_id,
    )


def of_key(key: ApiKey) -> Actor:
    """An app, by its own key."""
    return Actor(
        role="app",
        name=f"app:{key.id}",
        organisation_id=key.organisation_id,
        scopes=frozenset(key.scopes),
        key_id=key.id,
    )
