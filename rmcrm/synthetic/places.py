"""Countries and the bank's markets: who lives where, with which currency, phones and account numbers."""

from typing import NamedTuple

from rmcrm.synthetic.dice import Weighted, shares
from rmcrm.synthetic.texts import listed, records


class Country(NamedTuple):
    """`phones` end in ranges kept for fiction where the regulator keeps one; # is a digit."""

    code: str
    currency: str
    language: str
    phones: list[str]
    cultures: Weighted[str]
    cities: list[str]  # "8001 Zürich"
    streets: list[str]
    forms: list[str]  # of companies, the commonest first


def _country(record: dict[str, str]) -> Country:
    code, currency, language = record["country"].split()
    return Country(
        code,
        currency,
        language,
        record["phones"].split(),
        shares(record["cultures"]),
        listed(record["cities"]),
        listed(record["streets"]),
        record["forms"].split(" / "),
    )


COUNTRIES = {country.code: country for country in map(_country, records("countries.txt"))}


class Market(NamedTuple):
    """A city where the bank has teams: its clock, its holidays, its currency, who its clients are."""

    city: str
    region: str
    country: str
    time_zone: str
    domiciles: Weighted[str]


def _market(city: str, region: str, country: str, zone: str, mix: str) -> Market:
    return Market(city, region, country, zone, shares(mix))


_ABROAD = (
    " TR=1 AE=1.2 IN=1 CN=1 JP=.8 BR=.8 PL=1 CZ=1 ES=1 PT=1 NL=1 SE=.6 DK=.4 NO=.4 FI=.4 GR=.5 HU=.5 RO=.4"
    " HR=.5 UA=.4 IL=.5 HK=.5 KR=.4 SG=.5 ID=.3 MX=.3 US=.7 NG=.3 ZA=.3 LT=.3 BG=.3"
)
MARKETS = [
    _market("Zürich", "Switzerland", "CH", "Europe/Zurich", "CH=70 DE=7 IT=3 FR=3 AT=2 GB=2" + _ABROAD),
    _market(
        "Frankfurt", "Germany and Austria", "DE", "Europe/Berlin", "DE=80 AT=3 FR=2 CH=2 NL=1 GB=1" + _ABROAD
    ),
    _market("London", "United Kingdom", "GB", "Europe/London", "GB=76 FR=2 DE=1 IT=1 ES=1" + _ABROAD),
    _market("Genève", "Switzerland", "CH", "Europe/Zurich", "CH=60 FR=16 IT=2 GB=2 DE=1" + _ABROAD),
    _market("Paris", "Western Europe", "FR", "Europe/Paris", "FR=86 ES=1 IT=1 CH=1" + _ABROAD),
    _market("Milano", "Southern Europe", "IT", "Europe/Rome", "IT=88 CH=2 FR=1" + _ABROAD),
    _market("Wien", "Germany and Austria", "AT", "Europe/Vienna", "AT=70 DE=6 CZ=4 HU=5 HR=4 RO=3" + _ABROAD),
    _market("Madrid", "Southern Europe", "ES", "Europe/Madrid", "ES=84 PT=3 MX=3 GB=1" + _ABROAD),
    _market("Lisboa", "Southern Europe", "PT", "Europe/Lisbon", "PT=80 BR=8 ES=3" + _ABROAD),
    _market("Amsterdam", "Western Europe", "NL", "Europe/Amsterdam", "NL=84 DE=2 GB=1" + _ABROAD),
    _market(
        "Warszawa", "Central and Northern Europe", "PL", "Europe/Warsaw", "PL=80 UA=6 LT=4 DE=1" + _ABROAD
    ),
    _market("Praha", "Central and Northern Europe", "CZ", "Europe/Prague", "CZ=82 UA=3 DE=2" + _ABROAD),
    _market(
        "Stockholm",
        "Central and Northern Europe",
        "SE",
        "Europe/Stockholm",
        "SE=50 DK=14 NO=12 FI=12" + _ABROAD,
    ),
    _market("Athina", "Southern Europe", "GR", "Europe/Athens", "GR=60 BG=16 RO=8" + _ABROAD),
    _market("Dubai", "Middle East and India", "AE", "Asia/Dubai", "AE=45 IN=25 TR=8 IL=3 GB=3" + _ABROAD),
    _market("Mumbai", "Middle East and India", "IN", "Asia/Kolkata", "IN=88 AE=3" + _ABROAD),
    _market("Singapore", "Asia", "SG", "Asia/Singapore", "SG=30 CN=25 HK=10 JP=15 KR=10 ID=8" + _ABROAD),
    _market("São Paulo", "Americas", "BR", "America/Sao_Paulo", "BR=70 MX=6 US=10 PT=2" + _ABROAD),
]

# BBAN: digits that stand for a bank that does not exist, then the account in so many digits.
_BBAN = {
    "CH": ("99001", 12),
    "DE": ("99900100", 10),
    "GB": ("RMCR990010", 8),
    "AT": ("99001", 11),
    "FR": ("9990199001", 13),
    "IT": ("X9990199001", 12),
    "ES": ("9990199001", 10),
    "PT": ("99909990", 13),
    "NL": ("RMCR", 10),
    "PL": ("99909990", 16),
    "CZ": ("9990", 16),
    "SE": ("999", 17),
    "GR": ("9990990", 16),
    "AE": ("999", 16),
}


def _digits(text: str) -> str:
    return "".join(str(int(sign, 36)) for sign in text)


class AccountNumbers:
    """IBANs of one country, check digits by ISO 7064 mod 97-10; where there is no IBAN, plain numbers."""

    def __init__(self, country: str):
        self.country = country
        self.bank, self.length = _BBAN.get(country, ("", 0))
        self._start = int(_digits(self.bank) or "0") * 10**self.length
        self._end = int(_digits(country) + "00")

    def number(self, serial: int) -> str:
        # A bijection on ten digits (8 where the country has no more): not in the order of opening.
        digits = min(self.length, 10) or 10
        account = serial * 7_654_321 % 10**digits
        if not self.bank:
            return f"{self.country}9900{account:010d}"
        check = 98 - ((self._start + account) * 10**6 + self._end) % 97
        return f"{self.country}{check:02d}{self.bank}{account:0{self.length}d}"


ACCOUNT_NUMBERS = {market.country: AccountNumbers(market.country) for market in MARKETS}
