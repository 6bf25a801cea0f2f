"""What other figures would change, and the change once they are in force: both judge by one function."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.record import record
from clients.models import Client
from compliance.actions.exposure import rate_anew
from compliance.actions.rating import end
from compliance.models import DryRun, DryRunRow, KycFile, RatingRecord, ReviewTrigger
from compliance.rules import rating as rating_rules
from compliance.rules import reviews
from compliance.selectors import rating as selectors
from compliance.selectors.figures import LISTED, last_run, refusals_to_run
from compliance.selectors.screening import hits_of_a_sample
from jobs.actions import ask
from rulebook import rules as pack_rules
from rulebook.actions import note_dry_run
from rulebook.selectors import Pack, may_write, pack, version
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import NotPermitted, NotVisible, refuse_if

CHUNK = 500  # clients a transaction

Progress = Callable[[int, int], None]


@action(May.RULES_WRITE, "dry run asked", remember=("pack_id",))
def ask_dry_run(_: None, *, by: User, pack_id: int) -> DryRun:
    """Put the question what a draft would change; a job goes through the bank."""
    found = version(pack_id)
    if found is None or found.name != "kyc":
        raise NotVisible(f"rulebook.RulePack {pack_id}")
    if not may_write(by, found.name):
        raise NotPermitted(May.RULES_WRITE, "Compliance writes this rule pack.")
    _run, job = last_run(pack_id)
    refuse_if(refusals_to_run(found, job))
    made: DryRun = DryRun.objects.create(
        pack_id=pack_id, digest=pack_rules.digest(found.body), asked_by=by, on=timezone.localdate()
    )
    ask("compliance.dry_run", f"dry run {made.pk}", person_id=by.pk, run=made.pk)
    return made


def try_figures(run_id: int, progress: Progress) -> DryRun:
    """The job: every rated client by the draft's figures. Begins anew when it is tried again."""
    run = DryRun.objects.get(pk=run_id)
    found = version(run.pack_id)
    if found is None or pack_rules.digest(found.body) != run.digest:
        return run  # the draft has changed since: its next run tells
    DryRunRow.objects.filter(run=run).delete()
    figures, versions, now = found.body, selectors.versions_of_kyc(), pack("kyc", run.on).body
    whole, after, done = selectors.how_many_rated(), 0, 0
    ways: Counter[str] = Counter()
    books: dict[int, Counter[str]] = defaultdict(Counter)
    changed = moved = overdue = 0
    left = {True: LISTED, False: LISTED}  # rated otherwise, or not -> how many more are listed
    while ids := selectors.rated_after(after, CHUNK):
        rows = []
        for one in selectors.judged(ids, figures, versions, run.on):
            way = f"{one.before}>{one.level}"
            if one.level != one.before:
                changed += 1
                ways[way] += 1
                books[one.book_id][way] += 1
            late = one.due_after < run.on <= one.due_before
            overdue += late
            books[one.book_id]["overdue"] += late
            if one.due_after != one.due_before:
                moved += 1
                books[one.book_id]["moved"] += 1
            differs = one.level != one.before
            if (differs or one.due_after != one.due_before) and left[differs]:
                left[differs] -= 1
                rows.append(_row(run, one, now, figures))
        DryRunRow.objects.bulk_create(rows)
        after, done = ids[-1], done + len(ids)
        progress(done, max(whole, done))
    run.judged, run.changed, run.moved, run.overdue = done, changed, moved, overdue
    run.ways = dict(ways)
    run.books = {str(book): dict(counted) for book, counted in books.items() if any(counted.values())}
    run.hits = hits_of_a_sample(pack("kyc", run.on), figures)
    run.finished_at = timezone.now()
    with transaction.atomic():
        run.save()
        note_dry_run(run.pack_id, run.digest)
    return run


def _row(run: DryRun, one: selectors.Judged, now: Mapping[str, Any], then: Mapping[str, Any]) -> DryRunRow:
    """One client of a dry run, with what in the figures does it: the same facts by those in force."""
    before = rating_rules.rate(one.known.facts, now)
    why = rating_rules.differences(before, one.rating, now, then)
    if one.fallen:
        why.append({"code": "override", "before": "", "after": ""})
    months = [str(of["review_months"][level]) for of, level in ((now, one.before), (then, one.level))]
    if one.due_after != one.due_before and months[0] != months[1]:
        why.append({"code": "review_months", "before": months[0], "after": months[1]})
    if one.due_after != one.due_before and one.set_off:
        why.append({"code": "set_off", "before": "", "after": ""})
    return DryRunRow(
        run=run,
        client_id=one.client_id,
        before=one.before,
        after=one.level,
        points_before=before.points,
        points=one.rating.points,
        due_before=one.due_before,
        due_after=one.due_after,
        why=why,
        of_screening=any(each.get("group") == "screening" for each in why),
    )


def rerate_all(by: NightShift, progress: Progress) -> dict[str, int]:
    """The job once a new version is in force: every client it judges otherwise is rated anew.

    Commits chunk by chunk and goes on where it stopped: a client once judged says the new version.
    """
    figures, versions = pack("kyc", timezone.localdate()), selectors.versions_of_kyc()
    whole, after, done, changed = selectors.how_many_rated(), 0, 0, 0
    while ids := selectors.rated_after(after, CHUNK, other_than=figures.version):
        changed += rerate(None, by=by, client_ids=ids, figures=figures, versions=versions)
        after, done = ids[-1], done + len(ids)
        progress(done, max(whole, done))
    return {"judged": done, "changed": changed}


@action(May.CLIENTS_RATE, "clients rated by new figures")
def rerate(
    _: None,
    *,
    by: NightShift,
    client_ids: list[int],
    figures: Pack,
    versions: dict[int, dict[str, Any]],
) -> int:
    """These clients by the version in force; how many are rated otherwise, each with an audit event."""
    clients = {
        each.pk: each
        for each in Client.objects.select_for_update(no_key=True).filter(pk__in=client_ids).order_by("pk")
    }
    found = selectors.judged(client_ids, figures.body, versions, timezone.localdate())
    KycFile.objects.filter(client__in=client_ids).update(pack_version=figures.version)
    files = {each.client_id: each for each in KycFile.objects.filter(client__in=client_ids)}
    changed, records, triggers = [], [], []
    for one in found:
        client, kyc = clients[one.client_id], files[one.client_id]
        if one.fallen and one.override is not None:
            end(one.override, one.fallen)
        if one.differs:
            held = None if one.fallen else one.override
            records.append(
                selectors.record_of(
                    one.client_id,
                    one.rating,
                    one.level,
                    one.known,
                    figures,
                    by=by,
                    cause="rules",
                    override=held,
                )
            )
        if one.level != one.before:
            payload = {"version": figures.version, "before": one.before, "after": one.level}
            record("client rated anew", by=by, subject=client, client_id=client.pk, payload=payload)
        triggers += [
            ReviewTrigger(
                client=client,
                code=code,
                occurrence=f"version {figures.version}",
                due_on=reviews.trigger_due(code, timezone.localdate(), figures.body),
            )
            for code in one.set_off
        ]
        if one.differs or one.due_after != one.due_before:
            kyc.rating, kyc.rating_reasons = one.level, list(one.rating.reasons)
            kyc.next_review_on = one.due_after
            client.risk, client.kyc_due_on = one.level, one.due_after
            changed.append((client, kyc))
    Client.objects.bulk_update([client for client, _kyc in changed], ["risk", "kyc_due_on"], batch_size=500)
    KycFile.objects.bulk_update(
        [kyc for _client, kyc in changed], ["rating", "rating_reasons", "next_review_on"], batch_size=500
    )
    RatingRecord.objects.bulk_create(records, batch_size=200)
    ReviewTrigger.objects.bulk_create(triggers, ignore_conflicts=True)
    return sum(one.level != one.before for one in found)


@action(May.CLIENTS_RATE, "review set off", on="clients.Client", remember=("code",))
def react(client: Client, *, by: NightShift, code: str, occurrence: str) -> Client:
    """Something happened that another room recorded: rated anew, and reviewed outside the cycle."""
    rate_anew(client, by, code[:20], (code, occurrence))
    return client
