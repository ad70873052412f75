"""JSON bodies, read strictly: what two parsers could read differently is refused, and nothing crashes the reader."""

import json
from typing import Any, NoReturn

LONGEST_EXACT_INTEGER = 18
"""Digits; a longer number is read as a float, and then refused for its size by the field it stands in."""

DEEPEST = 40
ESCAPE = "\\u"
"""Only so can half a surrogate pair stand in a text of UTF-8."""


class Malformed(Exception):
    """The body is not JSON as this service reads it."""


def decode(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises Malformed."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)
        if ESCAPE in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except UnicodeEncodeError:
        raise Malformed("The body has half a surrogate pair in a string.") from None
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Malformed(f"The body is not JSON{where}.") from None
    if text.count("{") + text.count("[") > DEEPEST and _depth(value) > DEEPEST:
        raise Malformed("The body is nested too deeply.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("The body names a field twice.")
    return value


def _constant(_name: str) -> NoReturn:
    raise Malformed("NaN and Infinity are no JSON.")


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_EXACT_INTEGER else float(digits)


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(one, dict | list):
            inner = one.values() if isinstance(one, dict) else one
            waiting += [(item, depth + 1) for item in inner]
    return deepest
