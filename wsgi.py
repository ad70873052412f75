"""The application, for whatever serves it."""

import gc

# Nothing that is loaded is garbage, and looking for some takes a third of the time.
gc.disable()
try:
    from web.app import create_app

    app = create_app()
finally:
    gc.enable()
