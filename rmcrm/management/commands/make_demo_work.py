"""make_demo_work: openings that wait for a second person, and a rating set by hand, as people leave them.

By the same verbs as everybody's work, so that what stands on the officer's desk of a demo has its papers, its
audit and its maker.
"""

from datetime import timedelta
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.record import coming_from
from clients.models import Kind, Party
from compliance.actions import decide_override
from compliance.models import RatingOverride
from onboarding import actions
from onboarding.models import Onboarding, RequiredDocument
from onboarding.rules.tax import Residence
from onboarding.selectors import workspace
from staff.models import User
from staff.roles import Role
from ui.refusals import Refused

OPENINGS = 3
PAPER = b"= A paper of the demo\nIt stands where the client's own would."


class Command(BaseCommand):
    help = "Leave some work on the desks of the demo bank."

    def handle(self, *args: Any, **options: Any) -> None:
        with coming_from("manage make_demo_work"):
            submitted = self._openings()
            decided = self._overrides()
        self.stdout.write(f"{submitted} openings wait for a second person, {decided} ratings hold by hand.")

    def _openings(self) -> int:
        officer = _officers()[0]
        running = Onboarding.objects.filter(state="collecting", client__kind=Kind.PERSON)
        done = 0
        for onboarding in running.select_related("client", "started_by").order_by("pk")[: 4 * OPENINGS]:
            if done == OPENINGS:
                break
            try:
                _fill(onboarding, onboarding.started_by, officer)
            except Refused as refused:
                self.stderr.write(f"Opening {onboarding.pk}: {' '.join(refused.sentences)}")
            else:
                done += 1
        return done

    def _overrides(self) -> int:
        """The oldest that waits is agreed to by an officer who did not ask for it."""
        waiting = RatingOverride.objects.waiting().order_by("asked_at", "pk").first()
        if waiting is None:
            return 0
        second = next(each for each in _officers() if each.pk != waiting.asked_by_id)
        decide_override(waiting, by=second, agreed=True)
        return 1


def _officers() -> list[User]:
    return list(User.objects.filter(role=Role.COMPLIANCE, is_active=True).order_by("pk"))


def _fill(onboarding: Onboarding, by: User, officer: User) -> None:
    """All that a person's opening asks for, and the request to a second person."""
    today, paper = timezone.localdate(), bytes(typst.compile(PAPER, format="pdf"))
    party = Party.objects.get(client=onboarding.client_id, is_client=True)
    if not onboarding.products:
        actions.choose_products(onboarding.pk, by=by, products=["current"])
    actions.record_facts(
        onboarding.pk,
        by=by,
        source_of_funds="salary",
        purpose="savings",
        pep=False,
        born_on=party.born_on,
        nationality=party.nationality,
        residence=party.residence or onboarding.client.domicile,
    )
    for view in workspace(Onboarding.objects.select_related("client").get(pk=onboarding.pk)).holders:
        for form in view.needed:
            actions.record_certification(
                onboarding.pk,
                by=by,
                party_id=view.party.pk,
                form=form,
                signed_on=today,
                residences=[Residence(view.party.residence or onboarding.client.domicile, "", "not_issued")],
                explanation="Numbers are asked for.",
            )
    actions.take_consents(onboarding.pk, by=by, purposes=["data_processing", "recording"])
    for required in RequiredDocument.objects.filter(onboarding=onboarding, state="missing"):
        actions.upload_document(
            onboarding.pk,
            by=by,
            required_id=required.pk,
            file=ContentFile(paper, name=f"{required.kind}.pdf"),
            expires_on=today + timedelta(days=900),
        )
        actions.review_document(onboarding.pk, by=officer, required_id=required.pk, verdict="approved")
    actions.submit_onboarding(onboarding.pk, by=by)
