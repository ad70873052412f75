"""Where the API stands, and its face for Open Referral."""

API = "/api/v1"
HSDS = "/hsds/v3"
