"""What there is to translate: the texts of translated templates, and the labels of the vocabulary that they show."""

from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from directory import vocabulary
from web.languages import ENGLISH, FOLDER, LANGUAGES
from web.match_words import FEATURES, RULES
from web.settings import ROOT

TEMPLATES = ROOT / "web" / "templates"
TRANSLATED = ("layout.html", "review.html", "cards/choose.html", "help/*.html")
LABELS = (
    "service",
    "relation",
    "age_band",
    "gender",
    "mental_acuity",
    "medical_acuity",
    "substance",
    "legal_basis",
    "recognition",
    "contact_outcome",
    "capacity_band",
    "channel_kind",
    "contact_role",
    "stage",
)
DESCRIBED_URGENCY = 2
"""Needs this urgent are described in every language; of the others the label is."""


def texts() -> list[str]:
    """Every text to be translated, once, in the order in which it is met."""
    return list(dict.fromkeys((*_of_templates(), *_of_vocabulary())))


def _of_templates() -> Iterator[str]:
    files = [path for pattern in TRANSLATED for path in sorted(TEMPLATES.glob(pattern))]
    for path in files:
        for _line, found, _comments, _context in extract_from_file("jinja2.ext:babel_extract", str(path)):
            yield found if isinstance(found, str) else found[0]


def _of_vocabulary() -> Iterator[str]:
    for name in LABELS:
        for term in vocabulary.terms(name).values():
            yield term["label"]
            if name == "service" and "description" in term and term["urgency"] <= DESCRIBED_URGENCY:
                yield term["description"]
    yield from (*RULES.values(), *FEATURES.values())


def missing(code: str) -> list[str]:
    """Texts that a language has no translation of."""
    kept = _read(code)
    return [text for text in texts() if not (kept.get(text) and kept[text].string)]


def forgotten(code: str) -> list[str]:
    """Translations of texts that are no longer there."""
    known = set(texts())
    return [str(message.id) for message in _read(code) if message.id and message.id not in known]


def update() -> None:
    """Bring every catalogue to the texts there are: what is new stands empty, what is gone is dropped."""
    for code in LANGUAGES:
        if code == ENGLISH:
            continue
        kept, made = _read(code), Catalog(locale=code)
        for text in texts():
            former = kept.get(text)
            made.add(text, former.string if former else "")
        with (FOLDER / f"{code}.po").open("wb") as file:
            file.write(HEADER.encode())
            write_po(file, made, width=120, omit_header=True)


HEADER = """\
# Needs review by speakers. Nobody who speaks it as a first language has read it yet.
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""


def _read(code: str) -> Catalog:
    path = FOLDER / f"{code}.po"
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)
