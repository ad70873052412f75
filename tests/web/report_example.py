"""The example of the network report in `docs/examples`: the fictitious network's Limpopo, at a fixed time.

`make report-example` writes it; a test holds it to what the code writes now.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from matching.network import mapped
from matching.network.loss import part
from matching.network.reporting import network_report
from matching.network.stakeholders import map_of, would_place
from tests.conftest import SECRET_KEY
from tests.matching.contact_network import NOW
from tests.matching.test_network_seed import seed
from web.app import create_app
from web.pictures.svg import svg
from web.report import made
from web.report.drawn import Trend, map_picture
from web.report.made import Facts
from web.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples"
PROVINCE = "ZA-LP"
REVISION = 1


@cache
def facts() -> Facts:
    """The report's facts, from the committed files alone."""
    picture = seed().picture
    here = {home for home in picture.offices if PROVINCE in picture.provinces(home)}
    links = frozenset(
        link.id for link in picture.links if {link.a.home, link.b.home} & here and not would_place(picture, link)
    )
    report = network_report(part(seed(), PROVINCE, links), PROVINCE, REVISION, NOW)
    drawn = mapped.network_map(map_of(picture, PROVINCE), PROVINCE, REVISION, NOW)
    return Facts(report, drawn, Trend())


def examples(app: Flask) -> Mapping[str, str]:
    """Every file by name."""
    with app.app_context():
        page = made.as_html(facts(), shareable=False).decode()
    return {
        "network-report-limpopo.html": page,
        "stakeholder-map-limpopo.svg": svg(map_picture(facts().drawn), alone=True) + "\n",
    }


def write() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        settings = Settings(database_url="sqlite://", secret_key=SECRET_KEY, instance=Path(folder))
        for name, text in examples(create_app(settings)).items():
            (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
