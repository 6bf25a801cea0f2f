"""One rating as it was given: every factor, where it is from, the sum against the bands, and the history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from clients.access import Person
from clients.models import Client, Kind, Party, Risk
from compliance.models import (
    AdverseNote,
    DeliveryChannel,
    KycFile,
    RatingOverride,
    RatingRecord,
    RelationPurpose,
    SourceOfFunds,
)
from compliance.rules import rating as rules
from compliance.selectors.desk import say_by_when
from compliance.selectors.rating import rated_today, record_of
from portfolios.models import ProductKind
from rulebook.models import RulePack
from staff.models import User
from ui.formats import country_name, day_text, language

# Not shown to who may not know of hits, whatever its points; the page says so for every client alike.
CONFIDENTIAL = "screening"
NAMED = 5  # people named beside a factor
TABLES = {
    "high_risk_countries": _lazy("FATF: call for action"),
    "eu_high_risk": _lazy("EU: high-risk third country"),
    "increased_monitoring": _lazy("FATF: increased monitoring"),
}


@dataclass(frozen=True)
class FactorRow:
    label: str
    value: str
    points: int
    weight: int
    weighted: Decimal  # what it gives to the sum; nothing when it does not count
    floor: str  # the level's label, "" without a floor
    counts: bool
    source: str
    on: date | None


@dataclass(frozen=True)
class Group:
    label: str
    weight: int
    rows: list[FactorRow]
    weighted: Decimal
    is_geography: bool = False


@dataclass(frozen=True)
class RatingPage:
    record: RatingRecord | None
    is_last: bool
    groups: list[Group]
    verdict: str
    version: RulePack | None  # that judged it
    editions: list[tuple[str, str]]  # of its country tables: (table, the edition it follows)
    cause: str
    override: RatingOverride | None  # in force today
    waiting: RatingOverride | None
    overrides: list[RatingOverride]
    history: list[tuple[RatingRecord, str]]  # for who may know of hits


def rating_page(person: Person, client: Client, record_id: int | None, *, full: bool) -> RatingPage | None:
    """The last rating, or the asked one. None: no such record of this client. 7 queries, 4 unless `full`.

    A client who came here rated has no record: then as the facts give it today, 11 queries more.
    """
    records = RatingRecord.objects.visible_to(person).filter(client=client).select_related("by", "override")
    record = records.filter(pk=record_id).first() if record_id and full else records.order_by("-pk").first()
    if record_id and (record is None or not full):
        return None
    record = record or _as_it_came(client)
    history = list(records.order_by("-pk")[:50]) if full else []
    overrides = list(
        RatingOverride.objects.filter(client=client)
        .select_related("asked_by", "decided_by")
        .order_by("-pk")[:20]
    )
    waiting = next((each for each in overrides if each.state == RatingOverride.State.WAITING), None)
    say_by_when([waiting] if waiting else [], timezone.localdate())
    rows = [row for row in record.factors if full or row["group"] != CONFIDENTIAL] if record else []
    version = None
    if record and full:
        version = RulePack.objects.filter(name="kyc", version=record.pack_version).first()
    return RatingPage(
        record=record,
        is_last=not history or record == history[0],
        groups=_groups(client, rows),
        verdict=_verdict(record) if record and full else "",
        version=version,
        editions=_editions(version),
        cause=cause_words(record.cause) if record else "",
        override=next((each for each in overrides if each.state == RatingOverride.State.IN_FORCE), None),
        waiting=waiting,
        overrides=overrides if full else [],
        history=[(each, cause_words(each.cause)) for each in history],
    )


def _as_it_came(client: Client) -> RatingRecord | None:
    kyc = KycFile.objects.filter(client=client).select_related("facts_by").first()
    if kyc is None or not kyc.facts_known or kyc.rating == Risk.UNRATED:
        return None
    known, rating, figures = rated_today(client.pk, timezone.localdate())
    record = record_of(
        client.pk, rating, kyc.rating, known, figures, by=kyc.facts_by, cause="came", override=None
    )
    record.at = kyc.facts_at or timezone.now()
    return record


def _editions(version: RulePack | None) -> list[tuple[str, str]]:
    """What each country was compared with: a table says nothing without its date."""
    told = version.body.get("country_sources", {}) if version else {}
    return [(str(label), told[code]) for code, label in TABLES.items() if code in told]


def _verdict(record: RatingRecord) -> str:
    return rules.verdict(
        level=record.level,
        computed=record.computed,
        by_sum=record.by_sum,
        points=record.points,
        bands=record.bands,
        rows=record.factors,
        by_hand=record.override_id is not None,
        word_of=lambda code: words_of(code)[1],
    )


def cause_words(cause: str) -> str:
    """Why a client was rated anew."""
    known = {
        "facts": _("KYC facts recorded"),
        "came": _("Came here rated; by today's figures and facts"),
        "review": _("KYC reviewed"),
        "rules": _("New figures came into force"),
        "override": _("Set by hand"),
        "override_ended": _("The override ended by itself"),
        "pep": _("An office was recorded"),
        "pep_tail": _("A former office counts no longer"),
        "pep_left": _("Somebody with an office left the file"),
        "pep_back": _("Somebody with an office is on the file again"),
        "adverse": _("Adverse information"),
        "hit_confirmed": _("A match was confirmed"),
        "hit_overturned": _("A match was overturned"),
        "owner_change": _("The owners changed"),
    }
    return known.get(cause, cause.replace("_", " "))


def _groups(client: Client, rows: list[Mapping[str, Any]]) -> list[Group]:
    people = {row["by"] for row in rows if row.get("by")}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    ids = {party for row in rows for party in _parties(row)}
    parties = dict(Party.objects.filter(client=client, pk__in=ids).values_list("pk", "name")) if ids else {}
    labels = {
        "customer": _("Customer"),
        "product": _("Products"),
        "channel": _("Channel"),
        "geography": _("Geography"),
        "screening": _("Screening"),
    }
    found = []
    for group in rules.GROUPS:
        mine = [_row(row, names, parties) for row in rows if row["group"] == group]
        if not mine and group == CONFIDENTIAL:
            continue
        weighted = sum((row.weighted for row in mine), Decimal(0))
        weight = mine[0].weight if mine else 100
        found.append(Group(labels[group], weight, mine, weighted, group == "geography"))
    return found


def _row(row: Mapping[str, Any], names: Mapping[int, str], parties: Mapping[int, str]) -> FactorRow:
    label, value = words_of(str(row["code"]))
    on = date.fromisoformat(row["on"]) if row.get("on") else None
    return FactorRow(
        label=label,
        value=value,
        points=row["points"],
        weight=row["weight"],
        weighted=Decimal(row["points"] * row["weight"] if row["counts"] else 0) / 100,
        floor=rules.LEVEL_WORDS.get(row["floor"], "") if row["floor"] else "",
        counts=row["counts"],
        source=_source(row, names, parties),
        on=on,
    )


def reasons(codes: Iterable[str], figures: Mapping[str, Any], *, with_hits: bool) -> list[str]:
    """Why a client is rated so, in sentences with the words of the forms."""
    return rules.reasons(codes, figures, with_hits=with_hits, word_of=lambda code: words_of(code)[1])


def words_of(code: str) -> tuple[str, str]:
    """(what was looked at, what was found) of a factor."""
    name, _colon, value = code.partition(":")
    yes_or_no = {
        "pep": (_("Politically exposed person"), _("Yes")),
        "no_pep": (_("Politically exposed person"), _("No")),
        "opaque_ownership": (_("Ownership"), _("The owners own each other")),
        "sanctions_match": (_("Match with a sanctions list"), _("Confirmed")),
        "no_match": (_("Match with a sanctions list"), _("None confirmed")),
        "no_adverse": (_("Adverse information"), _("None open")),
    }
    if name in yes_or_no:
        return yes_or_no[name]
    valued: dict[str, tuple[str, Any]] = {
        "kind": (_("Kind of client"), Kind),
        "source_of_funds": (_("Source of funds"), SourceOfFunds),
        "purpose": (_("Purpose of the relationship"), RelationPurpose),
        "product": (_("Product"), ProductKind),
        "channel": (_("How the client was met"), DeliveryChannel),
        "adverse": (_("Adverse information"), AdverseNote.Severity),
    }
    if name == "country":
        return _("Country"), country_name(value)
    if name in valued:
        label, choices = valued[name]
        return label, str(dict(choices.choices).get(value, value)) if value else _("not recorded")
    return name.replace("_", " ").capitalize(), value.replace("_", " ")


def _parties(row: Mapping[str, Any]) -> list[int]:
    """Through whom it is on the file; older records name one of them."""
    return list(row.get("parties", [row["party"]] if row.get("party") else []))


def _source(row: Mapping[str, Any], names: Mapping[int, str], parties: Mapping[int, str]) -> str:
    known = {
        "facts": _("KYC facts"),
        "file": _("client file"),
        "account": _("account"),
        "held": _("held with us"),
        "agreed": _("wanted at opening or agreed since"),
        "pep_role": _("recorded office"),
        "ownership": _("ownership on the file"),
        "hit": _("screening hit, decided by two"),
        "adverse": _("adverse information"),
        "wanted": _("wanted in the opening"),
        "hits": _("screening hits of this file"),
        "notes": _("notes on this file"),
    }
    parts = [str(known.get(row.get("source", ""), ""))]
    parts += [", ".join(row.get("roles", []))]
    told = [parties[party] for party in _parties(row) if party in parties]
    parts.append(", ".join(told[:NAMED]) + (f" +{len(told) - NAMED}" if len(told) > NAMED else ""))
    if row.get("stand") == "tail":
        parts.append(_("has left office, still counts"))
    if row.get("stand") == "left":
        parts.append(_("stands on the file no more, counts no longer"))
    if row.get("stand") == "struck":
        parts.append(_("was struck out of the file, does not count"))
    if row.get("stand") == "known_since":  # nobody knows since when it is so
        day = day_text(date.fromisoformat(row["on"]), language())
        parts.append(_("known since {day}").format(day=day))
    parts.append(row.get("note", ""))
    tables = row.get("tables")  # None: no country, or a record of before they were kept
    parts += (
        [_("on no country table")] if tables == [] else [str(TABLES.get(each, each)) for each in tables or ()]
    )
    if undecided := row.get("undecided"):
        parts.append(ngettext("{n} hit not decided", "{n} hits not decided", undecided).format(n=undecided))
    if row.get("by"):
        parts.append(names.get(row["by"], ""))
    return " · ".join(part for part in parts if part)
