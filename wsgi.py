"""The application, for whatever serves it."""

from web.app import create_app

app = create_app()
