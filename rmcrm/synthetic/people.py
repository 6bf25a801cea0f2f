"""The life around a name: where someone lives and since when, stage, work, family."""

from typing import NamedTuple

from rmcrm.synthetic.dice import Weighted
from rmcrm.synthetic.names import CULTURES, Chance, Culture, Word, family_of
from rmcrm.synthetic.places import COUNTRIES, Country, Market
from rmcrm.synthetic.texts import listed, records


class Home(NamedTuple):
    """Drawn first for every client, so that a partner's file can draw the same again."""

    country: Country
    culture: Culture
    family: Word
    sex: str
    address: str


_LANGUAGES = {
    "CH": {"french": "fr", "italian": "it", "portuguese": "pt", "english": "en"},
    "CA": {"french": "fr"},
    "LT": {"russian": "ru"},
}


def language_of(home: Home) -> str:
    """The language of the country, or of the client's own part of it."""
    return _LANGUAGES.get(home.country.code, {}).get(home.culture.code, home.country.language)


def home(market: Market, chance: Chance) -> Home:
    country = COUNTRIES[market.domiciles.pick(chance())]
    culture = CULTURES[country.cultures.pick(chance())]
    family = family_of(culture, chance)
    sex = "f" if chance() < 0.5 else "m"
    city = country.cities[int(chance() * len(country.cities))]
    street = country.streets[int(chance() * len(country.streets))]
    number = 1 + int(chance() * chance() * 140)
    if country.code in {"GB", "US", "FR", "IN", "HK", "SG", "AE", "NG", "ZA"}:
        return Home(country, culture, family, sex, f"{number} {street}, {city}")
    return Home(country, culture, family, sex, f"{street} {number}, {city}")


_JOBS = {name: listed(jobs) for name, jobs in records("occupations.txt")[0].items()}


def jobs_of(segment: str, stage: str) -> list[str]:
    return _JOBS.get(stage) or _JOBS[segment]


MARRIED = {"student": 0.02, "starting": 0.15, "family": 0.75, "established": 0.7, "retirement": 0.55}
CHILDREN = {"family": 0.55, "established": 0.35}

# stage -> (weight for mass, affluent, hnw), youngest, years
_STAGES = {
    "student": ((9, 0, 0), 18, 7),
    "starting": ((22, 6, 1), 24, 10),
    "family": ((29, 31, 14), 29, 19),
    "established": ((24, 39, 49), 45, 18),
    "retirement": ((16, 24, 36), 63, 27),
}
STAGE = {
    segment: Weighted([(stage, weights[0][place]) for stage, weights in _STAGES.items()])
    for place, segment in enumerate(["mass", "affluent", "hnw"])
}
AGE = {stage: (youngest, years) for stage, (_, youngest, years) in _STAGES.items()}
GROWTH = {
    "sme": Weighted([("start_up", 12), ("growth", 33), ("mature", 40), ("succession", 15)]),
    "corporate": Weighted([("start_up", 1), ("growth", 29), ("mature", 62), ("succession", 8)]),
    "hnw": Weighted([("growth", 20), ("mature", 60), ("succession", 20)]),
}
EVENTS = {
    "student": ["education", "home", "employment"],
    "starting": ["employment", "marriage", "home", "education"],
    "family": ["birth", "marriage", "home", "employment"],
    "established": ["home", "employment", "inheritance", "education"],
    "retirement": ["retirement", "inheritance", "home"],
    "start_up": ["founded", "expansion"],
    "growth": ["expansion"],
    "mature": ["expansion", "succession"],
    "succession": ["succession"],
}
GOALS = {  # name, what would serve it, smallest and largest amount in euro, years ahead
    "student": [
        ("Semester abroad", "savings", 4_000, 12_000, 2),
        ("First car", "savings", 6_000, 18_000, 3),
    ],
    "starting": [
        ("Deposit for a first home", "savings", 30_000, 120_000, 6),
        ("World tour", "savings", 8_000, 25_000, 2),
    ],
    "family": [
        ("Children's education", "fund", 40_000, 150_000, 14),
        ("Own home", "mortgage", 60_000, 250_000, 5),
    ],
    "established": [
        ("Retire at 63", "pension", 150_000, 900_000, 12),
        ("Holiday home", "mortgage", 120_000, 600_000, 7),
    ],
    "retirement": [
        ("Income for life", "fund", 100_000, 700_000, 8),
        ("Gift to the grandchildren", "savings", 10_000, 90_000, 4),
    ],
}
