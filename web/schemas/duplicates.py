"""Pairs of records that are likely one, as they are asked and answered."""

from collections.abc import Mapping
from typing import Any

from directory.alike import CROWD, LISTED, WEIGHTS
from directory.fields import Boolean, Code, Field, Id, Listing, Number, Province, Shape, Text
from directory.services import duplicates, likely_one
from web.schemas.access import ID, INSTANT
from web.schemas.examples import EXAMPLES
from web.schemas.filters import PAGING
from web.schemas.network_examples import MADE, SHELTER
from web.smorest import Answer, Body, page_of, schema_of

REASONS = ("name_alike", *WEIGHTS, *dict.fromkeys(sort.place for _, sort in likely_one.READ.values()))
PAIRS: Mapping[str, Field] = {
    "collection": Code(among=duplicates.PATHS, doc="People are compared by coordinators alone."),
    "province": Province(doc="One of the two lies there, by what is published."),
    "organisation_id": Id(to="organisations", doc="One of the two is it, or belongs to it."),
    "min_score": Number(least=0, most=1, doc=f"At least so likely; {LISTED} is the least that is listed."),
    "dismissed": Boolean(doc="Those of which somebody said that they are not one."),
    **PAGING,
}
RECORD = Shape(fields={"id": ID, "name": Text(doc="Of a number its kind.")})
PAIR: Mapping[str, Field] = {
    "collection": Code(among=duplicates.PATHS, required=True),
    "records": Listing(of=RECORD, most=2, required=True),
    "score": Number(least=0, most=1, required=True, doc="How likely they are one, as a number to sort by."),
    "reasons": Listing(
        of=Code(among=REASONS),
        required=True,
        doc=f"What both say, as published. What more than {CROWD} records share is no reason.",
    ),
    "dismissal_id": Id(to="", doc="Null for who is likely one."),
}
DISMISSAL: Mapping[str, Field] = {"id": ID, **duplicates.FIELDS, "at": INSTANT}

PAIR_PAGE = page_of(schema_of("LikelyPair", PAIR, Answer))
DISMISSAL_WRITE = schema_of("DismissalWrite", duplicates.FIELDS, Body)
DISMISSAL_READ = schema_of("Dismissal", DISMISSAL, Answer)

KEPT: Mapping[str, Any] = EXAMPLES["organisations"].read
PAIR_SHOWN: Mapping[str, Any] = {
    "collection": "organisations",
    "records": [{"id": KEPT["id"], "name": KEPT["name"]}, {"id": SHELTER, "name": "Lesedi Haus"}],
    "score": 0.752,
    "reasons": ["name_alike", "same_telephone", "same_district"],
    "dismissal_id": None,
}
DISMISSAL_GIVEN: Mapping[str, Any] = {"collection": "organisations", "ids": [KEPT["id"], SHELTER]}
DISMISSAL_SHOWN: Mapping[str, Any] = {"id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7d01", **DISMISSAL_GIVEN, "at": MADE}
