"""Networks, embassies, international bodies, helplines, universities and the press: few, and known to all."""

from seed.generate.civil import NewPartner, Partner, Partners
from seed.generate.kinds import LATE, OFFICE, ROUND_THE_CLOCK, Offer
from seed.generate.sites import NewSite, Sites
from seed.generate.support import Host, Support
from seed.generate.world import Record, World

NATIONWIDE: Record = {"scope": "national", "codes": []}

NETWORKS = (
    ("National Safe Passage Network", "ZA-GP", "Johannesburg"),
    ("Southern Shelters Alliance", "ZA-WC", "Cape Town"),
    ("Migrant Women's Forum of the South", "ZA-KZN", "Durban"),
)
PROVINCIAL_NETWORK = "{province} Counter-Trafficking Forum"

EMBASSIES = (
    ("Embassy of Ethiopia, consular section", "amh"),
    ("High Commission of Bangladesh, consular section", "ben"),
    ("High Commission of Mozambique, consular section", "por"),
    ("Embassy of Zimbabwe, consular section", "sna"),
    ("Royal Thai Embassy, consular section", "tha"),
    ("High Commission of Lesotho, consular section", "sot"),
    ("High Commission of Malawi, consular section", "nya"),
    ("Embassy of the Democratic Republic of the Congo, consular section", "fra"),
)
INTERNATIONAL = (
    ("International Bureau for Safe Movement", ("safe_return", "reintegration", "family_tracing")),
    ("Regional Office for Refugee Advice", ("legal_advice", "immigration_status")),
    ("Bureau for Travelling Children", ("family_tracing", "child_programme")),
    ("World Federation of Seafarers' Welfare", ("labour_claim", "safe_return")),
)
HELPLINES = (
    ("Lantern Line", ("hotline", "counselling"), ROUND_THE_CLOCK),
    ("Dusk Youth Line", ("hotline", "counselling"), LATE),
    ("Farmworkers' Night Line", ("hotline", "labour_claim"), LATE),
    ("Deaf Relay Line", ("hotline", "sign_interpreting"), OFFICE),
    ("Survivors' Call-Back Line", ("counselling", "follow_up"), LATE),
)
ACADEMIC = (
    ("Centre for the Study of Forced Labour, Karee University", "ZA-GP", "Pretoria"),
    ("Migration Desk, Umsinsi University", "ZA-KZN", "Durban"),
    ("Child Law Observatory, Fynbos University", "ZA-WC", "Cape Town"),
)
MEDIA = (("The Sunday Plough, investigations", "ZA-GP", "Johannesburg"), ("Radio Umsamo", "ZA-EC", "Mthatha"))
SHELTERED_BY_OTHERS = 8
"""So many other organisations also run a small shelter."""


def add_networks(world: World, partners: Partners) -> list[Partner]:
    """National networks, and a forum in each province that belongs to the first of them."""
    found = []
    for name, province, town in NETWORKS:
        place = world.geography.town(province, town)
        found.append(partners.add(NewPartner(name, "coordinating_body", "civil_society", place)))
    parent = found[0].office.key
    for code, province_name in world.geography.provinces.items():
        place = world.geography.towns(code)[0]
        name = PROVINCIAL_NETWORK.format(province=province_name)
        found.append(partners.add(NewPartner(name, "coordinating_body", "civil_society", place, parent=parent)))
    return found


def add_abroad(world: World, partners: Partners, sites: Sites, support: Support) -> list[Partner]:
    """Embassies and international bodies, all with an office in the capital and help by telephone."""
    pretoria = world.geography.town("ZA-GP", "Pretoria")
    found = []
    for name, _language in EMBASSIES:
        partner = partners.add(NewPartner(name, "embassy", "international", pretoria))
        offer = Offer("Travel documents for nationals", ("documentation", "safe_return"), OFFICE)
        support.add_offer(_host(partner, sites), offer, NATIONWIDE)
        found.append(partner)
    for name, codes in INTERNATIONAL:
        partner = partners.add(NewPartner(name, "international_organisation", "international", pretoria))
        host = _host(partner, sites)
        support.add_offer(host, Offer("Assistance desk", codes, OFFICE, "remote"), NATIONWIDE)
        support.add_offer(host, Offer("Case officers", codes[:1], OFFICE, "mobile"), NATIONWIDE)
        found.append(partner)
    return found


def add_lines(world: World, partners: Partners, sites: Sites, support: Support) -> list[Partner]:
    found = []
    for number, (name, codes, hours) in enumerate(HELPLINES):
        province, town = (("ZA-GP", "Johannesburg"), ("ZA-WC", "Cape Town"), ("ZA-KZN", "Durban"))[number % 3]
        place = world.geography.town(province, town)
        partner = partners.add(NewPartner(name, "helpline", "civil_society", place))
        support.add_offer(_host(partner, sites), Offer("Telephone line", codes, hours, "remote"), NATIONWIDE)
        found.append(partner)
    return found


def add_observers(world: World, partners: Partners) -> list[Partner]:
    """Universities and newspapers: partners in training and awareness; they take no referrals."""
    kinds = [("academic", row) for row in ACADEMIC] + [("media", row) for row in MEDIA]
    found = []
    for org_type, (name, province, town) in kinds:
        sector = "private" if org_type == "media" else "civil_society"
        found.append(partners.add(NewPartner(name, org_type, sector, world.geography.town(province, town))))
    return found


def _host(partner: Partner, sites: Sites) -> Host:
    site = sites.add(NewSite(f"site-{partner.nick}", partner.office.key, partner.place, "Office"))
    return Host(partner.office, partner.nick, site, partner.place)


def small_shelters(partners: list[Partner]) -> list[Partner]:
    """Some missions and agencies keep a few rooms: they become partners with a profile of their own."""
    chosen = [partner for partner in partners if partner.org_type in ("faith_based", "ngo")]
    step = len(chosen) // SHELTERED_BY_OTHERS
    for number, partner in enumerate(chosen[::step]):
        partner.profile = ("women_children", "women", "second_stage", "families")[number % 4]
    return [partner for partner in chosen if partner.profile]
