"""Rate a client, keep every rating as it was given, and set one by hand."""

from datetime import date
from typing import Any

from django.utils import timezone

from clients.models import Client
from compliance.models import KycFile, RatingOverride, ReviewTrigger
from compliance.rules import override as rules
from compliance.rules import reviews
from compliance.selectors import rating as selectors
from rulebook.selectors import Pack
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import NotVisible, refuse_if

InForce = RatingOverride.State.IN_FORCE


def rate(
    client: Client,
    kyc: KycFile,
    *,
    by: User | NightShift | None = None,
    cause: str = "facts",
) -> Pack:
    """Inside an action: rate by the facts as they are, on KycFile and Client; a record of every factor stays.

    Returns the figures used. An override that no longer holds ends here, and the record says why.
    """
    today = timezone.localdate()
    known, rating, figures = selectors.rated_today(client.pk, today)
    override = RatingOverride.objects.in_force().filter(client=client).first()
    if override and (why := rules.why_fallen(selectors.as_rule(override), rating.level, today)):
        end(override, why)
        override = None
    level = rules.effective(rating.level, rating.floor, selectors.as_rule(override) if override else None)
    before, served = kyc.rating, client.state in reviews.SERVED and kyc.reviewed_on is not None
    kyc.rating, kyc.rating_reasons = level, list(rating.reasons)
    kyc.pack_version = figures.version
    kyc.save(update_fields=["rating", "rating_reasons", "pack_version"])
    client.risk = level
    client.save(update_fields=["risk"])
    kept = selectors.record_of(
        client.pk, rating, level, known, figures, by=by, cause=cause, override=override
    )
    kept.save()
    if served and cause != "review" and "rating_raised" in reviews.happened(before, level, (), ()):
        set_off_review(client, kyc, "rating_raised", f"rating {kept.pk}", figures)
    return figures


def set_off_review(client: Client, kyc: KycFile, code: str, occurrence: str, figures: Pack) -> None:
    """Inside an action: the file is reviewed outside its cycle, for this reason, once for each occurrence."""
    if client.state not in reviews.SERVED or kyc.reviewed_on is None:
        return
    due = reviews.trigger_due(code, timezone.localdate(), figures.body)
    moved = due < client.kyc_due_on
    made = ReviewTrigger(
        client=client, code=code, occurrence=occurrence, due_on=due,
        due_before=client.kyc_due_on if moved else None,
    )  # fmt: skip
    ReviewTrigger.objects.bulk_create([made], ignore_conflicts=True)
    if moved:
        move_review(client, kyc, due)


def move_review(client: Client, kyc: KycFile, due: date) -> None:
    """Inside an action: the day on both tables that hold it."""
    kyc.next_review_on = client.kyc_due_on = due
    kyc.save(update_fields=["next_review_on"])
    client.save(update_fields=["kyc_due_on"])


def end(override: RatingOverride, why: str) -> None:
    """Inside an action: the override holds no longer."""
    override.state, override.ended_at, override.ended_why = RatingOverride.State.ENDED, timezone.now(), why
    override.save(update_fields=["state", "ended_at", "ended_why"])


# --- by hand ---------------------------------------------------------------------------------------------


def _rated(client: Client) -> KycFile:
    """The rated file, locked. A client without facts has none to override."""
    kyc: KycFile | None = KycFile.objects.select_for_update().filter(client=client).first()
    if kyc is None or not kyc.facts_known:
        refuse_if(["This client is not rated yet: record the KYC facts first."])
    assert kyc is not None
    return kyc


@action(May.RATINGS_OVERRIDE, "rating override asked", on="clients.Client", remember=("level", "until_on"))
def override_rating(client: Client, *, by: User, level: str, reason: str, until_on: date) -> RatingOverride:
    """Upward it holds at once; downward it waits for a second officer. EBA/GL/2021/02."""
    kyc, today = _rated(client), timezone.localdate()
    _known, rating, figures = selectors.rated_today(client.pk, today)
    judged_by = selectors.override_judged_by(client.pk, kyc.rating, rating, figures)
    wrongs = rules.wrongs_of_override(level, until_on, judged_by, today)
    refuse_if(wrong.sentence for wrong in wrongs)
    upward = not rules.is_lowering(level, kyc.rating)
    made: RatingOverride = RatingOverride(
        client=client, level=level, computed=rating.level, upward=upward, reason=reason, until_on=until_on,
        asked_by=by, pack_version=figures.version,
    )  # fmt: skip
    if upward:
        _take_effect(made, client, kyc, by)
    else:
        made.save()
    return made


def _take_effect(override: RatingOverride, client: Client, kyc: KycFile, by: User) -> None:
    for earlier in RatingOverride.objects.in_force().filter(client=client):
        end(earlier, "replaced")
    override.state = InForce
    override.save()
    if override.level == override.computed:  # back to what is computed: nothing is left to hold by hand
        end(override, "computed")
    rate(client, kyc, by=by, cause="override")


@action(
    May.RATINGS_OVERRIDE,
    "rating override decided",
    on="compliance.RatingOverride",
    remember=("agreed",),
    step_up=True,
)
def decide_override(override: RatingOverride, *, by: User, agreed: bool) -> RatingOverride:
    """The second officer's word on a downward override; it judged a rating that must still be the same."""
    refuse_if(rules.refusals_to_decide_override(override.state, own=by.is_same_person(override.asked_by_id)))
    client = _client(override)
    override.decided_by, override.decided_at = by, timezone.now()
    if not agreed:
        override.state = RatingOverride.State.REFUSED
        override.save(update_fields=["state", "decided_by", "decided_at"])
        return override
    kyc, today = _rated(client), timezone.localdate()
    _known, rating, _figures = selectors.rated_today(client.pk, today)
    if why := rules.why_fallen(selectors.as_rule(override), rating.level, today):
        words = {"expired": "Its last day has passed", "changed": "The computed rating has changed since"}
        refuse_if([f"{words[why]}: refuse it, and ask anew."])
    _take_effect(override, client, kyc, by)
    return override


@action(May.RATINGS_OVERRIDE, "rating override withdrawn", on="compliance.RatingOverride")
def withdraw_override(override: RatingOverride, *, by: User) -> RatingOverride:
    """Back to the computed rating, unless that is lower: to lower takes two, also what one person raised."""
    held, client = override.state == InForce, _client(override)
    _known, computed, _figures = selectors.rated_today(client.pk, timezone.localdate())
    refuse_if(rules.refusals_to_end(override.state, override.level, computed.level))
    end(override, "withdrawn")
    if held:
        rate(client, _rated(client), by=by, cause="override")
    return override


@action(May.CLIENTS_RATE, "rating override ended by itself", on="compliance.RatingOverride")
def let_override_fall(override: RatingOverride, *, by: NightShift) -> RatingOverride:
    """Its last day has passed: the computed rating holds again, and the record says so."""
    if override.state == InForce and override.until_on < timezone.localdate():
        client = _client(override)
        rate(client, _rated(client), by=by, cause="override_ended")
        override.refresh_from_db()
    return override


def _client(override: RatingOverride) -> Client:
    """The client, locked as a change of the client is."""
    found: Any = Client.objects.select_for_update(no_key=True).filter(pk=override.client_id).first()
    if found is None:
        raise NotVisible(f"clients.Client {override.client_id}")
    assert isinstance(found, Client)
    return found
