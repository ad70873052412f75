"""Ruleset 2026.1. Every number is named here, with its argument; a coordinator can argue with each.

Weights sum to 1. They put what the person needs (fit, language, stay) before what makes the call succeed
(fresh room, contacts), and nearness between: a caseworker drives one night, the person stays for weeks."""

from operator import attrgetter

from matching.asked import Numbers
from matching.features import measures, reasons
from matching.rules.table import RULES
from matching.rulesets.ruleset import Ruleset, WeightedFeature

FEATURES = (
    WeightedFeature(
        "service_fit",
        measures.service_fit,
        reasons.service_fit,
        0.30,
        "One partner who covers several needs spares journeys, retelling and a second organisation that knows.",
    ),
    WeightedFeature(
        "proximity",
        measures.proximity,
        reasons.proximity,
        0.20,
        "Near enough to drive tonight; beyond a day's drive the difference matters less, but never vanishes.",
        of_case=True,
    ),
    WeightedFeature(
        "capacity_freshness",
        measures.capacity_freshness,
        reasons.capacity_freshness,
        0.15,
        "A count of this evening is the best sign that the call will find a bed.",
        reads=attrgetter("now_us"),
    ),
    WeightedFeature(
        "language",
        measures.language,
        reasons.language,
        0.15,
        "Somebody to talk to decides whether a person stays; an interpreter helps, but not at night in a dormitory.",
        reads=attrgetter("profile.languages"),
    ),
    WeightedFeature(
        "stay",
        measures.stay,
        reasons.stay,
        0.10,
        "A stay that lasts spares a second move; a shorter one still gives time.",
        reads=attrgetter("stay_days"),
    ),
    WeightedFeature(
        "contact_robustness",
        measures.contact_robustness,
        reasons.contact_robustness,
        0.10,
        "All ten organisations of the national study depended on one committed person; two answer where one has left.",
    ),
)

NUMBERS = Numbers(
    fresh_days=180,
    capacity_hours=24.0,
    half_life_hours=24.0,
    distance_scale_km=100.0,
    proximity_remote=0.5,
    capacity_not_applicable=0.5,
    language_interpreter=0.6,
    language_unknown=0.3,
    stay_unknown=0.5,
    robust_contacts=2,
    same_place_km=25.0,
    scarcity_only=0.10,
    scarcity_one_of_two=0.05,
)

ARGUMENTS = {
    "fresh_days": "Days: people in these posts move about yearly; half of that, and the 180th day still counts.",
    "capacity_hours": "Hours: a shelter counts once a day; what is older is asked, even a zero.",
    "half_life_hours": "Hours: one missed daily count halves the worth of the figure.",
    "distance_scale_km": "Kilometres: about an hour's drive is worth half of being there.",
    "proximity_remote": "Neither near nor far: a remote service must not beat the house next door.",
    "capacity_not_applicable": "The same for all, so that it moves nothing within a need.",
    "language_interpreter": "Better than unknown, worse than a shared language.",
    "language_unknown": "Half an interpreter: somebody may speak it, and nobody asked.",
    "stay_unknown": "Unknown is neither yes nor no.",
    "robust_contacts": "Contacts: with two, one may leave.",
    "same_place_km": "Kilometres: one town or metro, a journey that a person can make for a second service.",
    "scarcity_only": "A nearer or fresher alternative must be able to win, and a better fit must not.",
    "scarcity_one_of_two": "Half of that when there is another one.",
}

RULESET = Ruleset("2026.1", RULES, FEATURES, NUMBERS, ARGUMENTS)
