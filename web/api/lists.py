"""The envelope of lists that are no collection of the registry."""

from collections.abc import Sequence
from typing import Any

from web.schemas.filters import Wanted
from web.smorest import Json


def page(asked: Wanted, items: Sequence[Any], total: int) -> Json:
    """One page of what was asked for."""
    return {"items": list(items), "total": total, "page": asked.page, "page_size": asked.page_size}


def whole(items: Sequence[Any]) -> Json:
    """A list in one page."""
    return {"items": list(items), "total": len(items), "page": 1, "page_size": max(len(items), 1)}
