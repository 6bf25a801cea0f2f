"""The persons and organisations on a file: who the client is, spouse and children, owners and directors."""

from collections.abc import Iterable

from rmcrm.synthetic import people, truths
from rmcrm.synthetic.client import NULL, PARTY, RELATIONSHIP, ClientFile
from rmcrm.synthetic.names import CULTURES, person
from rmcrm.synthetic.organisations import company, holding

# Where some of those who live elsewhere come from; several are under increased monitoring.
_FOREIGN = [
    "VN",
    "BA",
    "LB",
    "SY",
    "VE",
    "KE",
    "BG",
    "CM",
    "IR",
    "IQ",
    "MC",
    "RS",
    "XK",
    "MA",
    "TN",
    "EG",
    "TH",
    "PH",
]


def draw_person(file: ClientFile) -> None:
    chance, home = file.chance, file.home
    file.stage = people.STAGE[file.segment].pick(chance())
    youngest, years = people.AGE[file.stage]
    file.age = youngest + chance() * years
    file.birth_day = -int(file.age * 365.25)
    file.birth_text = file.days.iso(file.birth_day)
    name = person(home.culture, home.sex, chance, home.family)
    file.name, file.given, file.family, file.native = name.full, name.given, name.family, name.native
    file.nationality = home.country.code
    draw = chance()
    if draw < 0.07:
        file.nationality = file.book.market.domiciles.pick(chance())
    elif draw < 0.085:
        file.nationality = _FOREIGN[int(chance() * len(_FOREIGN))]
    jobs = people.jobs_of(file.segment, file.stage)
    file.occupation, file.legal_form, file.sex = jobs[int(chance() * len(jobs))], "", home.sex
    if file.planted == "sanctioned_names":
        listed = truths.SANCTIONED_PERSONS[_any_of(file.id, len(truths.SANCTIONED_PERSONS))]
        file.given, file.family, file.native, file.sex = listed.given, listed.family, "", "m"
        file.name = f"{listed.given} {listed.family}"
        file.birth_text, file.nationality = listed.born, listed.nationality
    file.all_names = [file.name, file.native] if file.native else [file.name]


def _any_of(number: int, count: int) -> int:
    """One of so many, spread also where the numbers are evenly spaced, as those of planted clients are."""
    return (number * 2_654_435_761 >> 12) % count


def draw_organisation(file: ClientFile) -> None:
    chance, home = file.chance, file.home
    file.stage = people.GROWTH[file.segment].pick(chance())
    if file.segment == "hnw":
        file.legal_form, file.occupation = "AG", "Asset management"
        file.name = f"{holding(home.family.latin, chance)} AG"
    else:
        name, file.legal_form, file.occupation = company(home.country, chance)
        file.name = f"{name} {file.legal_form}"
    if file.planted == "sanctioned_names":
        file.name = truths.SANCTIONED_FIRMS[_any_of(file.id, len(truths.SANCTIONED_FIRMS))]
    file.age = 3 * chance() if file.stage == "start_up" else 4 + 70 * chance() * chance()
    file.birth_day = -int(file.age * 365.25) - 420
    file.birth_text = file.days.iso(file.birth_day)
    file.given = file.family = file.native = file.sex = ""
    file.nationality = home.country.code
    file.all_names = [file.name]


def write_person(file: ClientFile) -> None:
    """The main party, and of the family who matters to the bank."""
    chance = file.chance
    main = _main_party(file)
    rich = file.segment != "mass"
    married = people.MARRIED[file.stage] * (
        1.0 if rich else 0.4
    )  # retail names a spouse only where it matters
    if not file.partner and chance() < married:
        other = "m" if file.sex == "f" else "f"
        file.spouse = _relative(file, other, file.birth_day + int((chance() - 0.5) * 3000))
        _relate(file, file.spouse, main, "spouse")
    children = people.CHILDREN.get(file.stage, 0.0) * (1.0 if rich else 0.35)
    if file.age > 30 and chance() < children:
        for _ in range(1 + int(chance() * 2.4)):
            born = max(file.birth_day + int((24 + chance() * 14) * 365.25), file.birth_day + 7400)
            if born < -30:
                _relate(file, _relative(file, "f" if chance() < 0.5 else "m", born), main, "child")


def write_organisation(file: ClientFile) -> None:
    """The main party, its director, and who owns it in which shares, through which firms."""
    chance, since = file.chance, file.days.iso(file.birth_day + 30)
    main = _main_party(file)
    edges: list[tuple[int, int]] = []

    def owns(owner: int, owned: int, share: float) -> None:
        _relate(file, owner, owned, "owner", f"{share:.3f}", since)
        edges.append((owner, owned))

    director = _someone(file, "Managing director")
    _relate(file, director, main, "director", NULL, since)
    shape = chance()
    if file.planted == "cyclic_owners":
        above, below = _firm(file, "Holding AG"), _firm(file, "Services GmbH")
        owns(above, main, 60)
        owns(main, below, 100)
        owns(below, above, 51)
        owns(director, above, 49)
        owns(director, main, 40)
    elif shape < 0.3:
        above = _firm(file, "Holding AG")
        owns(above, main, 80)
        owns(director, main, 20)
        owns(_someone(file, "Investor"), above, 70)
        owns(_someone(file, "Investor"), above, 30)
    elif shape < 0.65:
        half = 50 + int(chance() * 40)
        owns(director, main, half)
        owns(_someone(file, "Co-owner"), main, 100 - half)
    elif shape < 0.85:
        owns(director, main, 100)
    else:
        for share in (40.0, 35.0, 25.0):
            owns(_someone(file, "Co-owner"), main, share)
    file.signatory = director
    if chance() < 0.3:
        file.signatory = _someone(file, "Head of finance")
        _relate(file, file.signatory, main, "signatory", NULL, since)
    if chance() < 0.2:
        _relate(file, _someone(file, "Tax adviser"), main, "adviser")
    if has_cycle(edges):
        file.truth("cyclic_owners")


def has_cycle(edges: Iterable[tuple[int, int]]) -> bool:
    """Does ownership lead from someone through others back?"""
    below: dict[int, list[int]] = {}
    for owner, owned in edges:
        below.setdefault(owner, []).append(owned)
    for start in below:
        seen: set[int] = set()
        ahead = list(below[start])
        while ahead:
            at = ahead.pop()
            if at == start:
                return True
            if at not in seen:
                seen.add(at)
                ahead.extend(below.get(at, ()))
    return False


def _main_party(file: ClientFile) -> int:
    return _party(
        file, file.kind, file.name, file.given, file.family, file.native, file.birth_text, file.sex,
        file.nationality, file.occupation, file.legal_form,
    )  # fmt: skip


def _relative(file: ClientFile, sex: str, born: int) -> int:
    name = person(file.home.culture, sex, file.chance, file.home.family)
    file.all_names += [name.full, name.native] if name.native else [name.full]
    return _party(
        file,
        "person",
        name.full,
        name.given,
        name.family,
        name.native,
        file.days.iso(born),
        sex,
        file.nationality,
        "",
        "",
    )


def _someone(file: ClientFile, occupation: str) -> int:
    """A director, owner or adviser of an organisation."""
    chance, country = file.chance, file.home.country
    sex = "f" if chance() < 0.35 else "m"
    name = person(CULTURES[country.cultures.pick(chance())], sex, chance)
    file.all_names += [name.full, name.native] if name.native else [name.full]
    born = file.days.iso(-int((32 + chance() * 40) * 365.25))
    return _party(
        file,
        "person",
        name.full,
        name.given,
        name.family,
        name.native,
        born,
        sex,
        country.code,
        occupation,
        "",
    )


def _firm(file: ClientFile, suffix: str) -> int:
    name = f"{file.name.split(' ')[0]} {suffix}"
    file.all_names.append(name)
    country = file.home.country.code
    form = suffix.split()[-1]
    return _party(
        file, "organisation", name, "", "", "", file.birth_text, "", country, "Holding company", form
    )


def _party(file: ClientFile, kind: str, name: str, given: str, family: str, native: str, born: str, sex: str,
           nation: str, occupation: str, form: str) -> int:  # fmt: skip
    number = file.id * PARTY + file.parties
    main = "f" if file.parties else "t"
    file.parties += 1
    file.out["clients_party"](
        f"{number}\t{file.id}\t{kind}\t{main}\t{name}\t{given}\t{family}\t{native}\t{born}\t{sex}\t{nation}\t"
        f"{file.home.country.code}\t{occupation}\t{form}\n"
    )
    return number


def _relate(file: ClientFile, party: int, of: int, kind: str, share: str = NULL, since: str = NULL) -> None:
    number = file.id * RELATIONSHIP + file.relations
    file.relations += 1
    file.out["clients_relationship"](
        f"{number}\t{file.id}\t{party}\t{of}\t{kind}\t{share}\t{since}\t{NULL}\n"
    )
