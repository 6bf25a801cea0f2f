"""Companies, family holdings and foundations: names with the legal forms of their country."""

from rmcrm.synthetic.names import CULTURES, Chance, family_of
from rmcrm.synthetic.places import Country
from rmcrm.synthetic.texts import listed, records

_LISTS, _TRADES = records("organisations.txt")
INDUSTRIES = [(industry, listed(nouns)) for industry, nouns in _TRADES.items()]
_WORDS, _ENDS, HOLDINGS = (listed(_LISTS[name]) for name in ("words", "ends", "holdings"))


def company(country: Country, chance: Chance) -> tuple[str, str, str]:
    """(name without form, legal form, industry): half carry a founder's name, half an invented one."""
    industry, nouns = INDUSTRIES[int(chance() * len(INDUSTRIES))]
    noun = nouns[int(chance() * len(nouns))]
    forms = country.forms
    form = forms[int(chance() * chance() * len(forms))]
    kind = chance()
    if kind < 0.5:
        culture = CULTURES[country.cultures.pick(chance())]
        founder = family_of(culture, chance).latin
        if kind < 0.12:
            return f"{founder} & {_one_family(culture.code, chance)} {noun}", form, industry
        return f"{founder} {noun}", form, industry
    invented = _WORDS[int(chance() * len(_WORDS))] + _ENDS[int(chance() * len(_ENDS))]
    city = country.cities[int(chance() * len(country.cities))].strip("0123456789- ").split(" ")[-1]
    if kind < 0.8 or not city.isalpha():
        return f"{invented} {noun}", form, industry
    return f"{invented} {noun} {city}", form, industry


def holding(family: str, chance: Chance) -> str:
    return f"{family} {HOLDINGS[int(chance() * len(HOLDINGS))]}"


def _one_family(code: str, chance: Chance) -> str:
    families = CULTURES[code].families
    return families[int(chance() * len(families))].latin
