"""The application, for whatever serves it."""

import gc

# What is loaded stays, and walking through it for garbage again and again takes a third of the time.
gc.disable()
try:
    from web.app import create_app

    app = create_app()
    gc.freeze()
finally:
    gc.enable()
