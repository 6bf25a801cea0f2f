"""Numbers that check themselves: accounts, legal entities, taxpayers. Pure.

IBAN: ISO 13616 with ISO 7064 MOD 97-10. LEI: ISO 17442. Tax numbers: the country sheets of the OECD's
automatic exchange portal and the European Commission's "TIN algorithms". A number of a country that is not
in the table is taken as it is: what cannot be checked is not refused.
"""

import re
from collections import Counter
from collections.abc import Callable

# Length of an IBAN by country (SWIFT IBAN registry); of others only the outline is known.
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BH": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "KW": 30, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31,
    "NL": 18, "NO": 15, "PL": 28, "PT": 25, "QA": 29, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip


def tidy_number(number: str) -> str:
    """Without what people write between: "756.9217.0769.85" -> "7569217076985"."""
    return number if number.isdecimal() else re.sub(r"[\s.\-/]", "", number).upper()


def _mod_97(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


def refusals_to_iban(number: str) -> list[str]:
    """An account number of the right length whose check digits fit."""
    iban = tidy_number(number)
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban):
        return ["An IBAN begins with a country and two digits: CH93 0076 2011 6238 5295 7."]
    expected = IBAN_LENGTHS.get(iban[:2])
    if expected and len(iban) != expected:
        return [f"An IBAN of {iban[:2]} has {expected} signs, this one {len(iban)}."]
    if _mod_97(iban[4:] + iban[:4]) != 1:
        return ["The check digits of this IBAN do not fit: a digit is wrong or two are swapped."]
    return []


def refusals_to_lei(number: str) -> list[str]:
    """A legal entity identifier: 18 signs and two check digits."""
    lei = tidy_number(number)
    if not re.fullmatch(r"[A-Z0-9]{18}\d{2}", lei):
        return ["An LEI has 20 signs: 18 letters or digits and two check digits."]
    return [] if _mod_97(lei) == 1 else ["The check digits of this LEI do not fit."]


# --- tax numbers: each gives True when the number may be one ----------------------------------------------


def _digits(number: str, count: int) -> bool:
    return len(number) == count and number.isascii() and number.isdigit()


def _germany(number: str, kind: str) -> bool:
    """IdNr: 11 digits, one and only one of the first ten twice or thrice; ISO 7064 MOD 11,10.

    Thrice, but not three in a row (section 139b AO). Firms: Steuernummer.
    """
    if kind == "organisation":
        return number.isdigit() and 10 <= len(number) <= 13
    if not _digits(number, 11) or number[0] == "0" or re.search(r"(\d)\1\1", number[:10]):
        return False
    if [times for times in Counter(number[:10]).values() if times > 1] not in ([2], [3]):
        return False
    product = 10
    for digit in number[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(number[10])


def _france(number: str, kind: str) -> bool:
    """SPI: 13 digits, the last three are the first ten modulo 511. Firms: SIREN, a Luhn number."""
    if kind == "organisation":
        return _digits(number, 9) and _luhn(number)
    return _digits(number, 13) and number[0] in "0123" and int(number[:10]) % 511 == int(number[10:])


def _luhn(number: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(number)):
        digit = int(sign) * (place % 2 + 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
         14, 16, 10, 22, 25, 24, 23],
        strict=True,
    )
)  # fmt: skip


def _italy(number: str, kind: str) -> bool:
    """Codice fiscale: 15 signs and a letter. Firms: partita IVA, a Luhn number of 11 digits."""
    if kind == "organisation":
        return _digits(number, 11) and _luhn(number)
    place = r"[0-9LMNPQRSTUV]"
    if not re.fullmatch(rf"[A-Z]{{6}}{place}{{2}}[A-EHLMPRST]{place}{{2}}[A-Z]{place}{{3}}[A-Z]", number):
        return False
    even = sum(int(sign) if sign.isdigit() else ord(sign) - 65 for sign in number[1:15:2])
    return chr(65 + (sum(_ODD[sign] for sign in number[0:15:2]) + even) % 26) == number[15]


def _spain(number: str, kind: str) -> bool:
    """DNI or NIE: eight digits (or X, Y, Z and seven) and their letter modulo 23. Firms: a NIF's outline.

    A NIF that begins with K, L or M is of a person without either: the young, Spaniards abroad, foreigners.
    """
    if kind == "organisation":
        return bool(re.fullmatch(r"[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]", number))
    if re.fullmatch(r"[KLM]\d{7}[A-Z]", number):
        return True
    if not re.fullmatch(r"[XYZ0-9]\d{7}[A-Z]", number):
        return False
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def _switzerland(number: str, kind: str) -> bool:
    """AHV number: 756 and an EAN-13 check digit. Firms: UID, CHE and nine digits modulo 11."""
    if kind == "organisation":
        found = re.fullmatch(r"CHE(\d{9})(MWST|TVA|IVA|HR)?", number)
        if not found:
            return False
        digits = found[1]
        rest = 11 - sum(int(d) * w for d, w in zip(digits[:8], (5, 4, 3, 2, 7, 6, 5, 4), strict=True)) % 11
        return rest % 11 == int(digits[8]) and rest != 10
    if not _digits(number, 13) or not number.startswith("756"):
        return False
    return (sum(map(int, number[0::2])) + 3 * sum(map(int, number[1::2]))) % 10 == 0


def refusals_to_register_number(country: str, number: str) -> list[str]:
    """A Swiss UID checks itself, whether it stands in a register or on a tax form; others are taken as is."""
    tidy = tidy_number(number)
    if country != "CH" or not tidy.startswith("CHE") or _switzerland(tidy, "organisation"):
        return []
    return ["The check digit of this number does not fit: a digit is wrong or two are swapped."]


def gives_tax_numbers(country: str) -> bool:
    """Of these countries the product knows the numbers, so there are some."""
    return country in _TAX_NUMBERS


def _britain(number: str, kind: str) -> bool:
    """UTR: ten digits, the first checks the others modulo 11. Persons also: a National Insurance number."""
    nino = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
    if kind == "person" and re.fullmatch(nino, number):
        return True
    number = number.removesuffix("K").removeprefix("K")
    if not _digits(number, 10):
        return False
    total = sum(int(d) * w for d, w in zip(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2), strict=True))
    return "21987654321"[total % 11] == number[0]


def _america(number: str, kind: str) -> bool:
    """Persons: SSN or ITIN; firms: EIN. They have no check digit, but numbers that were never given."""
    if not _digits(number, 9):
        return False
    if kind == "organisation":
        return number[:2] not in {"00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70",
                                  "78", "79", "89", "96", "97"}  # fmt: skip
    if number[0] == "9":  # an ITIN
        return "50" <= number[3:5] <= "99" and number[3:5] not in {"66", "67", "68", "69", "89", "93"}
    return number[:3] not in {"000", "666"} and number[3:5] != "00" and number[5:] != "0000"


_TAX_NUMBERS: dict[str, tuple[str, str, Callable[[str, str], bool]]] = {
    "CH": ("Switzerland", "756.9217.0769.85, for a firm CHE-100.155.212", _switzerland),
    "DE": ("Germany", "11 digits", _germany),
    "ES": ("Spain", "54362315K", _spain),
    "FR": ("France", "13 digits, for a firm 9", _france),
    "GB": ("the United Kingdom", "ten digits (UTR), or AB 12 34 56 C", _britain),
    "IT": ("Italy", "16 signs, for a firm 11 digits", _italy),
    "US": ("the United States", "9 digits", _america),
}


def refusals_to_tax_number(country: str, number: str, kind: str) -> list[str]:
    """A number that cannot be one of that country. `kind`: "person" or "organisation"."""
    known = _TAX_NUMBERS.get(country)
    tidy = tidy_number(number)
    if not tidy or known is None:
        return []
    if len(set(tidy)) == 1:
        return ["This is no tax number: all its signs are the same."]
    name, outline, fits = known
    if fits(tidy, kind):
        return []
    return [f"This is no tax number of {name} ({outline}): a digit is wrong or two are swapped."]
