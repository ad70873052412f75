"""The application, for whatever serves it."""

from matching import collector

with collector.staying():
    from web.app import create_app

    app = create_app()
