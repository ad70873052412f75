"""What can go wrong in matching itself; web/errors.py gives each its status."""


class Unreadable(Exception):
    """A snapshot is not there, not whole, or not sealed with the key that is known."""


class UnknownRuleset(LookupError):
    """No ruleset of that version was ever published."""

    def __init__(self, version: str) -> None:
        super().__init__(f"there is no ruleset {version}")
        self.version = version
