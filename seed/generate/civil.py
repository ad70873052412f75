"""Organisations outside government: who they are, where, in what standing, and how many of each kind."""

from dataclasses import dataclass

from seed.generate.draw import Draw
from seed.generate.geography import Place
from seed.generate.partner_names import PartnerNames
from seed.generate.where import important_towns
from seed.generate.world import Office, Record, World, ago, slug, verified

PROVINCES = ("ZA-EC", "ZA-FS", "ZA-GP", "ZA-KZN", "ZA-LP", "ZA-MP", "ZA-NC", "ZA-NW", "ZA-WC")
PLAN: dict[str, tuple[int, ...]] = {
    "shelter": (8, 5, 18, 12, 9, 6, 3, 5, 13),
    "child_youth_care_centre": (2, 2, 6, 4, 3, 2, 1, 2, 4),
    "ngo": (4, 3, 12, 7, 6, 4, 2, 3, 9),
    "faith_based": (2, 1, 4, 3, 3, 2, 1, 1, 3),
    "community_based": (2, 2, 4, 4, 4, 3, 2, 2, 3),
    "legal_clinic": (1, 1, 4, 2, 1, 1, 0, 1, 3),
    "health_facility": (1, 0, 3, 1, 1, 1, 0, 0, 2),
}
"""How many of each kind stand in each province (order of `PROVINCES`)."""

SHELTER_PROFILES = (
    "women_children", "women", "families", "women_children", "second_stage", "women_children", "men",
    "long_term", "women_children", "women", "families", "women_children", "open_to_all",
)  # fmt: skip
"""Shelters of a province take these profiles in turn; only provinces with seven shelters reach the men's one."""

DESCRIPTIONS: dict[str, tuple[str, ...]] = {
    "shelter": (
        "Safe accommodation with social work support.",
        "Small house run by a committee of volunteers and two social workers.",
        "Shelter with counselling, skills training and help with papers.",
    ),
    "child_youth_care_centre": (
        "Registered centre for children in need of care.",
        "Cottages with house parents and a school on the grounds.",
    ),
    "ngo": (
        "Walks with survivors from first contact to court and home.",
        "Prevention work in schools and taxi ranks, and help for those who come forward.",
        "Counselling and practical support for people on the move.",
    ),
    "faith_based": ("Meals, clothing and a listening ear.", "Volunteers who visit, drive and translate."),
    "community_based": ("Neighbours who notice, and know whom to call.", "Advice and home visits."),
    "legal_clinic": ("Free advice in labour, family and immigration law.",),
    "health_facility": ("Nurses, counsellors and a doctor on some days.",),
}
STANDING = {
    "valid": 0.56,
    "expired": 0.06,
    "no_expiry": 0.05,
    "lapsed": 0.11,
    "pending": 0.08,
    "none": 0.05,
    "unknown": 0.07,
    "withdrawn": 0.02,
}
CERTIFICATE_DAYS = 1460
"""Section 24 of Act 7 of 2013: accreditation lasts at most four years."""

PILLARS = {0: 6, 5: 6, 6: 13}
"""Shelters (by number) that are run as all should be, in provinces with at least so many: a hidden one, an open
one, and in the two largest networks the men's."""

DOMAIN = 36
"""Letters of a name that go into its e-mail domain (a label may have 63)."""

RESIDENTIAL = ("shelter", "child_youth_care_centre")


@dataclass
class Partner:
    office: Office
    org_type: str
    place: Place
    profile: str = ""
    pillar: bool = False

    @property
    def nick(self) -> str:
        return self.office.key.removeprefix("org-")


@dataclass(frozen=True)
class NewPartner:
    name: str
    org_type: str
    sector: str
    place: Place
    profile: str = ""
    masked: bool = False
    description: str | None = None
    parent: str | None = None
    pillar: bool = False


class Partners:
    """Adds the organisations; names and addresses of shelters never tell a town."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = Draw("partners")
        self._names = PartnerNames(world.geography.names)
        self._count = 0

    def add(self, new: NewPartner) -> Partner:
        self._count += 1
        key = f"org-{slug(new.name)}"
        domain = f"{slug(new.name)[:DOMAIN].strip('-')}.example"
        residential = new.org_type in RESIDENTIAL or bool(new.profile)
        nationwide = new.sector == "international" or new.org_type in ("helpline", "coordinating_body")
        self._world.add(
            "organisations",
            key,
            name=new.name,
            alternate_names=self._short_name(new.name),
            org_type=new.org_type,
            sector=new.sector,
            parent=new.parent,
            description=new.description or self._description(new.org_type),
            website=f"https://{domain}/" if self._draw.chance(0.3) else None,
            npo_number=f"{900 + self._count // 10}-{self._count * 37 % 1000:03d} NPO"
            if self._registered(new)
            else None,
            accreditation=self._standing(new.pillar) if residential else None,
            province=new.place.province,
            district=None if nationwide else new.place.district,
            funding=self._funding(),
            verified_at=verified(self._draw),
        )
        office = Office(
            type="organisation",
            key=key,
            organisation=key,
            name=new.name,
            code=new.org_type,
            domain=domain,
            sector=new.sector,
            province=new.place.province,
            district=new.place.district,
            place=new.place,
            masked=new.masked,
        )
        self._world.offices[key] = office
        return Partner(office, new.org_type, new.place, new.profile, new.pillar)

    def add_plan(self) -> list[Partner]:
        """Everything in `PLAN`; two shelters of five hide their place until a third of all shelters does."""
        partners = []
        for org_type, counts in PLAN.items():
            for province, count in zip(PROVINCES, counts, strict=True):
                towns = important_towns(self._world.geography, province)
                for number in range(count):
                    profile = SHELTER_PROFILES[number % len(SHELTER_PROFILES)] if org_type == "shelter" else ""
                    masked = org_type == "shelter" and number % 5 in (0, 3) and number != 5
                    place = self._town(towns, number)
                    name = self._names.next(org_type)
                    pillar = org_type == "shelter" and count >= PILLARS.get(number, count + 1)
                    new = NewPartner(name, org_type, "civil_society", place, profile, masked, pillar=pillar)
                    partners.append(self.add(new))
        return partners

    def _town(self, towns: list[Place], number: int) -> Place:
        """The largest towns first, then anywhere, the less important the less likely."""
        if number < 2 or self._draw.chance(0.3):
            return max(towns[: 3 + number], key=lambda town: (town.population * self._draw.real(0.3, 1), town.id))
        return self._draw.weighted({town: 1 / (rank + 3) for rank, town in enumerate(towns[:40])})

    def _registered(self, new: NewPartner) -> bool:
        return new.sector == "civil_society" and self._draw.chance(0.8)

    def _short_name(self, name: str) -> list[str] | None:
        words = name.split()
        if len(words) < 3 or not self._draw.chance(0.2):
            return None
        return ["".join(word[0] for word in words if word[0].isupper())]

    def _description(self, org_type: str) -> str | None:
        texts = DESCRIPTIONS.get(org_type)
        return self._draw.pick(texts) if texts and self._draw.chance(0.65) else None

    def _standing(self, pillar: bool) -> Record:
        """Accreditation as files show it: some certificates ran out and nobody changed the status."""
        kind = "valid" if pillar else self._draw.weighted(STANDING)
        number = f"FIC/{self._count:03d}/{self._draw.between(100, 999)}"
        age = self._draw.between(60, CERTIFICATE_DAYS - 90)
        if kind == "valid":
            return _certificate("valid", number, age, age - CERTIFICATE_DAYS)
        if kind == "no_expiry":
            return {"status": "valid", "number": number, "issued": ago(age)}
        if kind in ("expired", "lapsed"):
            status = "valid" if kind == "expired" else "lapsed"
            return _certificate(status, number, CERTIFICATE_DAYS + age, age)
        if kind == "withdrawn":
            return _certificate(kind, number, age, age - CERTIFICATE_DAYS)
        return {"status": kind}

    def _funding(self) -> list[Record] | None:
        if not self._draw.chance(0.22):
            return None
        source, kind = self._draw.pick(
            [
                ("Provincial department of social development", "subsidy"),
                ("Lottery grant", "grant"),
                ("Congregations and donors", "donation"),
                ("Foreign foundation", "grant"),
                ("Second-hand shop", "own_income"),
            ]
        )
        starts = self._draw.between(30, 1200)
        grant = {"source": source, "kind": kind, "starts": ago(starts)}
        return [grant if kind == "donation" else {**grant, "ends": ago(starts - self._draw.pick([365, 730, 1095]))}]


def _certificate(status: str, number: str, issued: int, expires: int) -> Record:
    return {"status": status, "number": number, "issued": ago(issued), "expires": ago(expires)}
