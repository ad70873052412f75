"""What a worker remembers of the keys it was shown, for as long as nothing changed that could end one."""

from dataclasses import dataclass, field
from datetime import datetime

from directory.services.access import Revisions
from directory.services.keys import Held
from directory.services.tokens import digest

MOST_KEPT = 5000
"""Keys, about a kilobyte each."""


@dataclass(slots=True)
class Keyring:
    """Holders by the hash of their token, as they were at two revisions: when either has risen, all are looked up anew.
    Safe among threads: each revision has a dictionary of its own."""

    _kept: tuple[Revisions, dict[str, Held]] = field(default=(Revisions(0, 0), {}))

    def find(self, token: str, seen: Revisions, now: datetime) -> Held | None:
        """Who is known to hold this key now, by what was looked up at these revisions."""
        revisions, holders = self._kept
        held = holders.get(digest(token)) if revisions == seen else None
        return held if held is not None and now < held.until else None

    def keep(self, token: str, seen: Revisions, held: Held) -> None:
        """Remember a holder looked up after these revisions were seen."""
        revisions, holders = self._kept
        if revisions != seen or len(holders) >= MOST_KEPT:
            holders = {}
            self._kept = seen, holders
        holders[digest(token)] = held

    def forget(self) -> None:
        """Look up anew: the use of a key was noted."""
        self._kept = Revisions(0, 0), {}
