#!/bin/sh
# Whom to call tonight for a woman with her son of nine, who needs a bed and a doctor, and not in Musina.
# KEY is an API key; BASE the address of the service.
set -eu
BASE="${BASE:-http://127.0.0.1:8000}"

curl --silent --show-error --fail-with-body "$BASE/api/v1/matches" \
  --header "Authorization: Bearer $KEY" --header 'Content-Type: application/json' --data @- <<'JSON'
{
  "near": {"place": "Polokwane"},
  "needs": ["shelter_emergency", "medical_general"],
  "party": [
    {"age": 29, "gender": "female"},
    {"age": 9, "gender": "male", "relation": "child"}
  ],
  "profile": {
    "languages": ["amh", "eng"], "mental_acuity": "low", "medical_acuity": "low", "substance": "none",
    "has_id": false, "has_police_report": false, "has_dsd_referral": false, "recognition": "none", "undocumented": true
  },
  "avoid": [{"place": "Musina", "radius_km": 50}],
  "stay_days": 30
}
JSON
