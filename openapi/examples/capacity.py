"""What a shelter does every day: finds its service-sites and says how many beds are free. KEY is an API key."""

import json
import os
import urllib.request

BASE = os.environ.get("BASE", "http://127.0.0.1:8000")


def send(method: str, path: str, body: object = None) -> dict:
    """One request and its answer."""
    request = urllib.request.Request(  # noqa: S310
        BASE + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


for site in send("GET", "/api/v1/service-sites?service=shelter_emergency&page_size=1")["items"]:
    free = {"unit": "bed", "total": 12, "available": 4}
    shown = send("PUT", f"/api/v1/service-sites/{site['id']}/capacity", free)
    print(site["id"], "now shows", shown["capacity"])
