"""make_demo_audit: an audit of interactions under way in the demo bank, made by the same verbs as by hand."""

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from audit.record import coming_from
from clients.actions import finish_task
from clients.models import Client
from clients.selectors import lines_of
from compliance.actions import (
    answer_query,
    attest,
    close_sample,
    draw_sample,
    fail_sample,
    open_attestations,
    pass_sample,
    plan_sample,
    query_sample,
)
from compliance.models import Attestation, SampleItem, SamplePlan
from compliance.selectors.sampling import who_serves
from staff.models import BookMember, User
from staff.roles import Role
from ui.carrying import carrying
from ui.formats import midnight

# Two late entries and two talks on a private messenger: (days before its end, words, why late, off).
UNUSUAL = [
    (5, "Asked by phone to sell half of the fund", "I was travelling and had no network.", False),
    (8, "Talked about the term deposit that ends", "Found in my notes.", False),
    (6, "Sent a photo of a contract by messenger", "", True),
    (13, "Asked by messenger for the yield of a bond", "", True),
]
_LOG = """
INSERT INTO clients_interaction (client_id, channel, outbound, purpose, at, place, attendees, summary, notes,
                                 advice_given, by_id, logged_at, off_channel, late_reason)
VALUES (%s, %s, false, 'service', %s, '', '', %s, '', false, %s, %s, %s, %s)
"""


class Command(BaseCommand):
    help = "Draw last month's sample of the demo bank and review half of it; ask who serves to attest."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        officer = User.objects.filter(role=Role.COMPLIANCE, is_active=True).order_by("pk").first()
        if officer is None or SamplePlan.objects.exists():
            self.stdout.write("There is an audit already, or no officer.")
            return
        # As the officer, who draws nothing of a file behind a barrier.
        with coming_from("manage make_demo_audit"), carrying(officer.pk):
            last = timezone.localdate().replace(day=1) - timedelta(days=1)
            self._log_unusual(midnight(last) + timedelta(hours=10))
            plan = plan_sample(None, by=officer, first_on=last.replace(day=1), last_on=last)
            plan = draw_sample(None, by=officer, plan_id=plan.pk)
            self._review(officer, plan)
            self._attest()
        self.stdout.write(f"{plan.drawn} of {plan.population} records are drawn, half of them reviewed.")

    def _log_unusual(self, ended: datetime) -> None:
        """In the past, as a bank that has been working for years has them."""
        now = timezone.now()
        owners = BookMember.objects.owners().at(now).filter(user__is_active=True).order_by("pk")
        with connection.cursor() as cursor:
            for member, (days, words, late, off) in zip(owners, UNUSUAL, strict=False):
                client = Client.objects.served().filter(book=member.book_id).order_by("pk").first()
                if client is None:
                    continue
                at = ended - timedelta(days=days)
                logged = at + timedelta(days=2 if late else 0, minutes=20)
                channel = "message" if off else "call"
                cursor.execute(_LOG, [client.pk, channel, at, words, member.user_id, logged, off, late])

    def _review(self, officer: User, plan: SamplePlan) -> None:
        """What is whole passes; of the rest one is asked about, one answered, one failed, one mended."""
        items = SampleItem.objects.filter(plan=plan).select_related("interaction__by", "author", "client")
        turns = iter(("ask", "answer", "fail", "mend"))
        rita_first = sorted(items.order_by("pk"), key=lambda item: item.author.login != "rita")
        for at, item in enumerate(rita_first):
            lines = lines_of(item.interaction)
            met = [line.code for line in lines if line.met]
            if len(met) == len(lines):
                if at % 2:
                    pass_sample(item, by=officer, met=met)
                continue
            asked = who_serves(item)
            turn = next(turns, None) if asked else None
            missing = next(line.label for line in lines if not line.met)
            if turn in ("ask", "answer"):
                query_sample(item, by=officer, met=met, note=f"{missing}: what can you say about it?")
                if turn == "answer" and asked:
                    answer_query(item, by=asked, text="I asked the client again and noted it here.")
            elif turn:
                failed = fail_sample(item, by=officer, met=met, note=f"{missing}: say it in an addendum.")
                if turn == "mend" and asked and failed.task:
                    finish_task(failed.task, by=asked)
                    close_sample(failed, by=officer)

    def _attest(self) -> None:
        """Two of three said that they used none, one of them declares a use; Rita's is still due."""
        open_attestations(timezone.localdate())
        asked = Attestation.objects.select_related("person").exclude(person__login="rita")
        for at, each in enumerate(asked.order_by("pk")):
            if at % 3 == 2:
                continue
            uses = []
            client = Client.objects.visible_to(each.person).served().order_by("pk").first()
            if at == 1 and client:
                uses = [(client.pk, each.last_on - timedelta(days=20), "A private messenger")]
            attest(None, by=each.person, attestation_id=each.pk, uses=uses)
