"""The terms of the network report, each in a sentence with its formula."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the report in one sentence, with its formula."""

    term: str
    text: str


DEFINITIONS = (
    Definition(
        "redundancy",
        "r = |C| + |I|: distinct people in post confirmed within 180 days, and office lines tested within 180 days.",
    ),
    Definition(
        "grade",
        "dead r = 0; single_contact one person and no line; single_channel one line and nobody; person_only several "
        "people and no line; backed r of two or more with a line, or person_only with a memorandum. A link has the "
        "grade of its worse end.",
    ),
    Definition(
        "B",
        "Backed required cells / required cells. A cell is a function that a department owes a province: gap when "
        "nobody answers, single when one person or line does, backed from two.",
    ),
    Definition("L", "The required cells in which nobody answers once a person has left."),
    Definition("D", "The links with an end at which nobody answers once a person has left."),
    Definition(
        "F",
        "1 - sum s(s - 1) / (n(n - 1)) over the connected parts of s nodes each: the share of pairs of partners and "
        "people that have no way to each other. delta F is what it rises by when a person leaves.",
    ),
    Definition(
        "m",
        "How many uses (link types) a link has; m_s how many survive whoever's leaving is worst. m of three or more "
        "with m_s = 0 looks strong and hangs on one person.",
    ),
    Definition("n_eff", "1 / sum s_p^2, s_p the share of a link's uses that a person carries."),
    Definition("band", "fresh up to 90 days since the link was confirmed, ageing up to 180, then stale."),
    Definition("articulation_points", "Partners and people without whom a part of the network falls apart."),
    Definition("bridges", "Ties without which a part of the network falls apart."),
    Definition("two_paths", "The share of pairs with two ways to each other that share nobody in between."),
)
