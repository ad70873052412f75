"""One or more faults for each import contract: a line that must break it, and what the linter must say of it."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A line added to a file (made if it is not there), and what is said of the contract it breaks."""

    contract: str
    path: str
    line: str
    said: str


FAULTS = [
    Fault("rooms", "directory/errors.py", "from matching import types", "directory.errors -> matching.types"),
    Fault("rooms", "matching/sphere.py", "import web.settings", "matching.sphere -> web.settings"),
    Fault("rooms", "matching/week.py", "from seed import load", "matching.week -> seed.load"),
    Fault("http", "directory/services/sites.py", "import flask", "directory.services.sites -> flask"),
    Fault("http", "directory/fields.py", "from marshmallow import Schema", "directory.fields -> marshmallow"),
    Fault("http", "matching/service.py", "from werkzeug.http import HTTP_STATUS_CODES", "matching.service -> werkzeug"),
    Fault("pure", "matching/types.py", "from directory import errors", "matching.types -> directory.errors"),
    Fault("pure", "matching/rules/people.py", "import sqlalchemy", "matching.rules.people -> sqlalchemy"),
    Fault("pure", "matching/newcomer.py", "import directory.vocabulary", "matching.newcomer -> directory.vocabulary"),
    Fault("doors", "web/api/matches.py", "from matching import ranking", "web.api.matches -> matching.ranking"),
    Fault("doors", "web/errors.py", "from matching.index import build", "web.errors -> matching.index"),
    Fault("models", "matching/feed.py", "import directory.models.site", "matching.feed -> directory.models.site"),
    Fault("models", "seed/load.py", "from directory import db", "seed.load -> directory.db"),
    Fault("models", "web/errors.py", "from directory.db import begin", "web.errors -> directory.db"),
    Fault("queries", "matching/service.py", "import directory.queries.masking", "service -> directory.queries.masking"),
    Fault("queries", "web/errors.py", "import directory.queries.published", "errors -> directory.queries.published"),
    Fault("migrate", "web/errors.py", "from directory import migrate", "web.errors -> directory.migrate"),
    Fault("making-seed", "web/cli.py", "from seed import areas", "web.cli -> seed.areas"),
    Fault("making-seed", "web/cli.py", "import seed.generate.world", "web.cli -> seed.generate.world"),
    Fault("cycles", "directory/vocabulary.py", "from directory import geography", ".vocabulary"),
    Fault("cycles", "seed/generate/draw.py", "from seed.generate import world", ".draw"),
    Fault("directory", "directory/fields.py", "import directory.collection", "fields -> directory.collection"),
    Fault("directory", "directory/newcomer.py", "", "- directory.newcomer"),
    Fault(
        "directory-models", "directory/models/site.py", "import directory.models.post", "site -> directory.models.post"
    ),
    Fault(
        "directory-queries",
        "directory/queries/masking.py",
        "import directory.queries.filters",
        "masking -> directory.queries.filters",
    ),
    Fault(
        "directory-services",
        "directory/services/records.py",
        "import directory.services.sites",
        "records -> directory.services.sites",
    ),
    Fault("directory-services", "directory/services/newcomer.py", "", "- directory.services.newcomer"),
    Fault(
        "directory-exchange",
        "directory/exchange/jsonl.py",
        "import directory.exchange.dump",
        "jsonl -> directory.exchange.dump",
    ),
    Fault(
        "directory-exchange-hsds",
        "directory/exchange/hsds/parts.py",
        "import directory.exchange.hsds.offers",
        "parts -> directory.exchange.hsds.offers",
    ),
    Fault("directory-exchange-hsds", "directory/exchange/hsds/newcomer.py", "", "- directory.exchange.hsds.newcomer"),
    Fault("seed", "seed/load.py", "from seed import areas", "seed.load -> seed.areas"),
    Fault("seed", "seed/newcomer.py", "", "- seed.newcomer"),
    Fault("matching", "matching/index.py", "from matching import ranking", "matching.index -> matching.ranking"),
    Fault("matching", "matching/newcomer.py", "", "- matching.newcomer"),
    Fault(
        "matching-rules",
        "matching/rules/outcome.py",
        "from matching.rules import table",
        "outcome -> matching.rules.table",
    ),
    Fault(
        "matching-features",
        "matching/features/view.py",
        "from matching.features import measures",
        "view -> matching.features.measures",
    ),
    Fault(
        "matching-rulesets",
        "matching/rulesets/ruleset.py",
        "from matching.rulesets import catalogue",
        "ruleset -> matching.rulesets.catalogue",
    ),
    Fault(
        "matching-guidance",
        "matching/guidance/units.py",
        "from matching.guidance import duties",
        "units -> matching.guidance.duties",
    ),
    Fault(
        "matching-network",
        "matching/network/graph.py",
        "import matching.network.loss",
        "graph -> matching.network.loss",
    ),
    Fault(
        "web-pictures",
        "web/pictures/scene.py",
        "import web.pictures.svg",
        "scene -> web.pictures.svg",
    ),
    Fault(
        "web-report",
        "web/report/document.py",
        "import web.report.html",
        "document -> web.report.html",
    ),
    Fault("web", "web/problems.py", "from web import smorest", "web.problems -> web.smorest"),
    Fault("web", "web/newcomer.py", "", "- web.newcomer"),
    Fault("web-api", "web/api/records.py", "from web.api import matches", "records -> web.api.matches"),
    Fault("web-pages", "web/pages/signing_in.py", "from web.pages import front", "signing_in -> web.pages.front"),
    Fault(
        "web-registry-pages",
        "web/pages/registry/naming.py",
        "from web.pages.registry import wording",
        "naming -> web.pages.registry.wording",
    ),
    Fault(
        "web-office-pages",
        "web/pages/office/sheets.py",
        "from web.pages.office import people",
        "sheets -> web.pages.office.people",
    ),
    Fault(
        "web-network-pages",
        "web/pages/network/board.py",
        "from web.pages.network import messages",
        "board -> web.pages.network.messages",
    ),
    Fault("web-forms", "web/forms/reading.py", "from web.forms import controls", "reading -> web.forms.controls"),
    Fault(
        "web-schemas", "web/schemas/examples.py", "from web.schemas import filters", "examples -> web.schemas.filters"
    ),
]


def rounds() -> list[list[Fault]]:
    """The faults, at most one of a contract at a time: import-linter takes a second, whatever it finds."""
    turns: dict[int, list[Fault]] = defaultdict(list)
    seen: dict[str, int] = defaultdict(int)
    for fault in FAULTS:
        turns[seen[fault.contract]].append(fault)
        seen[fault.contract] += 1
    return [turns[turn] for turn in sorted(turns)]
