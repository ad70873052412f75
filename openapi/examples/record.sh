#!/bin/sh
# Add a partner once however often this is sent, change it as it was seen, and say that it was confirmed.
# KEY is an API key that may write; BASE the address of the service.
set -eu
BASE="${BASE:-http://127.0.0.1:8000}"
once="example-$(date +%s)-$$"
made="$(mktemp)"
trap 'rm -f "$made"' EXIT

send() {
  curl --silent --show-error --fail-with-body \
    --header "Authorization: Bearer $KEY" --header 'Content-Type: application/json' "$@"
}
header() {
  tr -d '\r' <"$made" | sed -n "s/^$1: //Ip"
}

send "$BASE/api/v1/organisations" --dump-header "$made" --output /dev/null --header "Idempotency-Key: $once" \
  --data '{"name": "Thandeka Advice Office", "org_type": "community_based", "district": "DC35"}'

send "$BASE$(header Location)" --request PATCH --output /dev/null --header "If-Match: $(header ETag)" \
  --data '{"description": "Advice and a warm meal."}'

send "$BASE$(header Location)/verifications" --output /dev/null \
  --data '{"method": "phone", "outcome": "confirmed"}'

send "$BASE$(header Location)"
