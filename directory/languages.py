"""ISO 639-3. The standard's list has some 8,000 languages and takes a tenth of a second to load, so that it is loaded
when somebody first names a language that is not of the vocabulary, or wants its name."""

from directory import vocabulary


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
    from iso639 import Language

    return str(Language.from_part3(code).name)
