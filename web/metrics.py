"""What is counted of requests, by route template, method and status, and shown to administrators.

Never a value of a request: a path, a query, a header or a method that somebody made up. No label names a partner or
a place. With several workers each keeps its counts in files of one folder, named by PROMETHEUS_MULTIPROC_DIR, and the
one that is asked adds them up.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, g
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from directory.services import gauges
from directory.services.gauges import Gauges
from web import transaction
from web.auth import actor
from web.log import method, route

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

ANSWERED = Histogram(
    "directory_request_seconds", "Seconds to answer.", ("method", "route", "status"), buckets=BUCKETS_S
)


def init_app(app: Flask) -> None:
    """Count every answer."""

    @app.after_request
    def count(answer: Response) -> Response:
        elapsed = time.perf_counter() - g.started if "started" in g else 0.0
        ANSWERED.labels(method(), route() or "none", str(answer.status_code)).observe(elapsed)
        return answer


def exposition() -> Response:
    """All counts, and the registry's figures. Raises Denied."""
    figures = CollectorRegistry()
    figures.register(_Figures(gauges.read(transaction.session(), actor())))
    counted = REGISTRY
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return Response(generate_latest(counted) + generate_latest(figures), content_type=CONTENT_TYPE_LATEST)


def count_in(instance: Path) -> None:
    """Count in an empty folder from now on, for workers that are about to start: counts of earlier ones are gone."""
    folder = instance / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


class _Figures(Collector):
    """The registry's figures, as Prometheus reads them."""

    def __init__(self, figures: Gauges) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        """One gauge each."""
        yield GaugeMetricFamily("directory_revision", "Of the registry.", self.figures.revision)
        yield GaugeMetricFamily("directory_audit_entries", "Entries in the audit.", self.figures.audit_entries)
        leased = GaugeMetricFamily("directory_quota_leased", "Allowances leased today, by all.", labels=["kind"])
        for kind, total in self.figures.leased.items():
            leased.add_metric([kind], total)
        yield leased
