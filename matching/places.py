"""Places of a request, from what was asked to points and codes; never a guess between two of one name."""

from collections.abc import Sequence

from directory import geography
from directory.errors import Invalid
from directory.geography import AmbiguousPlace, Place
from matching.types import Avoid, AvoidAsked, Circle, Near, NearAsked, Point

MANY = "Several places have this name: choose one by place_id, or name its province."
NONE = "No place has exactly this name: choose one by place_id."


def near(asked: NearAsked) -> Near:
    """Where from. Raises Invalid with the candidates of a place that is unknown or ambiguous."""
    if asked.district is not None:
        return _seat(asked.district)
    if asked.point is not None:
        return _at(asked.point)
    place = _place(asked.place, asked.province, asked.place_id, "near")
    return Near(_label(place.name, place.province), place.lat, place.lon, place.province, place.district, place.id)


def avoid(asked: Sequence[AvoidAsked]) -> Avoid:
    """All that is to be avoided, without names. Raises Invalid as `near` does."""
    return Avoid(
        districts=frozenset(
            _district(one.district, f"avoid.{i}") for i, one in enumerate(asked) if one.district is not None
        ),
        circles=tuple(_circle(one, f"avoid.{i}") for i, one in enumerate(asked) if _is_place(one)),
        organisations=frozenset(one.organisation_id for one in asked if one.organisation_id is not None),
        departments=frozenset(one.department_id for one in asked if one.department_id is not None),
    )


def _is_place(asked: AvoidAsked) -> bool:
    return asked.place is not None or asked.place_id is not None or asked.point is not None


def _circle(asked: AvoidAsked, path: str) -> Circle:
    if asked.radius_km is None:
        raise Invalid({f"{path}.radius_km": ["Required beside a place or point."]})
    if asked.point is not None:
        return Circle(asked.point.lat, asked.point.lon, asked.radius_km)
    place = _place(asked.place, asked.province, asked.place_id, path)
    return Circle(place.lat, place.lon, asked.radius_km)


def _district(code: str, path: str) -> str:
    if code not in geography.districts():
        raise Invalid({f"{path}.district": ["No such district."]})
    return code


def _seat(code: str) -> Near:
    district = geography.districts()[_district(code, "near")]
    label = _label(district.seat, district.province)
    return Near(label, district.lat, district.lon, district.province, district.code, district.seat_place_id)


def _at(point: Point) -> Near:
    """A point has the district of the nearest place of its own province; one outside the country has none."""
    place = geography.locate(point.lat, point.lon)
    label = f"{point.lat:.2f}, {point.lon:.2f}"
    if place is None:
        return Near(label, point.lat, point.lon, None, None)
    return Near(_label(label, place.province), point.lat, point.lon, place.province, place.district)


def _place(name: str | None, province: str | None, place_id: str | None, path: str) -> Place:
    if place_id is not None:
        found = geography.places_by_id().get(place_id)
        if found is None:
            raise Invalid({f"{path}.place_id": ["No such place."]}, [])
        return found
    try:
        return geography.resolve_place(name or "", province)
    except AmbiguousPlace as error:
        shown = [geography.describe(place) for place in error.candidates]
        exact = [p for p in error.candidates if geography.normalise(name or "") in _names(p)]
        raise Invalid({f"{path}.place": [MANY if exact else NONE]}, shown) from error


def _names(place: Place) -> set[str]:
    return {geography.normalise(name) for name in (place.name, *place.alternate_names)}


def _label(name: str, province: str) -> str:
    return f"{name}, {geography.provinces()[province]}"
