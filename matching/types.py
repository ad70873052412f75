"""What a match is asked and what it answers, as plain values.

Answers carry the field names of the JSON of `POST /api/v1/matches`; only `web/schemas` turns them into
the wire form. Ids are lower-case hyphenated UUID strings, timestamps aware UTC datetimes, distances
kilometres, degrees WGS84. Nothing here can hold a name, a number or free text about the person helped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Bucket = Literal["suitable", "confirm_by_phone", "excluded"]
Sort = Literal["score", "nearest"]
Verdict = Literal["pass", "fail", "unknown"]


class Repeated:
    """What is answered again and again as it stands. Whoever sends it may keep the form in which it is sent beside it,
    so that the form is made once and goes with it; it is no part of its value."""

    __slots__ = ("form",)
    form: Any


class Naming(Repeated):
    """The same, with the people that it names, kept likewise."""

    __slots__ = ("named",)
    named: tuple[str, ...]


# --- what is asked ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the party; the first of a party is the one helped. None is "not said".

    `age` in whole years wins over `age_band` (a code of vocabulary set `age_band`)."""

    age: int | None = None
    age_band: str | None = None
    age_disputed: bool = False
    gender: str | None = None
    trans: bool | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What the party requires. None is "not said" and is never read as yes or no."""

    pregnant: bool | None = None
    newborn: bool | None = None
    step_free: bool | None = None
    languages: tuple[str, ...] = ()
    language_required: bool | None = None
    substance: str | None = None
    mental_acuity: str | None = None
    medical_acuity: str | None = None
    time_critical: bool | None = None
    has_id: bool | None = None
    has_police_report: bool | None = None
    has_dsd_referral: bool | None = None
    undocumented: bool | None = None
    lgbtqi: bool | None = None
    legal_basis: str | None = None
    recognition: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class NearAsked:
    """Where from, as asked: exactly one of place (with or without province), place_id, district, point."""

    place: str | None = None
    province: str | None = None
    place_id: str | None = None
    district: str | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class AvoidAsked:
    """One thing to avoid, as asked; `radius_km` stands beside a place, place_id or point."""

    district: str | None = None
    place: str | None = None
    province: str | None = None
    place_id: str | None = None
    point: Point | None = None
    radius_km: float | None = None
    organisation_id: str | None = None
    department_id: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """The request as the schema loads it: places are still names."""

    near: NearAsked
    needs: tuple[str, ...]
    party: tuple[Member, ...] = ()
    profile: Profile = field(default_factory=Profile)
    avoid: tuple[AvoidAsked, ...] = ()
    when: datetime | None = None
    stay_days: int | None = None
    sort: Sort = "score"
    max_km: float | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Near:
    """Where from, resolved. `label`, `lat` and `lon` are answered; the rest decides competence."""

    label: str
    lat: float
    lon: float
    province: str | None
    district: str | None
    place_id: str | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """An avoided place or point with its radius in km."""

    lat: float
    lon: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Avoid:
    """Everything to avoid, resolved and without a single place name."""

    districts: frozenset[str] = frozenset()
    circles: tuple[Circle, ...] = ()
    organisations: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """The request with places resolved and the clock read: all that the pure core sees.

    `now` is `generated_at` cut to the minute: ages of facts are counted from it. `when` governs intake
    and accreditation. Both are aware."""

    near: Near
    needs: tuple[str, ...]
    now: datetime
    when: datetime
    party: tuple[Member, ...] = ()
    profile: Profile = field(default_factory=Profile)
    avoid: Avoid = field(default_factory=Avoid)
    stay_days: int | None = None
    sort: Sort = "score"
    max_km: float | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: their organisation or unit (for their own links) and the visibility classes of channels
    (`public`, `network`, `restricted`) that they may see."""

    organisation_id: str | None = None
    department_id: str | None = None
    visibility: frozenset[str] = frozenset({"public"})
    hidden: frozenset[str] = frozenset()


# --- contacts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """One number or address to call, in its order. `verified_at` is when it was last tested or confirmed; a hotline is
    no channel of the registry, and `whatsapp` None is not known."""

    order: int
    channel_kind: str
    value: str
    name: str | None
    role: str | None
    answers_now: bool | None
    verified_at: datetime | None
    channel_id: str | None = None
    whatsapp: bool | None = None


@dataclass(frozen=True, slots=True)
class Contacts(Naming):
    """Whom to call at a partner, and how much hangs on one person there.

    `grade` is dead, single_contact, single_channel, person_only or backed; `link_id` names the asker's
    own link when the grade is that of its far end."""

    grade: str
    redundancy: int
    link_id: str | None
    reason: str
    advice: str | None
    limited: bool
    call: tuple[Call, ...]


# --- one candidate in an answer ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServiceFacts(Repeated):
    id: str
    name: str
    codes: tuple[str, ...]
    delivery: str


@dataclass(frozen=True, slots=True)
class OrganisationFacts(Repeated):
    id: str
    name: str
    org_type: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class AreaFacts:
    id: str
    label: str
    district: str
    province: str


@dataclass(frozen=True, slots=True)
class SiteFacts(Repeated):
    """The published site: for a confidential one the point is that of its published area."""

    id: str
    confidential: bool
    area: AreaFacts | None
    point: Point | None


@dataclass(frozen=True, slots=True)
class OpenCapacity(Repeated):
    unit: str
    total: int | None
    available: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class BandCapacity(Repeated):
    """What a confidential site publishes: none, 1-2 or 3+."""

    unit: str
    band: str | None
    as_of: datetime | None


@dataclass(slots=True)
class Feature(Repeated):
    name: str
    value: float
    weight: float
    contribution: float
    reason: str


@dataclass(slots=True)
class Penalty:
    name: str
    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class Confirm(Repeated):
    """A question to ask on the phone that does not give the person away."""

    rule: str
    question: str


@dataclass(frozen=True, slots=True)
class Facts(Repeated):
    """What is published of a candidate whatever was asked. `confidential`: no distance in kilometres is shown."""

    service_site_id: str
    confidential: bool
    service: ServiceFacts
    organisation: OrganisationFacts
    department_id: str | None
    site: SiteFacts | None
    point: Point | None
    capacity: OpenCapacity | BandCapacity | None
    verified_at: datetime | None


@dataclass(slots=True)
class Ranked:
    """A candidate in its place in the order.

    `distance_km` (one decimal) is None for a confidential site and for a remote service, `distance_band`
    and `site` for a remote service only. `score` is unrounded here."""

    rank: int
    facts: Facts
    distance_km: float | None
    distance_band: str | None
    score: float
    features: tuple[Feature, ...]
    penalties: tuple[Penalty, ...]
    also_covers: tuple[str, ...]
    confirm: tuple[Confirm, ...]
    contacts: Contacts

    @property
    def service_site_id(self) -> str:
        """The candidate's id."""
        return self.facts.service_site_id

    @property
    def service(self) -> ServiceFacts:
        """What is offered."""
        return self.facts.service

    @property
    def organisation(self) -> OrganisationFacts:
        """By whom."""
        return self.facts.organisation

    @property
    def site(self) -> SiteFacts | None:
        """Where, None for what is given remotely."""
        return self.facts.site


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many candidates a rule excluded: they said no, or nobody ever asked them."""

    rule: str
    said: int
    unknown: int


@dataclass(slots=True)
class ExcludedNearest:
    """`rules` are the codes behind `reasons`, in the same order."""

    service_site_id: str
    organisation: str
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    waitlist: bool
    next_opening: datetime | None


@dataclass(frozen=True, slots=True)
class Excluded:
    total: int
    by_reason: tuple[ReasonCount, ...]
    nearest: tuple[ExcludedNearest, ...]


# --- guidance ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepContact:
    """Whom a first step or an alternative points to: a service at a site, a unit, or a hotline."""

    name: str
    service_site_id: str | None = None
    department_id: str | None = None
    distance_band: str | None = None
    contacts: Contacts | None = None


@dataclass(frozen=True, slots=True)
class FirstStep:
    code: str
    text: str
    contact: StepContact | None


@dataclass(frozen=True, slots=True)
class Who:
    department_id: str
    name: str
    contacts: Contacts


@dataclass(frozen=True, slots=True)
class Duty:
    code: str
    text: str
    source: str
    who: Who | None


@dataclass(frozen=True, slots=True)
class AlternativeGroup:
    """Which members of the party (positions in the request) would go to which candidate."""

    members: tuple[int, ...]
    candidate: Ranked


@dataclass(frozen=True, slots=True)
class Alternative:
    """One labelled way out when nothing residential is suitable.

    `code`: together_case_by_case, together_farther, separately, safe_tonight, duty_line, coordinator,
    hotline. `distance_between` is the band between the two published points when a party is separated."""

    code: str
    text: str
    groups: tuple[AlternativeGroup, ...] = ()
    distance_between: str | None = None
    contact: StepContact | None = None


# --- the answer ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class NeedResult:
    need: str
    read_as: str | None
    suitable: tuple[Ranked, ...]
    confirm_by_phone: tuple[Ranked, ...]
    alternatives: tuple[Alternative, ...]
    excluded: Excluded


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the ranking and how many candidates left it: the trace of a match, never its case."""

    name: str
    need: str
    count: int


@dataclass(frozen=True, slots=True)
class MatchResult:
    ruleset: str
    revision: int
    generated_at: datetime
    near: Near
    first: tuple[FirstStep, ...]
    duties: tuple[Duty, ...]
    by_need: tuple[NeedResult, ...]
    uncovered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageMember:
    """A candidate in a package, shown for the most urgent need that it covers there.

    `covers`: all needs that it covers, most urgent first; `to_confirm`: those of them that it may cover only, because
    nothing suitable covers them."""

    candidate: Ranked
    covers: tuple[str, ...]
    to_confirm: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """As few candidates as cover all needs. `score` is the unrounded sum of its members'."""

    members: tuple[PackageMember, ...]
    uncovered: tuple[str, ...]
    worst_distance_band: str | None
    score: float
    single_contact_needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackagesResult:
    ruleset: str
    revision: int
    generated_at: datetime
    near: Near
    first: tuple[FirstStep, ...]
    packages: tuple[Package, ...]
    uncovered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    rule: str
    outcome: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one candidate stands where it stands, or why it is missing.

    `need` is the most urgent need asked that it offers (None: it offers none of them), `bucket` None when
    it offers none or lies beyond `max_km`, `rank` its place in its bucket, None when excluded."""

    need: str | None
    bucket: Bucket | None
    rank: int | None
    rules: tuple[RuleOutcome, ...]
    features: tuple[Feature, ...]


# --- what the ranker asks of the contact book, and guidance of the ranker ------------------------------------


class ContactSource(Protocol):
    """How reachable partners are. `matching.contactbook.ContactBook` is the real one; tests use small ones."""

    def redundancy(self, service_site_id: str) -> int:
        """The partner's own number of distinct contacts."""

    def asker_redundancies(self, asker: Asker) -> Mapping[str, int]:
        """service_site_id -> redundancy of the far end of the asker's link, for linked partners only."""

    def contacts(self, service_site_id: str, asker: Asker, when: datetime) -> Contacts:
        """Whom to call at this candidate."""

    def unit_contacts(self, department_id: str, asker: Asker, when: datetime) -> Contacts:
        """Whom to call at this department unit."""

    def organisation_contacts(self, organisation_id: str, asker: Asker, when: datetime) -> Contacts:
        """Whom to call at an organisation."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """A candidate that was found, and not yet made into an answer: most of those looked at are not shown.

    `km` to its published `point`; infinite and null without one. `asks`: whether something must be confirmed."""

    service_site_id: str
    point: Point | None
    km: float
    score: float
    asks: bool
    show: Callable[[], Ranked]


class Search(Protocol):
    """What guidance may ask of the ranker: the same rules, score and order, for a changed case."""

    def sight(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Sighted, ...]:
        """The same candidates as `find`, in the same order, before they are shown."""

    def find(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Ranked, ...]:
        """The first candidates of a bucket for one need, in `case.sort` order. `excluded` finds nothing:
        an excluded candidate is never proposed."""

    def is_open(self, service_site_id: str, case: Case) -> bool:
        """Whether its intake is known to be open at `case.when`."""
