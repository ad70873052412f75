#!/bin/sh
# Two towns have this name, so both are answered. Open to all: no key is needed. BASE is the address of the service.
set -eu
BASE="${BASE:-http://127.0.0.1:8000}"

curl --silent --show-error --fail-with-body --get "$BASE/api/v1/places" --data-urlencode 'q=Middelburg'
