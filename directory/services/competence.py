"""The competent area of a unit or service: what its codes must be."""

from collections.abc import Mapping
from typing import Any

from directory import geography
from directory.errors import Invalid


def check_serves(serves: Mapping[str, Any] | None) -> None:
    """Raise Invalid unless the codes are of the scope's kind; a national scope needs none."""
    if serves is None:
        return
    known: Mapping[str, Mapping[str, object]] = {
        "province": geography.provinces(),
        "district": geography.districts(),
        "national": {},
    }
    codes = serves["codes"] or []
    wrong = [code for code in codes if code not in known[serves["scope"]]]
    if serves["scope"] != "national" and not codes:
        raise Invalid({"serves.codes": [f"Name at least one {serves['scope']}."]})
    if serves["scope"] != "national" and wrong:
        raise Invalid({"serves.codes": [f"No {serves['scope']} has the code {code}." for code in wrong]})
