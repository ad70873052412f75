"""Courses that colleagues sat in together: those who did are each other's likeliest second contacts."""

from seed.generate.draw import Draw
from seed.generate.people_names import SPOKEN
from seed.generate.world import Office, Record, World, ago, slug, verified

COURSES: tuple[tuple[str, str | None, bool], ...] = (
    ("Recognising trafficking at first contact", "UNIT-990101", True),
    ("Act 7 of 2013 for front-line officers", "UNIT-990102", True),
    ("Interviewing a frightened witness", None, False),
    ("Care of children who were exploited", "UNIT-990204", True),
    ("Working with interpreters", None, False),
    ("Referral and safety planning", "UNIT-990107", True),
    ("Labour exploitation on farms and vessels", None, False),
    ("Debt bondage and money flows", None, False),
    ("Trauma-informed intake for shelters", "UNIT-990311", True),
)
PROVIDERS = (
    "National Safe Passage Network",
    "Justice College (fictitious intake)",
    "Karee University, short courses",
    "Provincial task team",
    "International Bureau for Safe Movement",
)
A_PROVINCE = 5


def add_trainings(world: World) -> None:
    """Five courses a province over the past four years, some with a certificate that runs out."""
    draw = Draw("trainings")
    for province in SPOKEN:
        offices = [office for office in world.offices.values() if office.province == province and office.people]
        for _ in range(A_PROVINCE):
            course, standard, accredited = draw.pick(COURSES)
            held = draw.between(10, 1500)
            key = world.free_key("trainings", f"trn-{slug(course)[:28].strip('-')}-{slug(province)}")
            world.add(
                "trainings",
                key,
                course=course,
                provider=draw.pick(PROVIDERS),
                unit_standard=standard,
                accredited=accredited,
                held_on=ago(held),
                expires=ago(held - 1095) if accredited else None,
                attendees=[_attendee(office, draw) for office in draw.some(offices, draw.between(4, 9))],
                verified_at=verified(draw),
            )


def _attendee(office: Office, draw: Draw) -> Record:
    who: Record = {"person": draw.pick(office.people), "organisation": office.organisation}
    return {**who, "department": office.key} if office.type == "department" else who
