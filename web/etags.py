"""Strong entity tags from id and version, and what the conditional headers make of them."""

from typing import Any

from flask import request

from directory.errors import VersionConflict
from web.errors import Refused

UNVERSIONED = frozenset({"service_sites", "focal_points", "links"})
"""Collections that show more than their version counts (room, names, grades): their reads are always answered whole."""


def tag(record: Any) -> str:
    """The tag of a record's published version."""
    return f"{record.id}.{record.version}"


def headers(record: Any) -> dict[str, str]:
    """The header that names the version."""
    return {"ETag": f'"{tag(record)}"'}


def expected_version(record: Any) -> int:
    """The version that If-Match allows to be changed. Raises Refused (428), VersionConflict.

    Only a strong tag of the current version matches, or `*`; a weak one never does (RFC 9110, 13.1.1).
    """
    if "If-Match" not in request.headers:
        raise Refused("precondition-required", "Send If-Match with the ETag of the version you saw.")
    if not request.if_match.contains(tag(record)):
        raise VersionConflict(record.version)
    return int(record.version)


def is_known(record: Any) -> bool:
    """Whether If-None-Match says that the reader has this version."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(tag(record))
