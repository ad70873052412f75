"""How many distinct contacts stand behind a candidate, and the grade that makes."""

from typing import Any

from tests.matching.oracle import clock
from tests.matching.oracle.case import local_day
from tests.matching.oracle.registry import Candidate, Record, Registry, is_active

PERSONAL = ("person_phone", "person_email")
Asker = dict[str, Any]
"""`organisation` and `department`: keys of what the asker belongs to."""


def value_of(channel: Record) -> str:
    """A number or address without white space and case."""
    return "".join(str(channel["value"]).split()).casefold()


def is_personal(channel: Record) -> bool:
    """Somebody's own number or address: by its kind, or because a person owns it."""
    return channel["channel_kind"] in PERSONAL or channel["owner"]["type"] == "person"


def personal_channels(registry: Registry) -> list[Record]:
    """Numbers and addresses that are somebody's own."""
    return [c for c in registry.all("channels") if is_personal(c) and is_active(c)]


def is_open(registry: Registry, record: Record) -> bool:
    """Active, as are the unit and the organisation it belongs to: in a closed unit nobody answers."""
    above = [registry.get("departments", record.get("department"))]
    above += [registry.get("organisations", r.get("organisation")) for r in (record, *above) if r is not None]
    return all(is_active(r) for r in (record, *above) if r is not None)


def answers(registry: Registry, channel: Record) -> bool:
    """Neither the channel nor the post, unit, organisation or service-site that owns it is closed."""
    owner = registry.rows[f"{channel['owner']['type']}s"][channel["owner"]["id"]]
    if channel["owner"]["type"] == "service_site":
        service = registry.rows["services"][owner["service"]]
        return is_active(channel) and is_active(owner) and is_open(registry, {**service, "status": "active"})
    return is_active(channel) and is_open(registry, owner)


def in_post(registry: Registry, focal_point: Record) -> bool:
    """The person is active and holds the post today, which exists and is not vacant."""
    post = registry.rows["posts"][focal_point["post"]]
    person = registry.rows["persons"][focal_point["person"]]
    today = local_day(registry.now)
    starts, ends = (clock.day(focal_point.get(name), registry.now) for name in ("starts", "ends"))
    return (
        all(is_active(r) for r in (focal_point, person))
        and is_open(registry, post)
        and post.get("state") != "vacant"
        and (starts is None or starts <= today)
        and (ends is None or today < ends)
    )


def reached_at(registry: Registry, person: str) -> set[str]:
    """Own numbers and addresses of a person, and personal ones of posts now held."""
    held = {f["post"] for f in registry.all("focal_points") if f["person"] == person and in_post(registry, f)}
    return {
        value_of(c)
        for c in personal_channels(registry)
        if (c["owner"]["type"] == "person" and c["owner"]["id"] == person)
        or (c["owner"]["type"] == "post" and c["owner"]["id"] in held)
    }


def distinct_people(registry: Registry, focal_points: list[Record]) -> int:
    """People in post, freshly confirmed; those who share a number, directly or by a chain, are one."""
    people = {
        f["person"]
        for f in focal_points
        if in_post(registry, f) and clock.is_fresh(clock.instant(f.get("verified_at"), registry.now), registry.now)
    }
    clusters: list[set[str]] = []
    for person in people:
        reach = {f"person {person}"} | reached_at(registry, person)
        touching = [c for c in clusters if c & reach]
        clusters = [c for c in clusters if not c & reach] + [reach.union(*touching)]
    return len(clusters)


def institutional(registry: Registry, channels: list[Record]) -> int:
    """Institutional numbers and addresses tested within 180 days that are nobody's own."""
    own = {value_of(c) for c in personal_channels(registry)}
    values = {
        value_of(c)
        for c in channels
        if not is_personal(c)
        and answers(registry, c)
        and clock.is_fresh(clock.instant(c.get("tested_at"), registry.now), registry.now)
    }
    return len(values - own)


def grade(people: int, lines: int, memorandum: bool = False) -> str:
    """The grade of one end, from worst to best."""
    if people + lines == 0:
        return "dead"
    if lines == 0 and people == 1:
        return "single_contact"
    if people == 0 and lines == 1:
        return "single_channel"
    return "person_only" if lines == 0 and not memorandum else "backed"


def in_force(registry: Registry, memorandum: Record | None) -> bool:
    """Signed, and not expired; the day of expiry still counts."""
    today = local_day(registry.now)
    signed = clock.day((memorandum or {}).get("signed"), registry.now)
    expires = clock.day((memorandum or {}).get("expires"), registry.now)
    return signed is not None and signed <= today and (expires is None or today <= expires)


def own_end(registry: Registry, candidate: Candidate) -> tuple[int, int]:
    """People and lines of the service's unit, else of the organisation's posts outside units."""
    unit = candidate.service.get("department")
    organisation = candidate.service["organisation"]
    posts = {
        p["key"]
        for p in registry.all("posts")
        if is_active(p)
        and (p.get("department") == unit if unit else p["organisation"] == organisation and not p.get("department"))
    }
    owners = {("post", key) for key in posts} | {("service_site", candidate.key)}
    owners.add(("department", unit) if unit else ("organisation", organisation))
    return (
        distinct_people(registry, [f for f in registry.all("focal_points") if f["post"] in posts]),
        institutional(
            registry, [c for c in registry.all("channels") if (c["owner"]["type"], c["owner"]["id"]) in owners]
        ),
    )


def far_ends(registry: Registry, candidate: Candidate, asker: Asker) -> list[tuple[int, int, Record, str]]:
    """The asker's links to this candidate: how near its far and its near end stand, the link, and its far end.

    0 is the unit, 1 the organisation, on either side.
    """
    mine = {("organisation", asker.get("organisation")): 1}
    unit = registry.get("departments", asker.get("department"))
    if unit is not None:
        mine |= {("organisation", unit["organisation"]): 1, ("department", unit["key"]): 0}
    theirs = {("organisation", candidate.service["organisation"]): 1}
    if candidate.department is not None:
        theirs[("department", candidate.department["key"])] = 0
    found = []
    for link in registry.all("links"):
        ends = {name: (link[name]["type"], link[name]["id"]) for name in ("a", "b")}
        for near, far in (("a", "b"), ("b", "a")):
            if is_active(link) and ends[near] in mine and ends[far] in theirs and ends[near] != ends[far]:
                found.append((theirs[ends[far]], mine[ends[near]], link, far))
    return found


def link_end(registry: Registry, link: Record, end: str) -> tuple[int, int]:
    """People and lines at one end of a link: only its carriers and its listed channels."""
    carriers = [registry.rows["focal_points"][c["focal_point"]] for c in link.get("carriers") or [] if c["end"] == end]
    listed = [registry.rows["channels"][c["channel"]] for c in link.get("channels") or [] if c["end"] == end]
    return distinct_people(registry, carriers), institutional(registry, listed)


def standing(registry: Registry, candidate: Candidate, asker: Asker | None) -> tuple[str, int, str | None]:
    """Grade, redundancy and link key: of the asker's link where there is one, else of the partner itself."""
    choices = []
    for theirs, mine, link, end in far_ends(registry, candidate, asker or {}):
        people, lines = link_end(registry, link, end)
        given = grade(people, lines, in_force(registry, link.get("memorandum")))
        identifier = registry.ids["links"][link["key"]]
        choices.append((theirs, mine, -(people + lines), identifier, given, people + lines, link["key"]))
    if choices:
        _, _, _, _, given, redundancy, key = min(choices)
        return given, redundancy, key
    people, lines = own_end(registry, candidate)
    return grade(people, lines), people + lines, None
