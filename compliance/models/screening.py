"""Who was compared with the lists, and what came of it."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import Document, OnFile, Party
from compliance.models.lists import ListedEntity
from staff.models import User
from vault.fields import EncryptedJSONField, EncryptedTextField, is_encrypted


class ScreeningRun(models.Model):
    """One comparison of the bank with the active lists: when, with which, and what came out."""

    class Kind(models.TextChoices):
        FULL = "full", _("Everyone with everything")
        DELTA = "delta", _("What changed")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FULL)
    versions = models.JSONField(default=list)  # ids of the ListVersions compared with
    entities = models.JSONField(null=True)  # ids of the entries compared with; None: all that are listed
    last_entity = models.BigIntegerField(default=0)  # entries beyond this id came in later
    scorer = models.PositiveSmallIntegerField()  # rules.screening.SCORER
    threshold = models.PositiveSmallIntegerField()
    pack_version = models.PositiveSmallIntegerField()
    all_parties = models.PositiveIntegerField(default=0)  # to be compared
    parties = models.PositiveIntegerField(default=0)
    names = models.PositiveIntegerField(default=0)
    new_hits = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)  # by the list: delisted, or no longer alike
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the night shift
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)  # None: under way, or broken off

    @property
    def reached(self) -> int:
        """Parties compared so far."""
        return self.parties or sum(lane.parties for lane in self.lanes.all())


class ScreeningLane(models.Model):
    """A stretch of party ids of one run, compared by one worker, chunk by chunk; `after` says how far."""

    run = models.ForeignKey(ScreeningRun, models.CASCADE, related_name="lanes")
    after = models.BigIntegerField()  # the last party compared
    last = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True)
    parties = models.PositiveIntegerField(default=0)
    new_hits = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)


class PartyToScreen(models.Model):
    """A party whose name, birth date, countries, papers or roles changed since it was last compared.

    Triggers on the tables of parties, papers and roles write it, so that no way of changing them escapes.
    A party that changes again gets a new number: who compared the one before takes only that from the list.
    """

    party_id = models.BigIntegerField(primary_key=True)  # no foreign key: written by triggers of that table
    change = models.BigIntegerField()


IS_A_MATCH = Q(state="confirmed") | Q(frozen=True)


class ScreeningHitQuerySet(FileQuerySet["ScreeningHit"]):
    def undecided(self):
        return self.filter(state__in=UNDECIDED)

    def unresolved(self):
        """Whatever forbids to go on: undecided, or a match."""
        return self.filter(Q(state__in=UNDECIDED) | IS_A_MATCH)

    def gone(self):
        """On an entry that is listed no more, and not settled yet: neither closed nor reopened for two."""
        told = HitStep.objects.filter(
            hit=OuterRef("pk"), said=HitStep.Said.DELISTED, entity=OuterRef("entity_id")
        )
        ended = self.filter(entity__until__isnull=False).exclude(state=ScreeningHit.State.DELISTED)
        return ended.exclude(Exists(told), frozen=True)

    def obvious(self, figures, *, second=False):
        """Open and obviously nobody on the list; with `second` those that one officer found so. `figures`:
        rule pack "hits". The twin of rules.hits.why_obvious, whose words say why.
        """
        why = Q(details__apart__gte=figures["batch_birth_years"])
        if figures["batch_other_kind"]:
            why |= Q(details__kind="differs")
        waits = Q(state="proposed", verdict="no_match") if second else Q(state="open")
        return self.filter(
            waits,
            why,
            ~Q(details__has_key="changed"),
            frozen=False,
            score__lte=figures["batch_highest_score"],
            details__papers="unknown",
            details__born__in=["differs", "unknown"],
            details__country__in=["differs", "unknown"],
        )

    def freezing(self):
        """A match, also while it is looked at again: nothing goes on with this client."""
        return self.filter(IS_A_MATCH)


class ScreeningHit(OnFile):
    """A party of a file that looks like a listed entity, with the sentence why; two people decide.

    It follows the entry from one version of the list to the next: `entity` is the entry last judged.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PROPOSED = "proposed", _("Decided once, waits for a second person")
        ESCALATED = "escalated", _("Escalated")
        CLEARED = "cleared", _("No match")
        CONFIRMED = "confirmed", _("Match")
        DELISTED = "delisted", _("No longer on the list")
        UNLIKE = "unlike", _("No longer alike since the list changed")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="hits")
    party = models.ForeignKey(Party, models.CASCADE, related_name="hits")
    entity = models.ForeignKey(ListedEntity, models.CASCADE, related_name="hits")
    score = models.PositiveSmallIntegerField()  # 0 to 100
    sentence = models.CharField(max_length=500)
    details = models.JSONField(default=dict)  # rules.screening.Likeness, for the page side by side
    # actions.settling.facts_of: the client's facts that were compared
    compared = EncryptedJSONField(default=dict, bound_to=["client_id", "party_id"])
    scorer = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    frozen = models.BooleanField(default=False)  # was confirmed, and neither overturned nor delisted since
    found_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(default=timezone.now)  # when it last began to wait for people
    verdict = models.CharField(max_length=10, blank=True)  # "match" or "no_match"
    reason = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    # What it rests on where papers show it: the one on file, or which it was and who saw it.
    paper = EncryptedTextField(max_length=300, blank=True, db_default="", bound_to=["client_id", "party_id"])
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    escalated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Who is to look at it next. It closes the hit to nobody: any two officers may decide it.
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScreeningHitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "score", "id"], name="hit_queue"),
            # The most alike of all that wait: the top of the queue and of the desk.
            models.Index(
                fields=["score", "id"],
                name="hit_undecided",
                condition=Q(state__in=["open", "proposed", "escalated"]),
            ),
            models.Index(
                fields=["opened_at", "id"],
                name="hit_waiting",
                condition=Q(state__in=["open", "proposed", "escalated"]),
            ),
            models.Index(fields=["found_at"], name="hit_found"),
            models.Index(fields=["decided_at"], name="hit_decided", condition=Q(decided_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["party", "entity"], name="a_party_hits_an_entity_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="a_hit_is_decided_by_a_second_person",
            ),
            is_encrypted("compared", "what_a_hit_compared_is_encrypted"),
            is_encrypted("paper", "the_paper_of_a_decision_is_encrypted"),
        ]

    def is_gone(self) -> bool:
        """A match that was reopened because the list dropped its entry. 1 query, none while it is listed."""
        if not self.frozen or self.entity.until_id is None:
            return False
        told: bool = self.steps.filter(said=HitStep.Said.DELISTED, entity=self.entity_id).exists()
        return told


UNDECIDED = [ScreeningHit.State.OPEN, ScreeningHit.State.PROPOSED, ScreeningHit.State.ESCALATED]


class HitStep(OnFile):
    """What happened to a hit, in order and never changed. A decision carries all that it was made on."""

    class Said(models.TextChoices):
        PROPOSED = "proposed", _("Decided once")
        DECIDED = "decided", _("Decided by the second")
        RETURNED = "returned", _("Returned by the second")
        ESCALATED = "escalated", _("Escalated")
        REOPENED = "reopened", _("Open again")
        DELISTED = "delisted", _("Closed: no longer on the list")
        UNLIKE = "unlike", _("Closed: no longer alike since the list changed")

    hit = models.ForeignKey(ScreeningHit, models.CASCADE, related_name="steps")
    said = models.CharField(max_length=10, choices=Said.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: by itself
    first = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who had proposed it
    verdict = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    paper = EncryptedTextField(max_length=300, blank=True, db_default="", bound_to=["client_id", "hit_id"])
    changes = EncryptedJSONField(
        default=list, bound_to=["client_id", "hit_id"]
    )  # [what, before, now] since the state before
    entity = models.ForeignKey(ListedEntity, models.PROTECT, related_name="+")  # the entry as it stood
    # With the client's papers, so encrypted; the seal is of what it reads as.
    snapshot = EncryptedJSONField(
        default=dict, bound_to=["client_id", "hit_id"]
    )  # score, sentence, client's facts, versions
    seal = models.CharField(max_length=64, blank=True)  # of the snapshot; the audit holds it too

    class Meta:
        indexes = [models.Index(fields=["hit", "id"], name="steps_of_a_hit")]
        constraints = [
            is_encrypted("changes", "what_changed_is_encrypted"),
            is_encrypted("paper", "the_paper_of_a_step_is_encrypted"),
            is_encrypted("snapshot", "what_a_decision_was_made_on_is_encrypted"),
        ]
