"""Applications of settings of a test's own: to put one together takes a third of a second, so those alike are one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from web.app import create_app, registry_of
from web.settings import Settings
from web.transaction import Registry

Configured = Callable[[Settings], Flask]
USUAL = Settings(database_url="sqlite://", secret_key=b"")


class Applications:
    """Put together once for all settings that differ in nothing but where the registry and the folder are, what time it
    is, and what the start does."""

    def __init__(self) -> None:
        self._alike: dict[Settings, Flask] = {}

    @contextmanager
    def connected(self) -> Iterator[Configured]:
        """Applications on what their settings name, until the end of the context; of those alike the last counts."""
        registries: list[Registry] = []

        def configured(settings: Settings) -> Flask:
            app = self._of(settings)
            app.config["SETTINGS"] = settings
            registries.append(registry_of(settings))
            app.extensions["registry"] = registries[-1]
            return app

        yield configured
        for one in registries:
            for engine in (one.engine, one.secret_engine):
                if engine is not None:
                    engine.dispose()

    def _of(self, settings: Settings) -> Flask:
        names = ("database_url", "secret_database_url", "instance", "clock", "demo", "port")
        alike = replace(settings, **{name: getattr(USUAL, name) for name in names})
        if alike not in self._alike:
            self._alike[alike] = create_app(alike)
        return self._alike[alike]
