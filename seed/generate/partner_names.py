"""Names of organisations of civil society: invented, unlike each other, and free of town names.

Two rare words are put together so that no organisation known to us bears the name. A name in which any
name of the gazetteer can be read (even inside a word) is thrown away: in a shelter's name it would be an
address.
"""

from seed.generate.draw import Draw
from seed.generate.world import slug

FIRST = (
    "Amber,Copper,Quiet,Indigo,Saffron,Slate,Ochre,Russet,Aloe,Marula,Baobab,Protea,Acacia,Mopane,Buchu,"
    "Rooibos,Wild Fig,Yellowwood,Spekboom,Keurboom,Milkwood,Waterberry,Silver,Nine,Seventh,Early,Second,"
    "Open,Wide,Steady,Gentle,Bright,Paper,Clay,Linen,Barley,Sorghum,Honey,Salt,Morning,Evening,Harvest,"
    "Lowveld,Highveld,Tall Grass,Still Water,Red Earth,Blue Crane,Long Table,Warm Stone,New Thread"
)
SECOND = (
    "Lantern,Kiln,Loom,Thimble,Anchor,Ferry,Doorway,Hearth,Compass,Kettle,Orchard,Weaver,Sparrow,Hoopoe,"
    "Sunbird,Lapwing,Kestrel,Bulbul,Wagtail,Swift,Sandal,Basket,Window,Ladder,Footbridge,Threshold,Calabash,"
    "Courtyard,Umbrella,Candle,Garden,Nest,Harbourlight,Blanket,Needle,Mirror,Wheel,Plough,Tapestry,Key"
)
OWN_TONGUE = (
    "Lehae la Kgotso Entsha,Ikhaya Lenkanyezi,Ntlo ya Bosigo,Indlu Yoxolo,Huis Reënboogdraad,Tuiste Sterrelig,"
    "Nḓila Ntswa,Kaya ra Nyeleti,Legae la Naledi ya Phirima,Umthunzi Ozolile,Huis Kokerlig,Vhulamukoni ha Matsheloni,"
    "Lesedi la Phirimana,Isango Elivulekile,Tuiste Granaatbos,Mmino wa Rona Home,Ndzhaka ya Vumundzuku,"
    "Lebone la Tsela,Indlela Entle Yekhaya,Huis Vuurvlieg,Kgorogo ya Tsholofelo,Umnyango Ovulekile,"
    "Botshabelo bja Mahlasedi,Ekuseni Kwethu,Tuiste Windroos,Setshego sa Kagiso,Vutshila bya Ximun'wana,"
    "Mutsho wa Matsheloni,Sentebale sa Letsatsi,Inkanyezi Yokusa,Huis Maanlelie,Nyendo wa Ntshuxeko"
)
FAITH = (
    "Lamp on the Sill Ministries,Upper Room Mercy Desk,Diocesan Desk for Strangers,Women of the Well Fellowship,"
    "Crescent Open Hand Relief,Sisters of the Quiet Road,Bread and Blanket Fellowship,Al-Nur Women's Aid Circle,"
    "Good Neighbour Methodist Mission,Olive Branch Outreach,Shepherd's Stile Relief,United Congregations Care,"
    "Tamil Seva Women's Wing,Zion Road Mothers' Union,Candle in the Porch Church Aid,Rest on the Way Ministries,"
    "Company of the Second Mile,House of Loaves Charity,Lutheran Kitchen of Welcome,Jasmine Gate Temple Aid"
)

ENDINGS: dict[str, tuple[str, ...]] = {
    "shelter": ("House", "Home", "Place", "Residence", "Women's Home", "Safe House Trust", "Family Home", ""),
    "child_youth_care_centre": ("Children's Home", "Children's Village", "Youth Home", "Child Care Centre"),
    "ngo": ("Trust", "Foundation", "Development Agency", "Project", "Network", "Centre for Women", "Initiative"),
    "community_based": ("Community Forum", "Neighbours' Association", "Advice Office", "Home-Based Care", "Youth Club"),
    "legal_clinic": ("Law Clinic", "Justice Centre", "Rights Advice Centre"),
    "health_facility": ("Clinic", "Recovery Centre", "Health Centre"),
}


class PartnerNames:
    """Gives each name once, and no first or second word more than a few times in a row."""

    def __init__(self, gazetteer: frozenset[str]) -> None:
        self._draw = Draw("partner names")
        self._gazetteer = {slug(name) for name in gazetteer}
        self._pairs = [f"{first} {second}" for first in FIRST.split(",") for second in SECOND.split(",")]
        self._pairs = self._draw.some([pair for pair in self._pairs if self.free_of_places(pair)], len(self._pairs))
        self._own = self._free(OWN_TONGUE)
        self._faith = self._free(FAITH)
        self._recent: list[str] = []

    def free_of_places(self, text: str) -> bool:
        plain = slug(text)
        return not any(name in plain for name in self._gazetteer)

    def _free(self, names: str) -> list[str]:
        return [name for name in names.split(",") if self.free_of_places(name)]

    def next(self, kind: str) -> str:
        if kind == "faith_based" and self._faith:
            return self._faith.pop()
        if kind in ("shelter", "child_youth_care_centre", "ngo") and self._own and self._draw.chance(0.24):
            return self._own.pop()
        ending = self._draw.pick(ENDINGS.get(kind, ENDINGS["ngo"]))
        return f"{self._pair()} {ending}".strip()

    def _pair(self) -> str:
        """The next pair that shares no word with the last eighteen names (so lists do not look made by a machine)."""
        for index, pair in enumerate(self._pairs):
            words = set(pair.split())
            if not any(words & set(old.split()) for old in self._recent[-18:]):
                self._recent.append(self._pairs.pop(index))
                return pair
        return self._pairs.pop()
