"""What each kind of field takes, keeps and refuses."""

from typing import Any

import pytest

from directory import answers, fields
from directory.errors import Invalid
from directory.fields import Field, Wrong
from directory.services.reach import clean_phone, clean_value, is_geographic

HOURS = answers.hours("")
NIGHT = {"days": ["fri"], "opens": "18:00", "closes": "06:00"}

TAKEN: list[tuple[Field, Any, Any]] = [
    (fields.Text(), "  Zoë  ", "Zoë"),
    (fields.Url(), "https://haven.example/a?b=c", "https://haven.example/a?b=c"),
    (fields.Email(), "Desk@HAVEN.example", "Desk@haven.example"),
    (fields.Language(), "sfs", "sfs"),
    (fields.Province(), "ZA-KZN", "ZA-KZN"),
    (fields.District(), "DC34", "DC34"),
    (fields.Integer(most=5), 3.0, 3),
    (fields.Number(least=-90, most=90), -90, -90.0),
    (fields.Day(), "2024-02-29", "2024-02-29"),
    (fields.Instant(), "2026-11-21T22:00:00+02:00", "2026-11-21T20:00:00+00:00"),
    (fields.Listing(of=fields.Language()), ["eng", "eng", "zul"], ["eng", "zul"]),
    (HOURS, "24h", "24h"),
    (HOURS, [NIGHT], [NIGHT]),
    (HOURS, [{**NIGHT, "closes": "24:00"}], [{**NIGHT, "closes": "00:00"}]),
    (answers.YesNo(), True, "yes"),
    (answers.limit(0, 130), "unknown", "unknown"),
]

REFUSED: list[tuple[Field, Any]] = [
    (fields.Text(), "   "),
    (fields.Text(), "\u200b"),
    (fields.Text(), "\u00ad \u2060"),
    (fields.Text(most=3), "four"),
    (fields.Text(), "a\x00b"),
    (fields.Text(), "\ud800"),
    (fields.Text(), 7),
    (fields.Url(), "javascript:alert(1)"),
    (fields.Url(), "https://user@host"),
    (fields.Email(), "nobody"),
    (fields.Language(), "xxz"),
    (fields.Language(), "EN"),
    (fields.Province(), "ZA-NL"),
    (fields.District(), "DC99"),
    (fields.Integer(), True),
    (fields.Integer(), -1),
    (fields.Integer(), 10**400),
    (fields.Number(least=0, most=1), float("nan")),
    (fields.Number(least=0, most=1), 1.01),
    (fields.Boolean(), "yes"),
    (fields.Day(), "2026-02-29"),
    (fields.Day(), "20260201"),
    (fields.Instant(), "2026-11-21T22:00:00"),
    (fields.Instant(), "0001-01-01T00:00:00+14:00"),
    (fields.Listing(of=fields.Language(), most=1), ["eng", "zul"]),
    (fields.Code(among=("a",)), ["a"]),
    (fields.Id(to="sites"), "{12345678-1234-5678-1234-567812345678}"),
    (HOURS, "always"),
    (HOURS, [{**NIGHT, "days": []}]),
    (HOURS, [{**NIGHT, "opens": "25:00"}]),
    (answers.limit(0, 130), 131),
]


@pytest.mark.parametrize(("field", "given", "kept"), TAKEN, ids=str)
def test_a_field_keeps_what_it_takes(field: Field, given: Any, kept: Any) -> None:
    assert field.clean(given) == kept


@pytest.mark.parametrize(("field", "given"), REFUSED, ids=str)
def test_a_field_refuses_with_a_sentence(field: Field, given: Any) -> None:
    with pytest.raises(Wrong) as caught:
        field.clean(given)
    assert all(said for said in caught.value.errors.values())


def test_errors_name_the_path_of_each_field() -> None:
    shape = {"hours": HOURS, "name": fields.Text(required=True), "ages": fields.Listing(of=fields.Integer())}
    with pytest.raises(Invalid) as caught:
        fields.checked(shape, {"ages": [1, "x"], "colour": "red"})
    assert set(caught.value.errors) == {"ages.1", "colour", "name"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("082 123 4567", "+27821234567"), ("+27 (0)12 345 6789", "+27123456789"), ("10111", "10111"), ("116", "116")],
)
def test_phones_are_kept_in_e164_or_as_dialled(given: str, kept: str) -> None:
    assert clean_phone(given) == kept


@pytest.mark.parametrize("given", ["+2782123456", "call me", "+1", "", "082 123 4567 ext 5", "99999999999999999999"])
def test_what_is_no_phone_is_refused(given: str) -> None:
    with pytest.raises(Wrong):
        clean_phone(given)


def test_the_kind_of_channel_says_what_its_value_is() -> None:
    assert clean_value("on_call_roster", "roster@haven.example") == "roster@haven.example"
    assert clean_value("on_call_roster", "0800 222 777") == "+27800222777"
    with pytest.raises(Wrong):
        clean_value("role_mailbox", "0800 222 777")


def test_only_landlines_are_geographic() -> None:
    assert is_geographic("+27123456789")
    assert not any(map(is_geographic, ("+27821234567", "+27800222777", "10111", "desk@haven.example")))
