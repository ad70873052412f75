"""Asks a match and prints whom to call for each need. KEY is an API key, BASE the address of the service."""

import json
import os
import urllib.error
import urllib.request

BASE = os.environ.get("BASE", "http://127.0.0.1:8000")

asked = {
    "near": {"place": "Polokwane"},
    "needs": ["shelter_emergency", "medical_general"],
    "party": [{"age": 29, "gender": "female"}, {"age": 9, "gender": "male", "relation": "child"}],
    "profile": {
        "languages": ["amh", "eng"],
        "mental_acuity": "low",
        "medical_acuity": "low",
        "substance": "none",
        "has_id": False,
        "has_police_report": False,
        "has_dsd_referral": False,
        "recognition": "none",
        "undocumented": True,
    },
    "avoid": [{"place": "Musina", "radius_km": 50}],
    "stay_days": 30,
}
request = urllib.request.Request(  # noqa: S310
    f"{BASE}/api/v1/matches",
    data=json.dumps(asked).encode(),
    headers={"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"},
)
try:
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        found = json.load(answer)
except urllib.error.HTTPError as problem:
    raise SystemExit(problem.read().decode()) from None

for step in found["first"]:
    print("First:", step["text"])
for need in found["by_need"]:
    print(f"\n{need['need']}: {need['excluded']['total']} excluded")
    for bucket in ("suitable", "confirm_by_phone"):
        for one in need[bucket]:
            contacts = one["contacts"]
            numbers = ", ".join(call["value"] for call in contacts["call"]) or "no number"
            print(f"  {bucket} {one['rank']}. {one['organisation']['name']} ({one['distance_band']} km): {numbers}")
            print(f"     {contacts['grade']}: {contacts['reason']}")
            for question in one["confirm"]:
                print("     ask:", question["question"])
    for way in need["alternatives"]:
        print("  or:", way["text"])
