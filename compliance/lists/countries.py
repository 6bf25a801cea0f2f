"""Countries as list publishers write them -> ISO 3166 alpha-2."""

from functools import cache

from babel import Locale

from clients.words import fold

# What differs from CLDR's English names.
_OTHERWISE = {
    "bahamas the": "BS", "bosnia and herzegovina": "BA", "brunei": "BN", "burma": "MM", "cabo verde": "CV",
    "congo democratic republic of the": "CD", "congo republic of the": "CG", "cote d ivoire": "CI",
    "czech republic": "CZ", "east timor": "TL", "gambia the": "GM", "hong kong": "HK", "ivory coast": "CI",
    "korea north": "KP", "korea south": "KR", "kosovo": "XK", "macau": "MO", "macedonia": "MK",
    "north macedonia the republic of": "MK", "palestinian": "PS", "saint kitts and nevis": "KN",
    "saint vincent and the grenadines": "VC", "swaziland": "SZ", "the gambia": "GM",
    "trinidad and tobago": "TT", "man isle of": "IM", "turkey": "TR",
    "virgin islands british": "VG", "virgin islands us": "VI", "west bank": "PS",
    "china hong kong special administrative region": "HK", "congo": "CG",
    "democratic peoples republic of korea": "KP", "democratic republic of the congo": "CD",
    "former soviet union": "SU", "iran islamic republic of": "IR", "libyan arab jamahiriya": "LY",
    "macedonia the former yugoslav republic of": "MK", "myanmar": "MM", "netherlands antilles": "AN",
    "region gaza": "PS", "region west bank": "PS", "region crimea": "UA", "republic of korea": "KR",
    "russian federation": "RU", "state of palestine": "PS", "sultanate of oman": "OM",
    "syrian arab republic": "SY", "the netherlands": "NL", "union of the comoros": "KM",
    "united kingdom of great britain and northern ireland": "GB", "united republic of tanzania": "TZ",
    "united states of america": "US", "viet nam": "VN",
}  # fmt: skip


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories.items()
    return {fold(name): code for code, name in territories if len(code) == 2 and code.isalpha()} | _OTHERWISE


@cache
def country_code(name: str) -> str:
    """ "Iran" -> "IR"; what is not known stays one word ("region-gaza"), "undetermined" is nothing."""
    folded = fold(name)
    if not folded or folded.startswith("undetermined"):
        return ""
    return _names().get(folded) or folded.replace(" ", "-")
