"""Why each rule of the permission table is as it is: one line each, for the page that auditors read."""

from collections.abc import Mapping

from directory.permissions import Form, Role

ROLE_REASONS: Mapping[Role, str] = {
    "anonymous": "Nobody known: no key, or no account.",
    "app": "A program of a partner, by a key of its own, with scopes.",
    "caseworker": "Somebody who looks for help for a person, for an organisation or unit.",
    "partner_manager": "Keeps the records of the own organisation.",
    "unit_manager": "Keeps the records of the own department unit.",
    "coordinator": "Keeps the network: the whole country's, or one province's.",
    "disclosure": "May be told a confidential address, one at a time.",
    "auditor": "Reads who did what, and no records.",
    "admin": "Keeps accounts, keys and the registry; reads no concerns and is told no address.",
}

ACTION_REASONS: Mapping[str, str] = {
    "registry.read": "Partners have to find each other; who only audits needs no records.",
    "registry.write": "Facts are kept by whom they are about, and by coordinators.",
    "registry.load": "A load replaces much at once, true locations among it.",
    "capacity.write": "Said by the shelter every day; a unit has no beds of its own.",
    "match": "Asked by whoever helps somebody; neither auditors nor disclosure do.",
    "outcomes.say": "Whoever called knows whether the number is right; it is counted, and not who said it.",
    "grades.read": "How far a link can be relied on; apps have no links to read.",
    "accounts.manage": "Who makes an account decides what it sees.",
    "keys.manage": "A key acts for an account or organisation without its password.",
    "webhooks.manage": "Programs are told that something changed, never what; an administrator closes any.",
    "quotas.manage": "Another allowance is another price of scraping.",
    "alerts.read": "A spent allowance may be a scraper, and somebody has to look.",
    "audit.read": "It shows who reads and does what: a map of habits.",
    "metrics.read": "For who runs the service: counts, and no partner or place.",
    "suspensions.write": "A judgement about a partner, made by who knows the network, never by technicians.",
    "concerns.raise": "Anybody known may have seen something.",
    "concerns.read": "They reach coordinators alone, lest whom they are about hears of them.",
    "disclosures.make": "The only way to a door: few people, each asked every time.",
    "disclosures.read": "A partner has to know who asked for its address, and auditors have to count.",
    "persons.erase": "It cannot be undone, and reaches records of several partners.",
    "persons.invite": "Whoever lists somebody has to tell them; the link shows all that is kept of them.",
    "network.read": "Where the network is weak is for those who keep it; an administrator reads it without people.",
    "network.people": "A list of targets: how much hangs on whom is for coordinators alone.",
    "actions.read": "A task is for who has to do it, and for coordinators; none names the person on whom much hangs.",
    "actions.write": "Who does a task says how far it is; a coordinator alone drops one.",
    "messages.read": "A message is for the partner it is sent to, and for coordinators who help to reach them.",
    "messages.mark": "Whom it is for says that it was read; nobody else can make it look so.",
    "network.links": "Everybody has to know which of the own links is weak; coordinators all of their province.",
    "statements.read": "An objection may be about the own manager.",
    "organisations.join": "It moves records and accounts between organisations, and cannot be undone.",
    "queue.read": "Whoever may confirm a record is told what to confirm first; nobody else needs to know what is weak.",
    "duplicates.settle": "Two records may be of two partners: neither judges alone whether they are one.",
    "statistics.read": "Figures of the whole network, in which nobody can be found, for those who answer for it.",
    "imports.write": "Many records at once: by who keeps those of a province or of all, and nobody else.",
}

READ_REASONS: Mapping[str, str] = {
    "organisations": "Whom one can turn to.",
    "sites": "Published area and point only, of a confidential place.",
    "departments": "Which unit is competent.",
    "services": "What is offered, and to whom.",
    "service_sites": "Where, and how much room there is.",
    "persons": "Names are for people who call them, not for programs.",
    "posts": "An office, without whoever holds it.",
    "focal_points": "Who holds an office; as with persons.",
    "channels": "Cut further by class: see Channels.",
    "links": "Who relies on whom: each its own, coordinators all of their province.",
    "trainings": "Who was trained tells who is new; it serves planning alone.",
}

WRITE_REASONS: Mapping[str, str] = {
    "organisations": "A unit does not speak for its organisation.",
    "sites": "Where an organisation is, is the organisation's to say.",
    "departments": "The unit itself, its organisation, and coordinators.",
    "services": "Who gives it, and coordinators.",
    "service_sites": "Who gives the service, and coordinators.",
    "persons": "Where they hold a post; who holds none is anybody's to list.",
    "posts": "Where the post is.",
    "focal_points": "Where the post is; the person has to be one's own, or nobody's yet.",
    "channels": "Whoever's they are.",
    "links": "Either end.",
    "trainings": "Held across organisations and provinces, so kept by those who plan them.",
}

FORM_REASONS: Mapping[Form | None, str] = {
    None: "",
    "absent": "absent: it leads to another place",
    "no district": "absent where it names a district",
    "no number": "without its number; validity stays",
    "no place": "without words in which a place, street or number is found",
    "load only": "only the loader's own",
    "month": "by month",
}
