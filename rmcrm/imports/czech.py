"""Made-up Czech names: the real ones were taken out of the data, and a file needs a name."""

from hashlib import blake2b

_WOMEN = """
Marie Jana Eva Hana Anna Lenka Kateřina Věra Lucie Alena Petra Jaroslava Veronika Martina Jitka Tereza
Ludmila Helena Michaela Zdeňka Ivana Jarmila Monika Zuzana Markéta Eliška Barbora Dagmar Dana Kristýna
Božena Irena Milada Vlasta Renata Olga Šárka Blanka Květa Radka
"""
_MEN = """
Jiří Jan Petr Josef Pavel Martin Tomáš Jaroslav Miroslav Zdeněk Václav Michal František Jakub Milan Karel
Lukáš David Vladimír Ladislav Ondřej Roman Stanislav Marek Radek Daniel Antonín Vojtěch Filip Adam
Miloslav Aleš Libor Rudolf Bohumil Oldřich Vít Luboš Ivan Otakar
"""
# A man's form and a woman's form.
_FAMILIES = """
Novák/Nováková Svoboda/Svobodová Novotný/Novotná Dvořák/Dvořáková Černý/Černá Procházka/Procházková
Kučera/Kučerová Veselý/Veselá Horák/Horáková Němec/Němcová Pokorný/Pokorná Marek/Marková
Pospíšil/Pospíšilová Hájek/Hájková Král/Králová Jelínek/Jelínková Růžička/Růžičková Beneš/Benešová
Fiala/Fialová Sedláček/Sedláčková Doležal/Doležalová Zeman/Zemanová Kolář/Kolářová Navrátil/Navrátilová
Čermák/Čermáková Vaněk/Vaňková Urban/Urbanová Blažek/Blažková Kříž/Křížová Kratochvíl/Kratochvílová
Kopecký/Kopecká Bartoš/Bartošová Vlček/Vlčková Musil/Musilová Šimek/Šimková Konečný/Konečná Malý/Malá
Čech/Čechová Kadlec/Kadlecová Štěpánek/Štěpánková Staněk/Staňková Holub/Holubová Dostál/Dostálová
Soukup/Soukupová Šťastný/Šťastná Mareš/Marešová Moravec/Moravcová Sýkora/Sýkorová Tichý/Tichá
Valenta/Valentová Vávra/Vávrová Matoušek/Matoušková Bláha/Bláhová Říha/Říhová Ševčík/Ševčíková
Hruška/Hrušková Mašek/Mašková Pavlík/Pavlíková Dušek/Dušková Hrubý/Hrubá Janda/Jandová Toman/Tomanová
Beran/Beranová Zelenka/Zelenková Skála/Skálová Jaroš/Jarošová
"""
_WOMAN, _MAN = _WOMEN.split(), _MEN.split()
_FAMILY = [tuple(pair.split("/")) for pair in _FAMILIES.split()]


def czech_name(client_id: int, sex: str) -> tuple[str, str]:
    """(given name, family name), always the same for this client."""
    dice = int.from_bytes(blake2b(f"berka {client_id}".encode(), digest_size=8).digest(), "big")
    given = _WOMAN if sex == "f" else _MAN
    family = _FAMILY[dice // 1000 % len(_FAMILY)]
    return given[dice % len(given)], family[1 if sex == "f" else 0]
