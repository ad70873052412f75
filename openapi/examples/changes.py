"""Keeps a copy in step: reads every change since a revision and says what it was. KEY is an API key."""

import json
import os
import urllib.request

BASE = os.environ.get("BASE", "http://127.0.0.1:8000")


def read(after: int) -> dict:
    """The changes after a revision, oldest first."""
    request = urllib.request.Request(  # noqa: S310
        f"{BASE}/api/v1/changes?after={after}&limit=500",
        headers={"Authorization": f"Bearer {os.environ['KEY']}"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


after, copy = 0, {}
while True:
    page = read(after)
    for change in page["items"]:
        copy[change["collection"], change["id"]] = change["record"]
    after = page["next_after"]
    if not page["items"]:
        break
print(f"{len(copy)} records at revision {after}")
