"""Addresses to be called are of one plain form."""

from typing import Any

import pytest

from directory.fields import Wrong
from directory.services.webhooks import FIELDS
from tests.web.receivers import HOST

ADDRESS = FIELDS["url"]


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/",
        f"https://me:secret@{HOST}/",
        f"https://{HOST}@evil.example/",
        f"https://{HOST}/#part",
        f"https://{HOST}:22/",
        f"https://{HOST}:80/",
        f"https://{HOST}:99999/",
        f"https://{HOST}:0443/",
        f"https://{HOST}./",
        f"https://{HOST}\\@evil.example/",
        f"https://{HOST}/a b",
        f"https://{HOST}/a\r\nX-Else: 1",
        f"https://{HOST}/\u00e4",
        "https://c\u0430ses.example.org/",
        f"https://{HOST}%00.evil.example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://localhost/",
        "https:///cases",
        "//cases.example.org/",
        "file:///etc/passwd",
        f"https://{HOST}/{'x' * 300}",
        7,
    ],
)
def test_one_in_which_something_could_hide_is_refused(url: Any) -> None:
    with pytest.raises(Wrong):
        ADDRESS.clean(url)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (f"https://{HOST}", f"https://{HOST}"),
        (f"https://{HOST}:443/a", f"https://{HOST}:443/a"),
        ("HTTPS://Cases.Example.ORG:8443/A-b_c.d~e?Q=%20&x=1:2", f"https://{HOST}:8443/A-b_c.d~e?Q=%20&x=1:2"),
        ("https://xn--bcher-kva.example.org/", "https://xn--bcher-kva.example.org/"),
    ],
)
def test_a_usual_one_is_kept_with_its_host_in_lower_case(url: str, kept: str) -> None:
    assert ADDRESS.clean(url) == kept
