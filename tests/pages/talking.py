"""The same service spoken to as a program speaks, to know of records or to make them ready for a visit."""

import itertools
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Talk:
    """A key of one role; the count is shared, so that no two visits make records of one name."""

    base: str
    key: str
    count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def read(self, path: str) -> dict[str, Any]:
        """What stands at a path under the API."""
        return self._call(path, None)

    def first(self, collection: str) -> dict[str, Any]:
        """The first record of a collection. Raises LookupError where there is none."""
        return self.nth(collection, 0)

    def nth(self, collection: str, at: int) -> dict[str, Any]:
        """One of the first records of a collection. Raises LookupError where there are fewer."""
        found: list[dict[str, Any]] = self.read(f"{collection}?page_size=50")["items"]
        if len(found) <= at:
            raise LookupError(f"{collection} has no record {at}")
        return found[at]

    def send(self, path: str, body: dict[str, Any], method: str = "POST", **headers: str) -> dict[str, Any]:
        """What a body is answered with."""
        return self._call(path, body, method, headers)

    def number(self) -> int:
        """A number that nothing has been named by."""
        return next(self.count)

    def _call(
        self, path: str, body: dict[str, Any] | None, method: str = "GET", headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.base}{API}/{path}", data, sent, method=method)  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found
