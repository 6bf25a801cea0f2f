"""The lists of the EU, of the UN and the bank's own: each read as its publisher writes it, or refused."""

import csv
import io
import time
from datetime import date

import pytest

from compliance.actions import import_list
from compliance.lists import READERS
from compliance.lists.reading import Paper, Unreadable
from compliance.models import ListedEntity, ListVersion
from compliance.rules.lists import title_of
from staff.night import night_shift
from tests.compliance.stage import KONY, xml
from ui.refusals import Refused

EU_HEAD = '<export xmlns="urn:x" generationDate="2024-05-13T17:44:28.283+02:00" globalFileId="1">'
EU_ENTRY = """
<sanctionEntity euReferenceNumber="EU.1.1" logicalId="7"><regulation programme="IRQ"/>
<subjectType code="person"/>
<nameAlias wholeName="Ivan  Baran" strong="true"/><nameAlias wholeName="Иван Баран" strong="true"/>
<nameAlias wholeName="The Ram" strong="false"/>
<citizenship countryIso2Code="RU"/><address countryIso2Code="00"/>
<birthdate circa="false" calendarType="GREGORIAN" birthdate="1967-02-03" year="1967" city="Omsk"
 countryIso2Code="RU" countryDescription="RUSSIA"/>
<birthdate circa="true" calendarType="GREGORIAN" yearRangeFrom="1965" yearRangeTo="1968"
 countryIso2Code="00"/>
<birthdate circa="false" calendarType="ISLAMIC" year="1387" countryIso2Code="00"/>
<identification identificationTypeCode="passport" number="P 123" countryIso2Code="RU"/>
<identification identificationTypeCode="swiftbic" number="ABCDEF" countryIso2Code="RU"/>
</sanctionEntity>"""
EU_AGAIN = """<sanctionEntity euReferenceNumber="EU.1.1" logicalId="7"><regulation programme="TAQA"/>
<subjectType code="person"/><nameAlias wholeName="BARAN, Ivan" strong="true"/></sanctionEntity>"""
EU = f"{EU_HEAD}{EU_ENTRY}{EU_AGAIN}</export>"

UN_HEAD = '<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">'
UN = f"""{UN_HEAD}<INDIVIDUALS><INDIVIDUAL><DATAID>11</DATAID><FIRST_NAME>ERIC</FIRST_NAME>
<SECOND_NAME>BADEGE</SECOND_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER>
<NAME_ORIGINAL_SCRIPT>ايريك</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Democratic Republic of the Congo</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Eric</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1969</FROM_YEAR><TO_YEAR>1972</TO_YEAR>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Goma</CITY><COUNTRY>Rwanda</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>OB1</NUMBER>
<ISSUING_COUNTRY>Rwanda</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>12</DATAID><FIRST_NAME>ADF</FIRST_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Allied Democratic Forces</ALIAS_NAME></ENTITY_ALIAS>
</ENTITY>
</ENTITIES></CONSOLIDATED_LIST>"""

OWN_HEAD = "reference,name,kind,aliases,weak_aliases,born_on,born_in,countries,programmes,identifiers"
OWN = f"""{OWN_HEAD}
1,Hanna Holm,,Hanna Holmberg;H. Holm,Hanni,1964-09-18;circa 1966,Oslo,NO;Iran,former fraud,passport:N 77:NO
2,Holm Trading AS,organisation,,,,,,,register:NO-123
"""


def read(source, content):
    return READERS[source](io.BytesIO(content.encode()))


def test_the_eu_lists_an_entity_twice_and_it_is_one():
    found = read("eu", EU)
    assert (found.published_on, found.names, len(found.entries)) == (date(2024, 5, 13), 4, 1)
    entry = found.entries[0]
    assert [(name.name, name.strong) for name in entry.names] == [
        ("Ivan Baran", True),
        ("Иван Баран", True),
        ("The Ram", False),
        ("BARAN, Ivan", True),
    ]
    assert entry.born_on == "03 Feb 1967; circa 1965 to 1968; 1387 ISLAMIC"
    assert (entry.born_in, entry.countries, entry.programmes) == ("Omsk, RUSSIA", "RU", "IRQ; TAQA")
    assert entry.papers == (Paper("passport", "P 123", "RU"),)


def test_the_un_lists_persons_and_organisations():
    person, organisation = read("un", UN).entries
    assert (person.reference, person.kind, person.born_on) == ("11", "person", "1971; 1969 to 1972")
    assert [(name.name, name.strong) for name in person.names] == [
        ("ERIC BADEGE", True),
        ("ايريك", True),
        ("Eric", False),
    ]
    assert (person.countries, person.born_in, person.programmes) == ("CD RW", "Goma, Rwanda", "DRC")
    assert person.papers == (Paper("passport", "OB1", "RW"),)
    assert [name.name for name in organisation.names] == ["ADF", "Allied Democratic Forces"]


@pytest.mark.parametrize("by", [",", ";"])
def test_an_own_list_is_a_table_with_a_line_each(by):
    written = io.StringIO()
    csv.writer(written, delimiter=by).writerows(csv.reader(io.StringIO(OWN)))
    hanna, firm = read("csv", written.getvalue()).entries
    assert (hanna.kind, hanna.names[0].name, firm.kind) == ("person", "Hanna Holm", "organisation")
    assert hanna.born_on == "18 Sep 1964; circa 1966"
    assert (hanna.countries, hanna.programmes) == ("IR NO", "former fraud")
    assert [(name.name, name.strong) for name in hanna.names[1:]] == [
        ("Hanna Holmberg", True),
        ("H. Holm", True),
        ("Hanni", False),
    ]
    assert (hanna.papers, firm.papers) == (
        (Paper("passport", "N 77", "NO"),),
        (Paper("register", "NO-123", ""),),
    )


BROKEN = [
    ("eu", EU[:-9], "cut short"),
    ("eu", xml(KONY).decode(), "begins with “sdnList”"),
    ("eu", UN, "begins with “CONSOLIDATED_LIST”"),
    ("eu", OWN, "not XML"),
    ("eu", f"{EU_HEAD}<other/></export>", "which an EU list does not"),
    ("eu", EU.replace("person", "robot"), "does not know"),
    ("eu", EU.replace(' generationDate="2024-05-13T17:44:28.283+02:00"', ""), "of which day"),
    ("eu", EU.replace("EU.1.1", ""), "no reference number"),
    ("eu", f'<!DOCTYPE export [<!ENTITY a "b">]>{EU}', "DTD"),
    ("un", UN[: UN.index("</INDIVIDUALS>")], "cut short"),
    ("un", EU, "begins with “export”"),
    ("un", UN.replace("<DATAID>12", "<DATAID>11"), "twice"),
    ("un", UN.replace("ENTITY>", "THING>"), "which a UN list does not"),
    ("csv", EU, "other columns"),
    ("csv", "reference,name,password\n1,A,b\n", "other columns"),
    ("csv", OWN + "3,Half a row", "Line 4 has 2 fields"),
    ("csv", OWN + '3,"never closed,,,,,,,,', "cut short"),
    ("csv", OWN + OWN.splitlines()[1], "twice"),
    ("csv", OWN.replace("1964-09-18", "18.9.64"), "is not like 1964-09-18"),
    ("csv", OWN.replace("organisation", "ghost"), "is none of"),
    ("csv", OWN.replace("Hanna Holm,", ","), "no name"),
    ("csv", OWN.replace("Hanna Holm", "Hanna\0Holm"), "zero byte"),
    ("eu", EU.replace("EU.1.1", "9" * 41), "more than 40 signs"),
    ("csv", OWN.replace("passport:", "licence:"), "kind:number:country"),
]


@pytest.mark.parametrize(("source", "content", "words"), BROKEN)
def test_what_is_no_such_list_is_refused_with_a_sentence(source, content, words):
    with pytest.raises(Unreadable, match=words):
        read(source, content)


def test_an_own_list_in_another_encoding_is_refused():
    with pytest.raises(Unreadable, match="UTF-8"):
        READERS["csv"](io.BytesIO(OWN.replace("Oslo", "Ålesund").encode("latin-1")))


def bring(source, content, **how):
    return import_list(None, by=night_shift(), source=source, file=io.BytesIO(content.encode()), **how)


@pytest.mark.django_db
def test_a_bank_has_several_own_lists_beside_the_published_ones():
    versions = [
        bring("eu", EU),
        bring("un", UN),
        bring("csv", OWN),
        bring("csv", OWN, called="Fraud desk", day=date(2024, 1, 1)),
    ]
    assert [version.source for version in versions] == ["eu", "un", "own", "own fraud desk"]
    assert [title_of(version.source) for version in versions[2:]] == ["Own list", "Own list: fraud desk"]
    assert ListVersion.objects.filter(active=True).count() == 4
    badege = ListedEntity.objects.get(reference="11")
    assert (badege.born_in, badege.identifiers) == ("Goma, Rwanda", [["passport", "OB1", "RW"]])
    with pytest.raises(Refused, match="older"):
        bring("csv", OWN + "3,New,,,,,,,,\n", called="Fraud desk", day=date(2023, 1, 1))
    with pytest.raises(Refused, match="future"):
        bring("csv", OWN, called="Another", day=date(2099, 1, 1))


@pytest.mark.django_db
def test_what_an_entry_is_does_not_depend_on_the_order_in_which_it_is_told():
    bring("csv", OWN, day=date(2024, 1, 1))
    turned = OWN.replace("Hanna Holmberg;H. Holm", "H. Holm;Hanna Holmberg")
    version = bring("csv", turned, day=date(2024, 1, 2))
    assert (version.added, version.amended, version.removed) == (0, 0, 0)


def test_one_entity_named_twenty_thousand_times_is_read_in_the_time_of_its_length():
    """Each time joined to what came before, it would take minutes."""
    again = EU_AGAIN.replace("BARAN, Ivan", "Baran {0}").replace("TAQA", "P{0}")
    entries = "".join(again.format(place) for place in range(20_000))
    began = time.process_time()
    (entry,) = READERS["eu"](io.BytesIO(f"{EU_HEAD}{EU_ENTRY}{entries}</export>".encode())).entries
    assert time.process_time() - began < 10
    assert (entry.names[0].name, len(entry.names)) == ("Ivan Baran", 20_003)
    assert entry.programmes.startswith("IRQ; P0; P1; ")
