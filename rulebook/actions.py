"""Write a draft of a rule pack, and let a second person bring it into force."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from audit.record import record
from jobs.actions import ask
from jobs.models import FINISHED, Job
from rulebook import rules, selectors
from rulebook.models import RulePack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotPermitted, NotVisible, refuse_if
from ui.rules.merging import clashes, refusals_to_overwrite


def _held(pack_id: int) -> RulePack:
    """The version, locked: two people who press at once come one after the other."""
    found: RulePack | None = RulePack.objects.select_for_update().filter(pk=pack_id).first()
    if found is None:
        raise NotVisible(f"rulebook.RulePack {pack_id}")
    return found


def _check_desk(name: str, by: User) -> None:
    if not selectors.may_write(by, name):
        raise NotPermitted(May.RULES_WRITE, "Compliance writes this rule pack.")


@action(May.RULES_WRITE, "rule pack drafted", remember=("name",))
def draft_pack(_: None, *, by: User, name: str) -> RulePack:
    """A copy of the version in force, to be changed; it judges nothing until a second person activates it."""
    _check_desk(name, by)
    today = timezone.localdate()
    versions = RulePack.objects.select_for_update().filter(name=name)
    newest = versions.order_by("-version").first()
    current = selectors.in_force(name, today)
    if newest is None or current is None:
        raise NotVisible(f"rulebook.RulePack {name}")
    refuse_if(rules.refusals_to_draft(RulePack.objects.drafts().filter(name=name).exists()))
    made: RulePack = RulePack.objects.create(
        name=name, version=newest.version + 1, valid_from=today, body=current.body, written_by_id=by.pk
    )
    return made


@action(May.RULES_WRITE, "rule pack draft changed", remember=("pack_id", "valid_from"))
def change_draft(
    _: None,
    *,
    by: User,
    pack_id: int,
    body: dict[str, Any],
    valid_from: date,
    reason: str,
    seen: Mapping[str, str] | None = None,
) -> RulePack:
    """Other figures of the same shape, within their bounds; the audit holds each before and after.

    `seen` is what the page showed of the draft: what another window saved since is not overwritten unseen.
    """
    pack, today = _held(pack_id), timezone.localdate()
    _check_desk(pack.name, by)
    withdrawn = pack.withdrawn_at is not None
    refuse_if(
        rules.refusals_to_change(pack.activated_at is not None, withdrawn, pack.written_by_id, by.pk)
        or [
            sentence
            for _path, sentence in rules.refusals_to_body(rules.PACKS.get(pack.name), body, pack.body)
        ]
        or rules.refusals_to_date(valid_from, today, selectors.newest_day(pack.name))
    )
    mine = selectors.as_form(body, valid_from, reason)
    found = clashes(seen or {}, selectors.draft_now(pack), mine)
    refuse_if(refusals_to_overwrite(found, "Another window"))
    changed = rules.changes(rules.PACKS.get(pack.name), pack.body, body)
    pack.body, pack.valid_from, pack.reason = body, valid_from, reason
    pack.save(update_fields=["body", "valid_from", "reason"])
    if changed:
        figures = {each.path: [each.before, each.after] for each in changed}
        record("rule pack figures changed", by=by, subject=pack, payload={"figures": figures})
    return pack


@action(May.RULES_WRITE, "rule pack draft withdrawn", remember=("pack_id",))
def withdraw_draft(_: None, *, by: User, pack_id: int) -> RulePack:
    """The draft ends without effect; it can still be read."""
    pack = _held(pack_id)
    _check_desk(pack.name, by)
    refuse_if(rules.refusals_to_withdraw(pack.activated_at is not None, pack.withdrawn_at is not None))
    pack.withdrawn_at, pack.withdrawn_by_id = timezone.now(), by.pk
    pack.save(update_fields=["withdrawn_at", "withdrawn_by_id"])
    return pack


@action(May.RULES_ACTIVATE, "rule pack activated", remember=("pack_id", "seen"), step_up=True)
def activate_pack(_: None, *, by: User, pack_id: int, seen: str) -> RulePack:
    """The second of two: from its day on, every decision is judged by it. `seen`: digest of what was read."""
    pack = _held(pack_id)
    if seen != rules.digest(pack.body):
        refuse_if(["The draft has changed since you opened it: read it again."])
    refuse_if(selectors.activation_refusals(pack, by, timezone.localdate()))
    pack.activated_by_id, pack.activated_at = by.pk, timezone.now()
    pack.save(update_fields=["activated_by_id", "activated_at"])
    return pack


@action(May.RULES_WRITE, "dry run asked", remember=("pack_id",))
def ask_trial(_: None, *, by: User, pack_id: int) -> Job:
    """Put the question what a draft would change, in totals; the room it concerns counts, in a job."""
    pack = _held(pack_id)
    words = rules.PACKS.get(pack.name)
    if words is None or not words.trial:
        raise NotVisible(f"rulebook.RulePack {pack_id}")
    _check_desk(pack.name, by)
    last = selectors.last_trial(pack)
    refuse_if(rules.refusals_to_try(pack.is_draft, last is not None and last.state not in FINISHED))
    key = f"{selectors.trial_key(pack)}{timezone.now().isoformat()}"
    return ask(words.trial, key, person_id=by.pk, pack_id=pack.pk, digest=rules.digest(pack.body))


Body = dict[str, Any]


def try_pack(job: Job, count: Callable[[str, Body, Body], dict[str, Any]]) -> dict[str, Any]:
    """The job of a room: what a draft would change there. `count`: (pack's name, figures now, then) -> told.

    Told are totals alone: "judged" and "lines", each [words, now, then]. Whoever writes a pack may see no
    client, and by books or names a total would tell of one.
    """
    pack = selectors.version(job.args["pack_id"])
    if pack is None or rules.digest(pack.body) != job.args["digest"]:
        return {"stale": True}  # changed since: its next dry run tells
    before = selectors.before_of(pack, timezone.localdate())
    told = count(pack.name, before.body if before else pack.body, pack.body)
    note_dry_run(pack.pk, job.args["digest"])
    return told | {"digest": job.args["digest"]}


def note_dry_run(pack_id: int, digest: str) -> None:
    """Inside the job that showed the effect of a draft: these figures were tried."""
    RulePack.objects.drafts().filter(pk=pack_id).update(tried=digest)
