"""ISO 639-3. The standard's list has some 8,000 languages and takes a tenth of a second to load, so that it is loaded
when somebody first names a language that is not of the vocabulary."""

from collections.abc import Mapping

from directory import vocabulary

OTHERWISE: Mapping[str, str] = {
    "nbl": "South Ndebele",
    "nso": "Pedi",
    "sot": "Southern Sotho",
    "ssw": "Swati",
    "tsn": "Tswana",
    "tso": "Tsonga",
    "ven": "Venda",
    "xho": "Xhosa",
    "zul": "Zulu",
    "swa": "Swahili (macrolanguage)",
    "nde": "North Ndebele",
    "nya": "Chichewa",
}
"""What the standard calls those that have another label in the vocabulary; a test holds it to the standard."""


def exists(code: str) -> bool:
    """Whether the standard has a code."""
    if code in vocabulary.terms("language"):
        return True
    from iso639 import Language, LanguageNotFoundError

    try:
        Language.from_part3(code)
    except LanguageNotFoundError:
        return False
    return True


def name(code: str) -> str:
    """What the standard calls a language."""
    term = vocabulary.terms("language").get(code)
    if term is not None:
        return OTHERWISE.get(code) or str(term["label"])
    from iso639 import Language

    return str(Language.from_part3(code).name)
