"""Companies, family holdings and foundations: names with the legal forms of their country."""

from rmcrm.synthetic.names import CULTURES, Chance, family_of
from rmcrm.synthetic.places import Country

LEGAL_FORMS = {
    "CH": ["AG", "GmbH", "SA", "Sàrl"], "DE": ["GmbH", "GmbH & Co. KG", "AG", "OHG"], "AT": ["GmbH", "AG", "KG"],
    "GB": ["Ltd", "Limited", "plc", "LLP"], "FR": ["SAS", "SARL", "SA"], "IT": ["S.r.l.", "S.p.A.", "S.n.c."],
    "ES": ["S.L.", "S.A."], "PT": ["Lda", "S.A."], "NL": ["B.V.", "N.V."], "PL": ["Sp. z o.o.", "S.A."],
    "CZ": ["s.r.o.", "a.s."], "HU": ["Kft.", "Zrt."], "RO": ["SRL", "SA"], "HR": ["d.o.o.", "d.d."], "SE": ["AB"],
    "DK": ["ApS", "A/S"], "NO": ["AS"], "FI": ["Oy"], "LT": ["UAB"], "GR": ["AE", "IKE"], "BG": ["OOD", "AD"],
    "TR": ["Ltd. Şti.", "A.Ş."], "UA": ["TOV"], "AE": ["LLC", "FZE", "FZCO"], "IL": ["Ltd"], "IN": ["Pvt. Ltd", "Ltd"],
    "CN": ["Co., Ltd"], "HK": ["Limited"], "JP": ["K.K.", "G.K."], "KR": ["Co., Ltd"], "SG": ["Pte. Ltd"],
    "ID": ["Tbk", "PT"], "BR": ["Ltda", "S.A."], "MX": ["S.A. de C.V."], "US": ["LLC", "Inc."], "NG": ["Ltd"], "ZA": ["(Pty) Ltd"],
}  # fmt: skip
INDUSTRIES = [
    ("Carpentry", "Holzbau Carpentry Falegnameria Menuiserie Timber"), ("Bakery", "Bakery Panificio Boulangerie Backwaren"),
    ("Logistics", "Logistics Transport Spedition Logistica Freight"), ("Machine building", "Maschinenbau Engineering Meccanica Machines"),
    ("Software", "Software Systems Digital Data Cloud"), ("Medical practice", "Medical Praxis Clinic Dental"),
    ("Restaurants and hotels", "Gastro Hotels Hospitality Ristoranti"), ("Wholesale trade", "Trading Handel Commerce Import Distribution"),
    ("Construction", "Bau Construction Costruzioni Building"), ("Electrical installation", "Elektro Electric Power Solar"),
    ("Farming and food", "Agro Foods Farms Wine"), ("Chemicals", "Chemicals Coatings Polymers"),
    ("Textiles", "Textil Textiles Fashion Wear"), ("Property", "Immobilien Properties Real~Estate Estates"),
    ("Consulting", "Consulting Advisory Partners Treuhand"), ("Precision instruments", "Precision Optik Instruments Sensors"),
    ("Car dealers", "Garage Automobile Motors Cars"), ("Printing and media", "Media Druck Print Studio"),
    ("Pharma and biotech", "Pharma Biotech Life~Sciences Laboratories"), ("Shipping", "Shipping Marine Maritime"),
]  # fmt: skip
_WORDS = [
    "Alpen", "Rhein", "Nord", "Süd", "West", "Ost", "Terra", "Aqua", "Nova", "Prima", "Delta", "Omega", "Vita", "Luma",
    "Ferro", "Silva", "Astra", "Corona", "Globo", "Inter", "Euro", "Trans", "Uni", "Multi", "Opti", "Clara", "Meridio",
    "Boreal", "Solar", "Lunar", "Helio", "Hydro", "Aero", "Geo", "Petra", "Granit", "Cobalt", "Amber", "Cedar", "Linden",
]  # fmt: skip
_ENDS = [
    "tec",
    "plan",
    "werk",
    "line",
    "form",
    "bau",
    "net",
    "pro",
    "mark",
    "port",
    "gate",
    "field",
    "stone",
    "wave",
]
HOLDINGS = ["Family Holding", "Beteiligungen", "Invest", "Family Office", "Capital", "Estates"]


def company(country: Country, chance: Chance) -> tuple[str, str, str]:
    """(name without form, legal form, industry): half carry a founder's name, half an invented one."""
    industry, words = INDUSTRIES[int(chance() * len(INDUSTRIES))]
    nouns = words.split()
    noun = nouns[int(chance() * len(nouns))].replace("~", " ")
    forms = LEGAL_FORMS.get(country.code, ["Ltd"])
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
