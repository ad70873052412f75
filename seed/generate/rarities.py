"""Cases that chance might miss, each put into the network once by hand, with the office where it sits."""

from typing import Any

from seed.generate.links import Links, Pair
from seed.generate.staff import Staff
from seed.generate.world import Office, Record, World, ago

FRESH = ago(12)
SHARED = "+27850111222"
OWN = "+27850333444"


class Rarities:
    """Each method is one case; its docstring says why the registry must cope with it."""

    def __init__(self, world: World, staff: Staff, links: Links) -> None:
        self._world = world
        self._staff = staff
        self._links = links

    def two_spellings(self) -> None:
        """One officer, typed in twice with two spellings and one mobile number: one contact, not two."""
        unit = self._office("dep-saps-fcs-dc34")
        first = self._known("per-mulalo-netshilindi-a", "Mulalo Netshilindi", unit, SHARED)
        second = self._known("per-mulalo-netshilindi-b", "Mulalo Netshilinḓhi", unit, SHARED)
        carriers = [
            self._hold(unit, first, "Unit focal point, trafficking", "focal_point"),
            self._hold(unit, second, "Investigating officer, trafficking", "investigating_officer"),
        ]
        self._link(unit, self._office("dep-dsd-district-dc34"), carriers, uses=["referral_sent", "joint_case"])

    def shared_mobile(self) -> None:
        """Two colleagues with one duty mobile between them: whoever loses it, both are lost."""
        unit = self._office("dep-dsd-district-cpt")
        number = "+27850555666"
        carriers = [
            self._hold(unit, self._known("per-sharon-jokazi", "Sharon Jokazi", unit, number), "Case worker", "deputy"),
            self._hold(unit, self._known("per-lwazi-adonis", "Lwazi Adonis", unit, number), "Case worker", "deputy"),
        ]
        self._link(unit, self._office("dep-saps-fcs-cpt"), carriers, uses=["referral_received", "joint_case"])

    def own_mobile_as_duty_line(self) -> None:
        """A duty line that is a nurse's own mobile: it goes home with her."""
        unit = self._office("dep-hospital-musina")
        nurse = self._known("per-vhonani-ravele", "Vhonani Ravele", unit, OWN)
        carrier = self._hold(unit, nurse, "Sister in charge, casualty", "health_focal")
        line = self._staff.channel(
            unit.reference, "duty_line", OWN, hours="24h", visibility="network", tested_at=ago(9)
        )
        far = self._office("dep-dsd-district-dc34")
        self._link(
            unit, far, [carrier], uses=["referral_sent", "info_sharing"], channels=[{"end": "a", "channel": line}]
        )

    def one_person_in_two_units(self) -> None:
        """One inspector who is the focal point of two offices: two posts, one contact."""
        port, office = self._office("dep-port-beitbridge-port-of-entry"), self._office("dep-dha-district-dc34")
        person = self._known("per-takalani-nekhavhambe", "Takalani Nekhavhambe", port, "+27850777888")
        self._hold(port, person, "Shift immigration officer", "immigration_officer")
        self._hold(office, person, "Acting immigration officer", "immigration_officer", acting=True)

    def primary_on_leave(self) -> None:
        """The primary is on leave; the deputy, who is there, is the one to call."""
        unit = self._office("dep-dsd-province-nw")
        away = self._known("per-kgomotso-seleka", "Kgomotso Seleka", unit, "+27850222111")
        self._world.records["persons"][away]["status"] = "on_leave"
        here = self._known("per-tshenolo-modise", "Tshenolo Modise", unit, "+27850222333")
        carriers = [
            self._hold(unit, away, "Provincial focal point, returns", "focal_point", primary=True),
            self._hold(unit, here, "Deputy, returns", "deputy"),
        ]
        self._link(
            self._office("dep-dsd-programme"), unit, carriers, end="b", uses=["referral_sent", "referral_received"]
        )

    def left_yesterday(self) -> None:
        """`ends` is the first day out: yesterday and today are out, tomorrow is still in."""
        for days, office, name in (
            (1, "dep-saps-fcs-dc35", "Sello Ledwaba"),
            (0, "dep-dsd-placement-dc35", "Mosima Rapetsoa"),
            (-1, "dep-dha-district-dc35", "Matlala Phasha"),
        ):
            unit = self._office(office)
            person = self._known(f"per-leaving-{abs(days)}-{office[4:]}", name, unit, f"+2785099900{days + 1}")
            carrier = self._hold(unit, person, "Outgoing focal point", "focal_point", ends=ago(days))
            far = self._office("dep-secretariat-lp")
            self._link(unit, far, [carrier], uses=["info_sharing", "referral_sent"])

    def paper_without_people(self) -> None:
        """A memorandum signed years ago, and nobody at either end: a dead link with a fine letterhead."""
        self._link(
            self._office("dep-sars-region-ec"),
            self._office("dep-del-province-ec"),
            [],
            uses=["mou_sop", "info_sharing"],
            memorandum={"signed": ago(1400), "expires": ago(-400)},
        )

    def all_through_one(self) -> None:
        """Five uses, one carrier: m = 5 with m_s = 0, the warning the report is made for."""
        unit = self._office("dep-npa-province-lp")
        person = self._known("per-phuti-mathabatha", "Phuti Mathabatha", unit, "+27850444555")
        uses = ["referral_sent", "referral_received", "info_sharing", "joint_case", "training"]
        carrier = self._hold(unit, person, "Advocate, trafficking cases", "prosecutor", primary=True)
        self._link(unit, self._office("dep-dsd-province-lp"), [carrier], uses=uses)

    def two_people_and_a_paper(self) -> None:
        """Two people and a signed procedure, no line: the paper lifts `person_only` to `backed`."""
        unit = self._office("dep-npa-province-wc")
        people = (("per-shireen-hanekom", "Shireen Hanekom"), ("per-andile-mjoli", "Andile Mjoli"))
        carriers = [
            self._hold(unit, self._known(key, name, unit, f"+2785066677{n}"), "State advocate", "prosecutor")
            for n, (key, name) in enumerate(people)
        ]
        paper = {"signed": ago(200), "expires": ago(-900)}
        self._link(
            unit, self._office("dep-saps-province-wc"), carriers, uses=["joint_case", "mou_sop"], memorandum=paper
        )

    def exactly_on_the_limit(self) -> None:
        """Confirmed 180 days ago is fresh, 181 is not; a line never tested counts for nothing."""
        for days, office, name in (
            (180, "dep-dha-district-jhb", "Kabelo Moloi"),
            (181, "dep-dha-district-tsh", "Dineo Tau"),
        ):
            unit = self._office(office)
            person = self._known(f"per-limit-{days}", name, unit, f"+2785012318{days - 180}")
            carrier = self._hold(
                unit, person, "Immigration officer, victims", "immigration_officer", verified_at=ago(days)
            )
            line = self._staff.channel(unit.reference, "duty_line", f"+2780500098{days - 180}", hours="24h")
            channels = [{"end": "a", "channel": line}]
            self._link(
                unit, self._office("dep-secretariat-gp"), [carrier], uses=["referral_received"], channels=channels
            )

    def closed_unit(self) -> None:
        """A desk that was closed while others still hold a link to it."""
        unit = self._office("dep-saps-station-zeerust")
        self._link(unit, self._office("dep-dsd-district-dc38"), unit.carriers[:1], uses=["referral_sent"])
        _close(self._world, unit)

    def closed_partners(self) -> None:
        """Two organisations that have shut their doors, with everything that was theirs."""
        for org_type in ("community_based", "ngo"):
            office = [office for office in self._world.offices.values() if office.code == org_type][-1]
            _close(self._world, office)

    def _office(self, key: str) -> Office:
        return self._world.offices[key]

    def _known(self, key: str, name: str, office: Office, phone: str) -> str:
        """Somebody with a name and a number of our choice."""
        key = self._world.free_key("persons", key)
        self._world.add("persons", key, full_name=name, languages=["eng"], verified_at=FRESH)
        owner: Record = {"type": "person", "id": key}
        self._staff.channel(owner, "person_phone", phone, visibility="restricted", verified_at=FRESH)
        return key

    def _hold(self, office: Office, person: str, title: str, role: str, **changes: Any) -> str:
        post = self._staff.post(office, title, role, "acting" if changes.get("acting") else "filled")
        fields = {"starts": ago(700), "verified_at": FRESH, **changes}
        return self._staff.hold(office, person, post, **fields)

    def _link(self, a: Office, b: Office, carriers: list[str], uses: list[str], **changes: Any) -> None:
        """A link carried at one end only by these focal points, each for all its uses."""
        end = changes.pop("end", "a")
        self._links.claim(a, b)
        self._world.add(
            "links",
            self._links.key(Pair(a, b, "")),
            a=a.reference,
            b=b.reference,
            link_types=uses,
            carriers=[{"end": end, "focal_point": key, "link_types": uses} for key in carriers] or None,
            facts=[{"on": ago(40), "frequency": "monthly", "support_level": "medium", "response": "acted"}],
            last_confirmed_at=ago(40),
            **changes,
        )


def add_rarities(world: World, staff: Staff, links: Links) -> None:
    cases = Rarities(world, staff, links)
    for case in (
        cases.two_spellings,
        cases.shared_mobile,
        cases.own_mobile_as_duty_line,
        cases.one_person_in_two_units,
        cases.primary_on_leave,
        cases.left_yesterday,
        cases.paper_without_people,
        cases.all_through_one,
        cases.two_people_and_a_paper,
        cases.exactly_on_the_limit,
        cases.closed_unit,
        cases.closed_partners,
    ):
        case()


def _close(world: World, office: Office) -> None:
    """Closes the office and all that hangs on it; people stay, for they may work elsewhere."""
    office.closed = True
    own = "department" if office.type == "department" else "organisation"
    world.records["departments" if own == "department" else "organisations"][office.key]["status"] = "closed"
    for record in [*world.records["posts"].values(), *world.records["services"].values()]:
        if record.get(own) == office.key:
            record["status"] = "closed"
    for record in world.records["service-sites"].values():
        if world.records["services"][record["service"]].get(own) == office.key:
            record["status"] = "closed"
    for record in world.records["channels"].values():
        if record["owner"] == office.reference:
            record["status"] = "closed"
    if own == "organisation":
        for record in world.records["sites"].values():
            if record["organisation"] == office.key:
                record["status"] = "closed"
