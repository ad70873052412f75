"""What can go wrong in the domain, named without HTTP; web/errors.py gives each its status once."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Root of all errors a caller of directory or matching may meet."""


class NotFound(DomainError):
    """No such record, or none that this actor may know of."""

    def __init__(self, collection: str, identifier: str) -> None:
        super().__init__(f"{collection} has no record {identifier}")


class Denied(DomainError):
    """The actor may not do this."""


class VersionConflict(DomainError):
    """The record changed since the caller read it."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the record has changed: its version is now {current}")
        self.current = current


class Conflict(DomainError):
    """The request is sound but the record's state does not allow it."""


class Invalid(DomainError):
    """The input breaks a rule. `errors`: sentences by dotted field path; `candidates`: places to choose from."""

    def __init__(self, errors: Mapping[str, Sequence[str]], candidates: Sequence[Mapping[str, object]] | None = None):
        super().__init__("; ".join(f"{path}: {' '.join(said)}" for path, said in errors.items()))
        self.errors = {path: list(said) for path, said in errors.items()}
        self.candidates = None if candidates is None else [dict(one) for one in candidates]
