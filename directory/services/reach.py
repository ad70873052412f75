"""The values by which people and desks are reached: numbers in E.164, short numbers as dialled, mailboxes."""

import re

from directory.fields import Email, Wrong

REGION = "ZA"
COUNTRY_CODE = 27
NATIONAL_DIGITS = 9
MAILBOXES = ("person_email", "role_mailbox")
EITHER = ("on_call_roster",)


def clean_value(channel_kind: str, value: str) -> str:
    """The value as kept for a channel of this kind. Raises Wrong."""
    mailbox = channel_kind in MAILBOXES or (channel_kind in EITHER and "@" in value)
    return Email().clean(value) if mailbox else clean_phone(value)


def clean_phone(value: str) -> str:
    """A telephone number in E.164, or a South African short number in digits. Raises Wrong.

    The metadata takes South African mobiles of eight digits as valid; national numbers have nine.
    """
    import phonenumbers

    digits = re.sub(r"[\s()./-]", "", value)
    if re.fullmatch(r"\d{3,6}", digits):
        short = phonenumbers.parse(digits, REGION)
        if phonenumbers.is_possible_short_number_for_region(short, REGION):
            return digits
    try:
        number = phonenumbers.parse(value, REGION)
    except phonenumbers.NumberParseException:
        raise Wrong("Must be a telephone number, such as +27 12 345 6789.") from None
    national = len(str(number.national_number))
    if not phonenumbers.is_valid_number(number) or (number.country_code == COUNTRY_CODE and national < NATIONAL_DIGITS):
        raise Wrong("Must be a valid telephone number.")
    if number.extension:
        raise Wrong("Must not have an extension.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_geographic(value: str) -> bool:
    """Whether a kept value is a landline, whose area code tells a place."""
    if not value.startswith("+"):
        return False
    import phonenumbers

    number = phonenumbers.parse(value)
    kind = phonenumbers.number_type(number)
    return kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
