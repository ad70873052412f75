"""Which channels of a partner, or of one end of a link, may be called, and as whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matching.calls import Entry
from matching.contact_records import ContactRecords, Home, Record, Seat, end_home, institutional


def home_entries(records: ContactRecords, home: Home, service_site_id: str | None) -> Iterator[Entry]:
    """All channels of a partner by itself. Stale ones too: a freshly imported list is still a list to call."""
    if not records.is_open(home):
        return
    channels = list(records.office_channels(home))
    if service_site_id:
        channels += records.channels_of.get(("service_site", service_site_id), [])
    yield from _entries(records, channels, records.seats_of(home), _masked(records, home))


def link_entries(records: ContactRecords, link: Record, end: str) -> Iterator[Entry]:
    """All channels at one end of a link."""
    home = end_home(link[end])
    if records.is_open(home):
        seats = [seat for _, seat in records.carriers(link, end)]
        yield from _entries(records, records.listed(link, end), seats, _masked(records, home))


def once(entries: Iterable[Entry]) -> list[Entry]:
    """A channel that stands on the link and at the partner is one entry, with its fresher confirmation."""
    best: dict[str, Entry] = {}
    for entry in entries:
        known = best.get(entry.channel)
        if known is None or _confirmed(entry) > _confirmed(known):
            best[entry.channel] = entry
    return list(best.values())


def _confirmed(entry: Entry) -> tuple[float, bool]:
    since = entry.confirmed_at
    return (float("-inf") if since is None else since.timestamp(), entry.primary)


def _masked(records: ContactRecords, home: Home) -> bool:
    organisation = records.organisation_of(home)
    return bool(organisation and organisation.get("masked"))


def _entries(
    records: ContactRecords, offices: Iterable[Record], seats: Iterable[Seat], masked: bool
) -> Iterator[Entry]:
    """People in post with their own channels, each once and in the fresher seat; then the offices' lines. A personal
    number that belongs to a post is its holder's; without a holder there is nobody to call on it."""
    holders: dict[str, Seat] = {}
    for seat in sorted((seat for seat in seats if seat.member.in_post), key=_freshest):
        if holders.setdefault(seat.person_id, seat) is seat:
            for channel in records.channels_of.get(("person", seat.person_id), ()):
                yield _entry(records, channel, seat, masked)
    for channel in offices:
        kind, key = end_home(channel["owner"])
        if institutional(channel) or kind != "post":
            yield _entry(records, channel, None, masked)
            continue
        sitting = (seat for seat in records.seats_at.get(key, ()) if seat.member.in_post)
        holder = min(sitting, key=_freshest, default=None)
        if holder is not None:
            yield _entry(records, channel, holder, masked)


def _freshest(seat: Seat) -> tuple[float, bool, str]:
    since = seat.member.confirmed_at
    return (-since.timestamp() if since else float("inf"), not seat.primary, seat.id)


def _entry(records: ContactRecords, channel: Record, seat: Seat | None, masked: bool) -> Entry:
    key = str(channel["id"])
    plain = records.plain[key]
    return Entry(
        channel=key,
        kind=str(channel["channel_kind"]),
        value=str(channel["value"]),
        plain=plain,
        personal=plain in records.own_values,
        visibility=str(channel.get("visibility")),
        hours=channel.get("hours"),
        confirmed_at=seat.member.confirmed_at if seat else channel.get("tested_at"),
        name=records.name_of(seat.person_id) if seat else None,
        role=seat.member.role if seat else records.role_of(channel),
        primary=bool(seat and seat.primary),
        masked=masked,
        whatsapp=channel.get("whatsapp"),
    )
