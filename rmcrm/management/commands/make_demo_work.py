"""make_demo_work: openings that wait, a rating set by hand, narrow paths, an end, files kept long enough.

By the same verbs as everybody's work, so that what stands on the officer's desk of a demo has its papers, its
audit and its maker.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import typst
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.record import coming_from
from clients.actions.lending import lend_client
from clients.actions.search_rows import index_file
from clients.models import Client, GrantPurpose, Kind, Party, Segment, Stage, State
from cockpit.actions import propose_handover
from cockpit.models import Handover
from compliance.actions import break_glass, decide_override
from compliance.actions.barriers import confirm_barrier, propose_barrier
from compliance.actions.keeping import set_hold
from compliance.models import RatingOverride
from compliance.rules.barriers import RAISE
from onboarding import actions
from onboarding.models import Ending, Onboarding, RequiredDocument
from onboarding.rules.tax import Residence
from onboarding.selectors import workspace
from portfolios.models import Account
from staff.models import BookMember, User
from staff.roles import Role
from suspicion.actions import add_note, hand_over, take_up
from suspicion.models import Case
from ui.carrying import NIGHT_SHIFT, carrying, transaction_for
from ui.refusals import Refused

OPENINGS = 3
PAPER = b"= A paper of the demo\nIt stands where the client's own would."


class Command(BaseCommand):
    help = "Leave some work on the desks of the demo bank."

    @carrying(None, NIGHT_SHIFT)
    def handle(self, *args: Any, **options: Any) -> None:
        with coming_from("manage make_demo_work"):
            submitted = self._openings()
            decided = self._overrides()
            opened = self._narrow_paths()
            moving = self._handover()
            ending = self._ending()
            self._suspicions()
            left = self._former_clients()
        self.stdout.write(
            f"{submitted} openings wait for a second person, {decided} ratings hold by hand, "
            f"{opened} files are lent, opened by break-glass or behind a barrier, "
            f"{moving} are to change hands, {ending} relationship is to end, {left} were kept long enough."
        )

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

    def _narrow_paths(self) -> int:
        """Of one manager's files: one is lent, one was opened by break-glass, one stands behind a barrier."""
        owner = User.objects.get(login="rita")
        books = BookMember.objects.owners().at(timezone.now()).filter(user=owner).values("book")
        of_hers = Client.objects.filter(book__in=books, state=State.ACTIVE).order_by("pk")
        people, firms = of_hers.filter(kind=Kind.PERSON), of_hers.filter(kind=Kind.ORGANISATION)
        lent, opened, walled = people[0], people[1], firms[0]
        stranger = User.objects.get(login="otto")
        today = timezone.localdate()
        lend_client(
            lent,
            by=owner,
            to=stranger.pk,
            purpose=GrantPurpose.ADVICE,
            reason="Asks for a loan for her shop: he knows the trade.",
            first_on=today,
            last_on=today + timedelta(days=14),
        )
        with transaction_for(stranger.pk):  # the grant is made by a function that asks who is there
            break_glass(None, by=stranger, number=opened.number, reason="Stands at my desk, Rita is away.")
        asks, confirms = _officers()[:2]
        with transaction_for(asks.pk):  # what compliance asks for is for its eyes alone
            proposal = propose_barrier(
                None,
                by=asks,
                kind=RAISE,
                name="Project Alder",
                reason="The bank advises on the sale of the company.",
                people_in=frozenset({owner.pk}),
                files_in=frozenset({walled.pk}),
            )
        with transaction_for(confirms.pk):
            confirm_barrier(None, by=confirms, proposal_id=proposal.pk)
        return 3

    def _handover(self) -> int:
        """Two of one manager's clients are to go to a colleague: the team's lead asks, and it waits."""
        owner, lead = User.objects.get(login="rita"), User.objects.get(login="theo")
        books = BookMember.objects.owners().at(timezone.now()).filter(user=owner).values("book")
        files = Client.objects.filter(book__in=books, state=State.ACTIVE, kind=Kind.PERSON).order_by("-pk")[
            :2
        ]
        colleague = (
            User.objects.filter(role=Role.RM, team=owner.team, is_active=True)
            .exclude(pk=owner.pk)
            .order_by("pk")
        )[0]
        with transaction_for(lead.pk):
            asked = propose_handover(
                None,
                by=lead,
                clients=[each.pk for each in files],
                to=f"person-{colleague.pk}",
                effective_on=timezone.localdate() + timedelta(days=7),
                cause=Handover.Cause.MOVE,
                reason="They live near the new branch.",
            )
        return asked.lines.count()

    def _ending(self) -> int:
        """Of a client who has gone to another bank: the core system has closed the accounts."""
        owner = User.objects.get(login="rita")
        books = BookMember.objects.owners().at(timezone.now()).filter(user=owner).values("book")
        served = Client.objects.served().filter(book__in=books, kind=Kind.PERSON, holdings=None)
        client = served.order_by("value", "pk")[0]
        accounts = Account.objects.filter(client=client, closed_on__isnull=True)
        accounts.update(closed_on=timezone.localdate(), balance=0)
        with transaction_for(owner.pk):
            actions.ask_end(
                client,
                by=owner,
                cause=Ending.Cause.OTHER_BANK,
                reason="Everything has gone to a bank near the new home; confirmed on the phone.",
            )
        return 1

    def _suspicions(self) -> None:
        """What two managers handed to the reporting officer, who has begun with the first. No word of it is
        printed: who runs this command is no more of her team than anybody else."""
        owner, stranger = User.objects.get(login="rita"), User.objects.get(login="otto")
        books = BookMember.objects.owners().at(timezone.now()).filter(user=owner).values("book")
        people = Client.objects.filter(book__in=books, state=State.ACTIVE, kind=Kind.PERSON).order_by("pk")
        told: dict[str, Any] = {"noticed_on": timezone.localdate() - timedelta(days=1), "knows": "no"}
        with transaction_for(owner.pk):
            hand_over(
                None,
                by=owner,
                key=str(uuid4()),
                client=people[3],
                about="",
                ground="payments",
                what="Four deposits of 12,000 in cash within a week; the salary comes by transfer.",
                amount="48,000 CHF",
                **told,
            )
        with transaction_for(stranger.pk):
            hand_over(
                None,
                by=stranger,
                key=str(uuid4()),
                client=None,
                about="A visitor at the counter",
                ground="papers",
                what="Asked for an account; the photograph of the passport was loose.",
                amount="",
                **told,
            )
        officer = User.objects.get(login="mira")
        with transaction_for(officer.pk):
            case = take_up(Case.objects.order_by("pk")[0], by=officer)
            add_note(case, by=officer, text="Asked for the payslips of the last three months.")

    def _former_clients(self) -> int:
        """Two who left the bank years ago: the file of one may be deleted, a dispute holds the other."""
        today, officer = timezone.localdate(), _officers()[0]
        colleague = User.objects.get(login="otto")
        book = BookMember.objects.owners().at(timezone.now()).filter(user=colleague).order_by("pk")[0].book
        made = []
        for at, name in enumerate(("Werner Abderhalden", "Silvia Gisler")):
            left_on = today - timedelta(days=365 * (6 + at))
            client = Client.objects.create(
                number=f"F-{left_on:%Y}-{at + 1}",
                kind=Kind.PERSON,
                name=name,
                book=book,
                state=State.CLOSED,
                closed_on=left_on,
                segment=Segment.AFFLUENT,
                stage=Stage.RETIREMENT,
                domicile="CH",
                since_on=left_on - timedelta(days=4000),
                kyc_due_on=left_on + timedelta(days=200),
                last_contact_on=left_on - timedelta(days=30),
            )
            Party.objects.create(
                client=client, kind=Kind.PERSON, is_client=True, name=name, nationality="CH", residence="CH"
            )
            index_file(client)
            made.append(client)
        set_hold(made[1], by=officer, kind="legal", reason="Her heirs dispute a loan, file 12/2026.")
        return len(made)


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
        lives_in = view.party.residence or onboarding.client.domicile
        for form in view.needed:
            actions.record_certification(
                onboarding.pk,
                by=by,
                party_id=view.party.pk,
                form=form,
                signed_on=today,
                residences=[Residence(lives_in, "", "not_obtained")],
                explanation="Numbers are asked for.",
            )
    actions.take_consents(onboarding.pk, by=by, purposes=["data_processing", "recording"])
    for required in RequiredDocument.objects.filter(onboarding=onboarding, state="missing"):
        actions.upload_document(
            onboarding.pk,
            by=by,
            required_id=required.pk,
            file=ContentFile(paper, name=f"{required.kind}.pdf"),
            issued_on=today - timedelta(days=30),
            expires_on=today + timedelta(days=900),
        )
        actions.review_document(onboarding.pk, by=officer, required_id=required.pk, verdict="approved")
    actions.submit_onboarding(onboarding.pk, by=by)
