"""Names of people who do not exist.

Common given names are put before common surnames of the same language at random; surnames that make a
reader think of one public figure are left out. A common name always belongs to somebody: it is not meant.
"""

from seed.generate.draw import Draw

NAMES: dict[str, tuple[str, str]] = {
    "zul": (
        "Nomvula Sipho Thandeka Bongani Zanele Mandla Nokuthula Sibusiso Ntombi Themba Lindiwe Mduduzi Hlengiwe "
        "Sanele Phumzile Nkosinathi Khanyisile Lungelo Busisiwe Mxolisi",
        "Dlamini Khumalo Ndlovu Mthembu Cele Ngubane Mkhize Zondo Gumede Shezi Majola Ntuli Mthethwa Sithole "
        "Hlongwane Mhlongo Ngcobo Zungu",
    ),
    "xho": (
        "Nosipho Luyanda Ayanda Siphokazi Vuyo Nomonde Lwazi Zukiswa Mzwandile Babalwa Thembelani Ntombizanele "
        "Lonwabo Pumla Andile Khanyisa Xolani Nontsikelelo",
        "Mbewu Gqirana Ntshona Mfenyana Sigcau Qwabe Mjoli Ngxabani Dyani Tyali Mpahla Nqeketo Sobekwa Mabandla "
        "Jokazi Ntlabati",
    ),
    "sot": (
        "Lerato Thabo Palesa Tumelo Mpho Dineo Teboho Refiloe Katleho Puleng Tshepo Limpho Retselisitsoe Nthabiseng",
        "Mokoena Mofokeng Tsotetsi Motaung Radebe Moloi Sekonyela Lebona Khoabane Mohapi Phakoe Tau Maphalla Nhlapo",
    ),
    "tsn": (
        "Boitumelo Kagiso Keabetswe Kabelo Gontse Olebogeng Tebogo Onthatile Kgomotso Lesego Itumeleng Tshenolo",
        "Moeng Seleka Mothibedi Segale Kgosiemang Phiri Mogorosi Molale Gaobepe Tlhapi Diale Modise Motlhabane",
    ),
    "nso": (
        "Mahlatse Lesiba Mmapula Kgabo Ramadimetja Phuti Matlala Tlou Moloko Mokgadi Lekgema Mosima Sello Refilwe",
        "Mashabela Ledwaba Mohlala Sebola Maponya Kekana Makgatho Phasha Seopa Rapetsoa Letsoalo Mathabatha Choshi",
    ),
    "ven": (
        "Rofhiwa Mulalo Azwinndini Takalani Ndivhuwo Fhatuwani Thilivhali Mashudu Lufuno Tendani Vhonani Khathutshelo",
        "Mudau Nemakonde Ramavhoya Netshilindi Mulaudzi Tshikovhi Ravele Nekhavhambe Maḓadzhe Ḽigege Makhado",
    ),
    "tso": (
        "Tintswalo Vutomi Nkateko Hlulani Ntsako Rhulani Tsakani Xitsundzuxo Amukelani Wisani Nyiko Khensani",
        "Baloyi Chauke Maluleke Mabasa Shirinda Hlungwani Mkhabela Nkuna Ngobeni Rikhotso Makhubele Manganyi",
    ),
    "ssw": (
        "Sibongile Vusi Nonhlanhla Sicelo Temalangeni Mfanzile Gcinile Bhekithemba Lomasontfo Sifiso",
        "Nkambule Shongwe Mavuso Fakudze Maseko Simelane Magagula Lukhele Mnisi Matsebula",
    ),
    "nbl": (
        "Nomasonto Jabulani Sindisiwe Mbongeni Thokozile Sabelo Nonhle Zwelithini",
        "Mahlangu Skosana Mtsweni Masilela Mnguni Jiyane Kabini Sibanyoni Ntuli Aphane",
    ),
    "afr": (
        "Annelie Hendrik Marietjie Pieter Elsabé Gerhard Lizelle Willem Ronél Kobus Chantelle André Esmé Ruan "
        "Shireen Riaan Charmaine Jerome Fatiema Denzil",
        "Botes Venter Jacobs Petersen Adonis Swarts Cloete Erasmus Fortuin Booysen Lötter Maritz Isaacs Davids "
        "Hanekom Vermeulen Witbooi Esau Rademeyer Lefleur",
    ),
    "eng": (
        "Priya Yusuf Megan Kavitha Craig Shanthi Bronwyn Imraan Ashleigh Devan Nadia Warren Farhana Gareth Leela "
        "Ruth Anjali Duncan Sumaya Keith",
        "Naidoo Pillay Govender Moodley Harris Carrim Hendricks Whitfield Singh Ebrahim Chetty Fisher Reddy Bhana "
        "Coleridge Sewpersad Larkin Maharaj Ismail Thornley",
    ),
    "sna": (
        "Tendai Rutendo Farai Chipo Tafadzwa Rumbidzai Tatenda Nyasha",
        "Moyo Chirwa Mutasa Gumbo Chikowore Madziva Zvobgo Marufu",
    ),
    "fra": (
        "Espérance Jean-Claude Béatrice Dieudonné Clémence Trésor",
        "Mukendi Kabongo Ilunga Tshimanga Mbuyi Kasongo",
    ),
    "amh": ("Selamawit Dawit Hiwot Bereket Tigist Yonas", "Bekele Tadesse Alemu Gebre Wolde Haile"),
    "por": ("Celeste Armando Inês Joaquim Lurdes Nélson", "Machava Sitoe Cossa Macuácua Langa Muianga"),
}

SPOKEN: dict[str, dict[str, float]] = {
    "ZA-EC": {"xho": 8, "afr": 2, "eng": 2, "sot": 0.6},
    "ZA-FS": {"sot": 7, "afr": 2, "eng": 1, "tsn": 1, "zul": 0.6},
    "ZA-GP": {"zul": 4, "sot": 2, "nso": 2, "tsn": 1.5, "eng": 2.5, "afr": 2, "tso": 1, "ven": 0.6, "sna": 0.5,
              "fra": 0.3, "amh": 0.3, "por": 0.3},
    "ZA-KZN": {"zul": 8, "eng": 3, "xho": 0.6},
    "ZA-LP": {"nso": 5, "ven": 2.5, "tso": 2.5, "afr": 0.7, "eng": 0.5, "sna": 0.6},
    "ZA-MP": {"ssw": 3, "zul": 2, "nbl": 1.5, "tso": 1.5, "nso": 1, "afr": 1, "por": 0.4},
    "ZA-NC": {"afr": 6, "tsn": 3, "xho": 0.7, "eng": 0.5},
    "ZA-NW": {"tsn": 7, "afr": 1.5, "sot": 0.7, "eng": 0.5},
    "ZA-WC": {"afr": 5, "xho": 3, "eng": 3, "fra": 0.2, "sna": 0.3},
}  # fmt: skip
"""How often each language is the first one of a colleague there (weights of ours, after the census' order)."""


def tongue(draw: Draw, province: str | None) -> str:
    return draw.weighted(SPOKEN[province or "ZA-GP"])


def full_name(draw: Draw, language: str) -> str:
    given, surnames = NAMES[language]
    return f"{draw.pick(given.split())} {draw.pick(surnames.split())}"


def spoken_by(draw: Draw, language: str, province: str | None) -> list[str]:
    """English, the first language, and often a neighbour's; the order is that of the code, so it says nothing."""
    known = {"eng", language}
    if draw.chance(0.45):
        known.add(tongue(draw, province))
    return sorted(known)
