"""Cells of spreadsheets: text stays text, whatever a spreadsheet program would make of its first sign."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How text begins that a spreadsheet program may run (OWASP, CSV injection): wide signs too, where one writes so."""
QUOTE = "'"


def safe(text: str) -> str:
    """The text, with an apostrophe before what could be a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unquoted(text: str) -> str:
    """What `safe` was given."""
    return text[1:] if text.startswith(QUOTE) and text[1:].startswith(FORMULA) else text
