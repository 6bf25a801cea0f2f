"""make_demo_screening: hits in every state, papers to decide by, exposed persons, adverse information.

By the verbs of the officers and after the screening of the demo, so that whoever looks finds a match that
freezes, a decision to confirm, one that names its paper, a delisting with its trace, and figures to report.
"""

from datetime import timedelta
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.record import coming_from
from clients.actions import upload_document
from clients.models import Client, Document, DocumentKind, Party, State
from compliance.actions import (
    confirm_hit,
    escalate_hit,
    import_list,
    propose_hit,
    record_adverse,
    record_pep_role,
    screen_changes,
)
from compliance.actions.sweep import sweep
from compliance.models import ScreeningHit
from rmcrm.management.commands.make_demo_list import demo_list
from staff.models import BookMember, User
from staff.night import night_shift
from staff.roles import Role
from ui.carrying import NIGHT_SHIFT, carrying, transaction_for

PASSPORT = b"= Passport\nA copy as the branch made it; the demo's own, of nobody."


class Command(BaseCommand):
    help = "Decide some of the demo's hits, and record offices and adverse information."

    @carrying(None, NIGHT_SHIFT)
    def handle(self, *args: Any, **options: Any) -> None:
        with coming_from("manage make_demo_screening"):
            decided = self._hits() if ScreeningHit.objects.exists() else 0
            recorded = self._exposed()
            sweep(timezone.localdate())
        self.stdout.write(f"{decided} hits were worked on, {recorded} offices and notes recorded.")

    def _hits(self) -> int:
        """Of those sure to be the same one is confirmed; of namesakes one is cleared by its paper."""
        first, second = _colleague(), User.objects.get(login="mira")
        alike = ScreeningHit.objects.undecided().filter(score=100).order_by("pk")
        namesakes = ScreeningHit.objects.undecided().filter(score__lt=70).order_by("-score", "pk")
        match, waits, passed_on = alike[:3]
        paper, cleared, by_birth, gone = namesakes[:4]
        for hit in (paper, cleared, waits):
            _passport(hit.client)
        propose_hit(
            match, by=first, verdict="match", reason="same_birth", note="The press names his employer."
        )
        confirm_hit(match, by=second)
        propose_hit(waits, by=first, verdict="match", reason="client_says")
        escalate_hit(
            passed_on, by=first, reason="papers_needed", note="The publisher was asked for a photograph."
        )
        document = Document.objects.filter(client=cleared.client).latest("pk")
        propose_hit(cleared, by=first, verdict="no_match", reason="other_person", document=document.pk)
        confirm_hit(cleared, by=second)
        propose_hit(by_birth, by=first, verdict="no_match", reason="other_birth_date")
        confirm_hit(by_birth, by=second)
        without = frozenset({gone.entity.reference})
        import_list(None, by=night_shift(), source="csv", file=demo_list(without), called="demo")
        screen_changes(by=night_shift())
        return 6

    def _exposed(self) -> int:
        """A minister's child, one who left office and still counts, and what a newspaper wrote."""
        officer, today = _colleague(), timezone.localdate()
        people = Client.objects.filter(state=State.ACTIVE, kind="person", barrier=None).order_by("pk")
        exposed = [*people.filter(kyc__pep=True)[:2]]
        noted = people.filter(kyc__pep=False, risk="low").exclude(hits__state="open").first()
        offices: list[dict[str, Any]] = [
            {
                "capacity": "family",
                "function": "head",
                "title": "Minister of Transport",
                "since_on": today - timedelta(days=900),
                "source": "The client, confirmed on the ministry's page.",
            },
            {
                "capacity": "holder",
                "function": "parliament",
                "title": "Member of the lower house",
                "since_on": today - timedelta(days=2400),
                "until_on": today - timedelta(days=200),
                "source": "The parliament's register of members.",
            },
        ]
        for client, office in zip(exposed, offices, strict=False):
            party = _main(client)
            holder = f"Karl {party.name.split()[-1]}" if office["capacity"] == "family" else ""
            said: dict[str, Any] = {
                "party_id": party.pk,
                "holder": holder,
                "country": party.nationality,
                "level": "national",
            }
            record_pep_role(client, by=officer, **said, **office)
        if noted is not None:
            record_adverse(
                noted,
                by=officer,
                party_id=_main(noted).pk,
                severity="medium",
                source="A daily newspaper, business pages",
                source_on=today - timedelta(days=20),
                text="Named as a witness in a trial about kickbacks at a former employer; not accused.",
            )
        return len(exposed) + (noted is not None)


def _colleague() -> User:
    """An officer whom nobody logs in as: what she decided first, the others may confirm."""
    officer = User.objects.filter(role=Role.COMPLIANCE, is_active=True).order_by("-pk").first()
    assert officer is not None
    return officer


def _main(client: Client) -> Party:
    return Party.objects.get(client=client, is_client=True)


def _passport(client: Client) -> None:
    today = timezone.localdate()
    owner = BookMember.objects.owners().at(timezone.now()).filter(book=client.book_id)[0].user
    with transaction_for(owner.pk):
        upload_document(
            client,
            by=owner,
            file=ContentFile(bytes(typst.compile(PASSPORT, format="pdf")), name="passport.pdf"),
            kind=DocumentKind.IDENTITY,
            title="Passport, copied at the branch",
            issued_on=today - timedelta(days=700),
            expires_on=today + timedelta(days=2900),
        )
