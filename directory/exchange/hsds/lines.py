"""Institutional numbers and mailboxes as phones, an e-mail and contacts: no people, and no numbers of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory import vocabulary
from directory.exchange.hsds.parts import Json, Published, derived, said
from directory.exchange.hsds.taxonomies import classified, label
from directory.exchange.hsds.times import in_words

INSTITUTIONAL = tuple(code for code, one in vocabulary.terms("channel_kind").items() if one["institutional"])
"""Kinds of channel that outlive a person."""
OWNERS = ("organisation", "department", "post", "service_site")
"""Whose channels are told. A person's are not."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The channels of one owner."""

    channels: Sequence[Published] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.channels)

    @property
    def phones(self) -> list[Json]:
        """Numbers."""
        return [_phone(one) for one in self.channels if "@" not in one["value"]]

    @property
    def email(self) -> str | None:
        """The first mailbox."""
        return next((one["value"] for one in self.channels if "@" in one["value"]), None)

    @property
    def others(self) -> list[Json]:
        """Contacts for the mailboxes after the first."""
        mailboxes = [one for one in self.channels if "@" in one["value"]]
        return [{"id": one["id"], "title": _kind(one), "email": one["value"]} for one in mailboxes[1:]]


def of_unit(unit: Published, lines: Lines) -> list[Json]:
    """A unit as contacts of its organisation."""
    if not lines:
        return []
    first = said(id=derived(unit["id"], "contact"), department=unit["name"], email=lines.email, phones=lines.phones)
    return [first, *({**one, "department": unit["name"]} for one in lines.others)]


def of_post(post: Published, unit: Published | None, lines: Lines) -> list[Json]:
    """A post as a contact: what it is called, and never who holds it."""
    if not lines:
        return []
    title = post["title"] or (label("contact_role", post["contact_role"]) if post["contact_role"] else None)
    where = None if unit is None else unit["name"]
    first = said(id=post["id"], title=title, department=where, email=lines.email, phones=lines.phones)
    return [first, *lines.others]


def _phone(channel: Published) -> Json:
    answered = in_words(channel["hours"])
    words = [_kind(channel), *([f"answered {answered}"] if answered else [])]
    words += ["takes WhatsApp"] if channel["whatsapp"] else []
    return {
        "id": channel["id"],
        "number": channel["value"],
        "type": "voice",
        "description": "; ".join(words),
        "attributes": classified(channel["id"], "visibility", [channel["visibility"]]),
    }


def _kind(channel: Published) -> str:
    return label("channel_kind", channel["channel_kind"])
