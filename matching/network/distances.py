"""How far apart two partners are, by published points alone: a confidential house is where its area is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.contact_records import Home, Record
from matching.network.picture import Picture
from matching.sphere import band, haversine

FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Apart:
    """A distance between published points. `km` is infinite when a place is not known; `exact` says that neither
    place is confidential, so that kilometres may be shown and not the band alone."""

    km: float
    exact: bool

    @property
    def band(self) -> str | None:
        return None if self.km == FAR else band(self.km)

    @property
    def shown_km(self) -> float | None:
        return round(self.km, 1) if self.exact and self.km != FAR else None


class Distances:
    """The published sites of every partner."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._of_organisation: dict[str, list[Record]] = defaultdict(list)
        for site in picture.sites.values():
            self._of_organisation[str(site.get("organisation_id"))].append(site)

    def sites(self, home: Home) -> list[Record]:
        """Where a partner is: a unit's own site, else where its services are given; an organisation without such
        services is where its sites are."""
        if home[0] == "department":
            unit = self._picture.records.by_id["departments"].get(home[1], {})
            own = self._picture.sites.get(str(unit.get("site_id")))
            if own is not None:
                return _placed([own])
        given = _placed(list(self._given(home)))
        return given or _placed(self._of_organisation.get(home[1], ()) if home[0] == "organisation" else ())

    def _given(self, home: Home) -> Iterator[Record]:
        for service in self._picture.services_at.get(home, ()):
            for service_site in self._picture.sites_of_service.get(str(service["id"]), ()):
                site = self._picture.sites.get(str(service_site.get("site_id")))
                if site is not None:
                    yield site

    def between(self, one: Home, other: Home) -> Apart:
        """The shortest way from a site of one to a site of the other, on the sphere."""
        there = self.sites(other)
        lats = np.array([site["lat"] for site in there], dtype=np.float64)
        lons = np.array([site["lon"] for site in there], dtype=np.float64)
        nearest = Apart(FAR, exact=False)
        for site in self.sites(one) if there else ():
            km = haversine(float(site["lat"]), float(site["lon"]), lats, lons)
            place = int(np.argmin(km))
            if km[place] < nearest.km:
                hidden = bool(site.get("confidential") or there[place].get("confidential"))
                nearest = Apart(float(km[place]), exact=not hidden)
        return nearest


def _placed(sites: Sequence[Record]) -> list[Record]:
    return [site for site in sites if site.get("lat") is not None and site.get("lon") is not None]
