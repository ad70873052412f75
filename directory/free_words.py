"""Whether free words tell where somebody is: a place of the gazetteer, a number, a street, a stand, a point.

Words are searched, not understood: an address without a number or a place the gazetteer lacks is not found, and some
that are found mean nothing by it. They are kept for their organisation; others do not read them.
"""

import re
from functools import lru_cache

from directory.geography import names_a_place, normalise

NUMBER = re.compile(r"\d(?:[\s().+/-]*\d){5,}|\d\d[.,]\d{2,}")
"""Six digits or more, as telephones and registers have, or the decimals of a point."""
STREET = re.compile(
    r"\d\W+(?:\w+\W+){0,3}(?:street|str|st|road|rd|avenue|ave|lane|drive|close|crescent|place|way|straat|weg|laan)\b"
    r"|\b(?:erf|plot|stand|farm|portion|plaas)\W+(?:no\W+)?\d"
)


@lru_cache(maxsize=10_000)
def tell_where(text: str) -> bool:
    """Whether the words tell a place. The same words are asked for with every read."""
    plain = normalise(text)
    return bool(names_a_place(text) or NUMBER.search(plain) or STREET.search(plain))
