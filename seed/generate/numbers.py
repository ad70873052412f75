"""Telephone numbers and e-mail addresses of nobody.

South Africa has no range of numbers set aside for fiction (ICASA's numbering plan names none, and neither
does the ITU), yet the registry accepts only numbers that `phonenumbers` calls valid. So all numbers come
from four narrow, patterned blocks that are valid in form and look unassigned:

* mobile `085 0xx xxxx`: `phonenumbers` (carrier data of release 9) knows an operator for every other
  block of mobile numbers we could use, and none for 085;
* toll-free `080 500 xxxx`, a block that carries no public helpline known to us;
* landline `0AA 000 xxxx`: the real area code with an exchange of three noughts;
* shared cost `086 000 xxxx` is left alone: such numbers are published by banks and hospitals.

This is a likelihood, not a promise: a regulator may assign any of them tomorrow. Never dial them.
E-mail addresses end in `.example`, which RFC 2606 keeps free for ever.
"""

from seed.generate.draw import Draw
from seed.generate.world import slug

MOBILE = "+27850"
TOLL_FREE = "+2780500"
EXCHANGE = "000"

AREA_CODES = {
    "BUF": "43", "NMA": "41", "DC10": "46", "DC12": "43", "DC13": "45", "DC14": "51", "DC15": "47",
    "DC44": "39", "MAN": "51", "DC16": "51", "DC18": "57", "DC19": "58", "DC20": "56", "JHB": "11",
    "TSH": "12", "EKU": "11", "DC42": "16", "DC48": "11", "ETH": "31", "DC21": "39", "DC22": "33",
    "DC23": "36", "DC24": "34", "DC25": "34", "DC26": "35", "DC27": "35", "DC28": "35", "DC29": "32",
    "DC43": "39", "DC33": "15", "DC34": "15", "DC35": "15", "DC36": "14", "DC47": "13", "DC30": "17",
    "DC31": "13", "DC32": "13", "DC37": "14", "DC38": "18", "DC39": "53", "DC40": "18", "DC6": "27",
    "DC7": "53", "DC8": "54", "DC9": "53", "DC45": "53", "CPT": "21", "DC1": "22", "DC2": "23",
    "DC3": "28", "DC4": "44", "DC5": "23",
}  # fmt: skip
"""District to area code (prefix without its nought), from the geographic numbers of the numbering plan."""


class Numbers:
    """Gives each number once; sharing a number is a fact about two people and is written by hand."""

    def __init__(self) -> None:
        self._draw = Draw("numbers")
        self._given: set[str] = set()

    def mobile(self) -> str:
        return self._fresh(MOBILE, 6)

    def toll_free(self) -> str:
        return self._fresh(TOLL_FREE, 4)

    def landline(self, district: str) -> str:
        return self._fresh(f"+27{AREA_CODES[district]}{EXCHANGE}", 4)

    def _fresh(self, prefix: str, digits: int) -> str:
        while True:
            number = f"{prefix}{self._draw.below(10**digits):0{digits}d}"
            if number not in self._given:
                self._given.add(number)
                return number


def address(name: str, domain: str) -> str:
    """`Zanele Ngubane-Smit` at `saps.example` is `zanele.ngubane.smit@saps.example`."""
    return f"{slug(name).replace('-', '.')}@{domain}"
