"""Which figures are in force on a day, and what the pages of rule packs show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max

from audit.record import judged_by
from jobs.models import FINISHED, Job
from rulebook import rules
from rulebook.models import RulePack
from staff.models import User
from staff.roles import May


@dataclass(frozen=True)
class Pack:
    """One version of one set of figures. Store `version` beside every decision it judged."""

    name: str
    version: int
    body: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


def pack(name: str, on: date) -> Pack:
    """The activated version of `name` in force on that day. 1 query. LookupError when there is none.

    A verb under way tells in its event that it was judged by it.
    """
    found = in_force(name, on)
    if found is None:
        raise LookupError(f"No rule pack {name!r} is in force on {on}.")
    judged_by(found.name, found.version)
    return Pack(found.name, found.version, found.body)


def proposal_days(on: date) -> int:
    """How long a question to a second person waits; handed down to staff/models.py. 1 query."""
    return int(pack("access", on)["proposal_days"])


def in_force(name: str, on: date) -> RulePack | None:
    return next(iter(RulePack.objects.raw(_IN_FORCE, [name, on])), None)


# What RulePackQuerySet.in_force says, of one pack. By hand: nearly every page asks for figures, and to put
# the query together takes longer than to answer it (0.9 ms a pack against 0.3).
_IN_FORCE = """
SELECT * FROM rulebook_rulepack WHERE name = %s AND activated_at IS NOT NULL AND valid_from <= %s
ORDER BY valid_from DESC, version DESC LIMIT 1
"""


def newest_day(name: str) -> date | None:
    """From when the last activated version holds. 1 query."""
    newest: date | None = RulePack.objects.activated().filter(name=name).aggregate(on=Max("valid_from"))["on"]
    return newest


def may_write(person: User, name: str) -> bool:
    """Compliance writes every pack; products and operations those that judge no client's risk."""
    words = rules.PACKS.get(name)
    for_compliance = words is None or words.desk == "compliance"
    return person.may(May.RULES_WRITE) and (not for_compliance or person.may(May.KYC_REVIEW))


@dataclass(frozen=True)
class Line:
    """One pack on the list."""

    name: str
    title: str
    sentence: str
    in_force: RulePack | None
    coming: RulePack | None  # activated, from a later day on
    draft: RulePack | None


def pack_list(today: date) -> list[Line]:
    """Every pack, in the order of the catalogue. 1 query."""
    by_name: dict[str, list[RulePack]] = {}
    for each in RulePack.objects.filter(withdrawn_at__isnull=True).order_by("valid_from", "version"):
        by_name.setdefault(each.name, []).append(each)
    known = [name for name in rules.PACKS if name in by_name]
    return [_line(name, by_name[name], today) for name in (*known, *sorted(set(by_name) - set(known)))]


def title_of(name: str) -> str:
    words = rules.PACKS.get(name)
    return words.title if words else name.replace("_", " ").capitalize()


def as_form(body: Mapping[str, Any], valid_from: date, reason: str) -> dict[str, Any]:
    """A draft by the names of its form's fields."""
    return {"valid_from": valid_from, "reason": reason, **dict(rules.leaves(body))}


def draft_now(draft: RulePack) -> dict[str, Any]:
    """What the form of this draft shows."""
    return as_form(draft.body, draft.valid_from, draft.reason)


def _line(name: str, versions: list[RulePack], today: date) -> Line:
    words = rules.PACKS.get(name)
    active = [each for each in versions if each.activated_at]
    return Line(
        name=name,
        title=title_of(name),
        sentence=words.sentence if words else "",
        in_force=next((each for each in reversed(active) if each.valid_from <= today), None),
        coming=next((each for each in active if each.valid_from > today), None),
        draft=next((each for each in versions if not each.activated_at), None),
    )


@dataclass(frozen=True)
class Row:
    """One figure on a page, with what it means."""

    path: str
    label: str
    meaning: str
    source: str
    value: str


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]


def sections(name: str, body: Mapping[str, Any]) -> list[Section]:
    """Every figure of a pack in words, under its heading."""
    words = rules.PACKS.get(name)
    found: dict[str, list[Row]] = {}
    for path, value in rules.ordered(words, body):
        figure, label = rules.explained(words, path)
        found.setdefault(rules.section_of(words, path), []).append(
            Row(path, label, figure.meaning, figure.source, rules.value_words(figure, value))
        )
    return [Section(title, rows) for title, rows in found.items()]


@dataclass(frozen=True)
class ChangeRow:
    section: str
    label: str
    before: str
    after: str


def compared(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangeRow]:
    """What another version changes, in words; of a list, what comes and what goes."""
    words, rows = rules.PACKS.get(name), []
    for change in rules.changes(words, before, after):
        figure, section = rules.explained(words, change.path)[0], rules.section_of(words, change.path)
        old, new = change.before, change.after
        if isinstance(old, list) and isinstance(new, list):
            gone, come = ([x for x in old if x not in new], [x for x in new if x not in old])
            rows.append(
                ChangeRow(
                    section,
                    change.label,
                    f"without {rules.value_words(figure, gone)}" if gone else "",
                    f"with {rules.value_words(figure, come)}" if come else "",
                )
            )
        else:
            rows.append(
                ChangeRow(
                    section, change.label, rules.value_words(figure, old), rules.value_words(figure, new)
                )
            )
    return rows


@dataclass(frozen=True)
class Version:
    """One version with who wrote and who activated it."""

    pack: RulePack
    author: str
    second: str
    stand: str  # "draft", "withdrawn", "in_force", "coming", "past"


@dataclass(frozen=True)
class PackPage:
    name: str
    title: str
    sentence: str
    on: date
    shown: Version | None
    sections: list[Section]
    history: list[Version]
    draft: RulePack | None
    draft_refusals: list[str] = field(default_factory=list)


def pack_page(name: str, on: date, today: date) -> PackPage | None:
    """The version in force on `on`, every figure explained, and the history. 2 queries."""
    versions = _versions(list(RulePack.objects.filter(name=name).order_by("-version")), today)
    if not versions:
        return None
    active = [each for each in versions if each.pack.activated_at and each.pack.valid_from <= on]
    shown = max(active, key=lambda each: (each.pack.valid_from, each.pack.version), default=None)
    draft = next((each.pack for each in versions if each.stand == "draft"), None)
    words = rules.PACKS.get(name)
    return PackPage(
        name=name,
        title=title_of(name),
        sentence=words.sentence if words else "",
        on=on,
        shown=shown,
        sections=sections(name, shown.pack.body) if shown else [],
        history=versions,
        draft=draft,
        draft_refusals=rules.refusals_to_draft(draft is not None),
    )


def _versions(found: list[RulePack], today: date) -> list[Version]:
    people = {person for each in found for person in (each.written_by_id, each.activated_by_id) if person}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    active = [each for each in found if each.activated_at and each.valid_from <= today]
    now = max(active, key=lambda each: (each.valid_from, each.version), default=None)
    return [
        Version(
            each,
            names.get(each.written_by_id, "") if each.written_by_id else "",
            names.get(each.activated_by_id, "") if each.activated_by_id else "",
            _stand(each, now, today),
        )
        for each in found
    ]


def _stand(pack: RulePack, now: RulePack | None, today: date) -> str:
    if pack.withdrawn_at:
        return "withdrawn"
    if not pack.activated_at:
        return "draft"
    if pack is now:
        return "in_force"
    return "coming" if pack.valid_from > today else "past"


@dataclass(frozen=True)
class VersionPage:
    """One version beside what it follows, and why it may not be activated yet."""

    version: Version
    title: str
    before: RulePack | None
    changes: list[ChangeRow]
    sections: list[Section]
    dry_run: str  # URL name, "" when there is none
    untried: str  # what no dry run shows
    digest: str


def version(pack_id: int) -> RulePack | None:
    found: RulePack | None = RulePack.objects.filter(pk=pack_id).first()
    return found


def before_of(pack: RulePack, today: date) -> RulePack | None:
    """What a draft would replace; what an activated version did replace."""
    if pack.activated_at is None:
        return in_force(pack.name, max(pack.valid_from, today)) or in_force(pack.name, today)
    older = RulePack.objects.activated().filter(name=pack.name, valid_from__lte=pack.valid_from)
    found: RulePack | None = (
        older.exclude(version__gte=pack.version).order_by("-valid_from", "-version").first()
    )
    return found


def version_page(pack: RulePack, today: date) -> VersionPage:
    """4 queries."""
    before = before_of(pack, today)
    words = rules.PACKS.get(pack.name)
    current = in_force(pack.name, today)
    shown = next(
        each for each in _versions([pack, *([current] if current else [])], today) if each.pack is pack
    )
    if current is not None and current.pk == pack.pk:
        shown = Version(pack, shown.author, shown.second, "in_force")
    return VersionPage(
        version=shown,
        title=title_of(pack.name),
        before=before,
        changes=compared(pack.name, before.body, pack.body) if before else [],
        sections=sections(pack.name, pack.body),
        dry_run=words.dry_run if words else "",
        untried=words.untried if words else "",
        digest=rules.digest(pack.body),
    )


def activation_refusals(pack: RulePack, person: User, today: date) -> list[str]:
    """For the button, and for the guard. 2 queries."""
    before, words = before_of(pack, today), rules.PACKS.get(pack.name)
    return rules.refusals_to_activate(
        activated=pack.activated_at is not None,
        withdrawn=pack.withdrawn_at is not None,
        own=person.is_same_person(pack.written_by_id),
        wrong=rules.refusals_to_body(words, pack.body, before.body if before else pack.body),
        date_refusals=rules.refusals_to_date(pack.valid_from, today, newest_day(pack.name)),
        differs=before is None or rules.digest(before.body) != rules.digest(pack.body),
        reason=pack.reason,
        dry_run_needed=bool(words and words.dry_run),
        dry_run_fits=pack.tried == rules.digest(pack.body),
    )


# --- what a draft would change, in totals ----------------------------------------------------------------


@dataclass(frozen=True)
class TrialLine:
    words: str
    now: int
    then: int

    @property
    def more(self) -> int:
        return self.then - self.now


@dataclass(frozen=True)
class Trial:
    """The last dry run of a version: its totals. Whom it moves is behind the wall (compliance.selectors)."""

    pack: RulePack
    title: str
    job: Job | None
    finished: bool
    fits: bool  # it tried the draft's figures as they are
    judged: int
    lines: list[TrialLine]
    untried: str
    refusals: list[str]

    @property
    def told(self) -> dict[str, Any]:
        """What it found; nothing while it is under way, and of figures that had changed meanwhile."""
        return self.job.result if self.job and self.finished and "digest" in self.job.result else {}


def trial_key(pack: RulePack) -> str:
    """With what the keys of its dry runs begin."""
    return f"trial {pack.pk} "


def last_trial(pack: RulePack) -> Job | None:
    """1 query."""
    return Job.objects.filter(key__startswith=trial_key(pack)).order_by("-pk").first()


def trial(pack_id: int) -> Trial | None:
    """The last dry run of a version; None: none is made of such figures. 2 queries."""
    pack = version(pack_id)
    words = rules.PACKS.get(pack.name) if pack else None
    if pack is None or words is None or not words.trial:
        return None
    job = last_trial(pack)
    told = job.result if job else {}
    under_way = job is not None and job.state not in FINISHED
    return Trial(
        pack=pack,
        title=words.title,
        job=job,
        finished=job is not None and not under_way,
        fits=told.get("digest") == rules.digest(pack.body),
        judged=int(told.get("judged", 0)),
        lines=[TrialLine(*line) for line in told.get("lines", [])],
        untried=words.untried,
        refusals=rules.refusals_to_try(pack.is_draft, under_way),
    )


# --- countries -------------------------------------------------------------------------------------------

COUNTRY_LISTS = ("high_risk_countries", "eu_high_risk", "increased_monitoring")


@dataclass(frozen=True)
class CountryList:
    """One table of countries as it stood on a day, with the edition it follows."""

    code: str
    title: str
    meaning: str
    edition: str
    countries: list[tuple[str, date | None]]  # (code, on the list since: None, from the first version on)


@dataclass(frozen=True)
class CountryPage:
    version: RulePack | None
    lists: list[CountryList]


def country_page(on: date) -> CountryPage:
    """The tables of high-risk countries in force on a day, each with the day it was added. 1 query."""
    versions = list(
        RulePack.objects.activated().filter(name="kyc", valid_from__lte=on).order_by("valid_from", "version")
    )
    if not versions:
        return CountryPage(None, [])
    now, lists = versions[-1], []
    for code in COUNTRY_LISTS:
        figure, label = rules.explained(rules.PACKS["kyc"], code)
        since: dict[str, date | None] = {}
        for place, each in enumerate(versions):
            listed = each.body.get(code, [])
            since = {
                country: since.get(country, each.valid_from if place else None)
                if country in since
                else (each.valid_from if place else None)
                for country in listed
            }
        names = sorted(since.items(), key=lambda item: rules.value_words(figure, [item[0]]))
        edition = now.body.get("country_sources", {}).get(code, figure.source)
        lists.append(CountryList(code, label, figure.meaning, edition, names))
    return CountryPage(now, lists)
