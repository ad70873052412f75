"""Organisations of government: national departments, provincial departments, care centres, task teams."""

from dataclasses import dataclass

from seed.generate.draw import Draw
from seed.generate.geography import Place
from seed.generate.world import Office, World, slug, verified

NATIONAL: tuple[tuple[str, str, str, str], ...] = (
    ("saps", "South African Police Service", "law_enforcement", "SAPS"),
    ("dpci", "Directorate for Priority Crime Investigation", "law_enforcement", "DPCI"),
    ("npa", "National Prosecuting Authority", "prosecution", "NPA"),
    ("dojcd", "Department of Justice and Constitutional Development", "government_department", "DOJCD"),
    ("dsd", "Department of Social Development", "government_department", "DSD"),
    ("dha", "Department of Home Affairs", "government_department", "DHA"),
    ("doh", "Department of Health", "government_department", "DOH"),
    ("del", "Department of Employment and Labour", "government_department", "DEL"),
    ("sars", "South African Revenue Service", "government_department", "SARS"),
    ("magistrates", "Magistrates Commission", "government_department", "MAGISTRATES"),
    ("bma", "Border Management Authority", "law_enforcement", "BMA"),
    ("legal-aid", "Legal Aid South Africa", "government_department", "LEGAL_AID"),
    ("dirco", "Department of International Relations and Cooperation", "government_department", "DIRCO"),
    ("dbe", "Department of Basic Education", "government_department", "OTHER"),
    ("dwypd", "Department of Women, Youth and Persons with Disabilities", "government_department", "OTHER"),
    ("dot", "Department of Transport", "government_department", "OTHER"),
)
ALSO_KNOWN = {
    "saps": ["SAPS", "Police"],
    "dpci": ["DPCI", "Hawks"],
    "npa": ["NPA"],
    "dojcd": ["DoJ&CD", "Justice"],
    "dsd": ["DSD", "Welfare"],
    "dha": ["DHA", "Home Affairs"],
    "doh": ["DoH"],
    "del": ["DEL", "Labour"],
    "sars": ["SARS"],
    "bma": ["BMA"],
    "legal-aid": ["Legal Aid SA"],
    "dirco": ["DIRCO", "Foreign Affairs"],
}


@dataclass(frozen=True)
class NewOrganisation:
    key: str
    name: str
    org_type: str
    sector: str
    department_code: str | None = None
    parent: str | None = None
    province: str | None = None
    district: str | None = None
    place: Place | None = None
    description: str | None = None


def short(province: str) -> str:
    """`lp` for `ZA-LP`."""
    return province.removeprefix("ZA-").lower()


def add_public(world: World, draw: Draw, new: NewOrganisation) -> Office:
    """A public body as organisation; public bodies need no accreditation."""
    nick = new.key.removeprefix("org-")
    world.add(
        "organisations",
        new.key,
        name=new.name,
        alternate_names=ALSO_KNOWN.get(nick),
        org_type=new.org_type,
        sector=new.sector,
        department_code=new.department_code,
        parent=new.parent,
        description=new.description,
        website=f"https://{nick}.example/",
        accreditation={"status": "none"} if draw.chance(0.3) else None,
        province=new.province,
        district=new.district,
        verified_at=verified(draw),
    )
    office = Office(
        type="organisation",
        key=new.key,
        organisation=new.key,
        name=new.name,
        code=new.org_type,
        domain=f"{nick}.example",
        province=new.province,
        district=new.district,
        place=new.place,
    )
    world.offices[new.key] = office
    return office


def add_departments(world: World) -> None:
    """National departments, then the provincial departments of social development and of health."""
    draw = Draw("departments")
    for nick, name, org_type, code in NATIONAL:
        add_public(world, draw, NewOrganisation(f"org-{nick}", name, org_type, "government", code))
    for code, name in world.geography.provinces.items():
        for nick, duty, department in (("dsd", "Social Development", "DSD"), ("doh", "Health", "DOH")):
            add_public(
                world,
                draw,
                NewOrganisation(
                    f"org-{nick}-{short(code)}",
                    f"{name} Department of {duty}",
                    "government_department",
                    "government",
                    department,
                    province=code,
                ),
            )


def add_task_teams(world: World) -> None:
    """The national committee and one task team a province; each sits at a department and has a secretariat."""
    draw = Draw("task teams")
    national = NewOrganisation(
        "org-committee",
        "National Committee on Trafficking in Persons",
        "coordinating_body",
        "government",
        description="Departments and networks that meet every quarter to follow cases and gaps.",
    )
    add_public(world, draw, national)
    for code, name in world.geography.provinces.items():
        add_public(
            world,
            draw,
            NewOrganisation(
                f"org-task-team-{short(code)}",
                f"{name} Task Team on Trafficking in Persons",
                "coordinating_body",
                "government",
                parent="org-committee",
                province=code,
            ),
        )


def add_care_centres(world: World, towns: list[Place]) -> list[tuple[str, Place]]:
    """Thuthuzela care centres: one-stop rooms at hospitals for survivors of sexual violence."""
    draw = Draw("care centres")
    found = []
    for town in towns:
        new = NewOrganisation(
            f"org-tcc-{slug(town.name)}",
            f"Thuthuzela Care Centre, {town.name}",
            "thuthuzela_care_centre",
            "government",
            "NPA",
            "org-npa",
            town.province,
            town.district,
            town,
            "Medical, forensic, police and court support in one place.",
        )
        found.append((add_public(world, draw, new).key, town))
    return found
