"""Where the API stands."""

API = "/api/v1"
