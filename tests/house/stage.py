"""One object of each kind in the file of Rita's client, for the walk through the doors: `Stage.<on>`."""

from datetime import date, timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from alerts.models import Alert
from clients.models import (
    BarrierProposal,
    ContactPoint,
    Document,
    Identifier,
    Interaction,
    Party,
    Relationship,
    Task,
)
from cockpit.models import Handover, HandoverClient
from cockpit.selectors import fingerprint as fingerprint_of_handover
from cockpit.selectors import owed_by
from compliance.models import (
    AdverseNote,
    Attestation,
    Consent,
    DryRun,
    FileDeletion,
    GlassUse,
    HitStep,
    HoldLift,
    LargeExport,
    LegalHold,
    ListedEntity,
    ListVersion,
    OffChannelUse,
    PepRole,
    RatingOverride,
    Recertification,
    SampleItem,
    SamplePlan,
    SampleStep,
    ScreeningHit,
)
from compliance.rules.barriers import Wanted
from compliance.rules.hits import seal_of
from compliance.rules.keeping import certificate
from compliance.selectors.auditing import fingerprint_of_asker
from compliance.selectors.barriers import fingerprint
from compliance.selectors.keeping import keeping_of
from jobs.models import Job
from needs.models import Assessment, Goal
from onboarding.models import (
    Ending,
    Onboarding,
    PlannedAccount,
    PossibleDuplicate,
    RequiredDocument,
    SelfCertification,
    SetAside,
)
from onboarding.selectors.endings import fingerprint_of as fingerprint_of_ending
from opportunities.models import Opportunity
from reviews.models import Review
from rulebook.models import RulePack
from staff.models import BookMember, LoginSession, PersonChange, SavedView
from staff.roles import Role
from staff.selectors import fingerprint_of
from suspicion.models import Case, FiuRequest
from tests.cast import LONG_AGO, Cast, lend, make_client, make_person, raise_barrier
from tests.onboarding.imports import EMIL, NORA, upload
from ui.carrying import carry_person

MISSING = 999_999
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def break_glass(client, by, *, hours_ago=0, **fields):
    """A use as it stands so long after the file was opened."""
    at = timezone.now() - timedelta(hours=hours_ago)
    grant = lend(
        client, by, by, starts_at=at, ends_at=at + timedelta(hours=1), purpose="break_glass",
        reason="The owner is ill and the house sale closes today",
    )  # fmt: skip
    made = {"at": at, "due_on": timezone.localdate(at) + timedelta(days=2), "pack_version": 1} | fields
    return GlassUse.objects.create(client=client, grant=grant, user=by, **made)


class Stage:
    """Each object is made when it is first asked for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        udo = make_person("udo", Role.AUDITOR)
        lena = make_person("lena", Role.ASSISTANT, cast.rita.team)
        dora = make_person("dora", Role.RM, cast.rita.team)
        for person, role in ((lena, "assistant"), (dora, "deputy")):
            BookMember.objects.create(book=cast.rita_book, user=person, role=role, during=(LONG_AGO, None))
        self.mira = make_person("mira", Role.MLRO)
        # With a password, as who logs in by form has one: allauth's pages about passwords ask for it.
        cast.rita.set_password("correct horse battery staple")
        cast.rita.save(update_fields=["password"])
        self.people = {"udo": udo, "lena": lena, "dora": dora, "mira": self.mira} | {
            name: getattr(cast, name) for name in ("rita", "theo", "cora", "otto", "ada")
        }

    def whole(self) -> "Stage":
        """With everything on it made."""
        for name in dir(Stage):
            if not name.startswith("_") and not callable(getattr(Stage, name)):
                getattr(self, name)
        return self

    @property
    def client(self):
        return self.cast.anna

    @property
    def colleague(self):
        return self.cast.rita

    @cached_property
    def task(self):
        return Task.objects.create(
            client=self.client, kind="call", title="Call back", assigned_to=self.cast.rita,
            due_on=timezone.localdate() + timedelta(days=3),
        )  # fmt: skip

    @cached_property
    def login_session(self):
        return LoginSession.objects.create(user=self.cast.rita, session_key="another of Rita's")

    @cached_property
    def saved_view(self):
        return SavedView.objects.create(
            user=self.cast.rita, page="clients:list", name="Silent", query="silent=90"
        )

    @cached_property
    def opportunity(self):
        return Opportunity.objects.create(
            client=self.client, product_kind="pension", reason="life_event", owner=self.cast.rita
        )

    def paper(self, name: str = "paper.pdf") -> ContentFile:
        return ContentFile(PDF, name=name)

    @property
    def party(self):
        return self.client.parties.get(is_client=True)

    @property
    def masked(self):
        return {"kind": "born", "pk": self.party.pk}

    @property
    def book(self):
        return self.cast.rita_book

    @cached_property
    def contact_point(self):
        return ContactPoint.objects.create(
            client=self.client, party=self.party, kind="phone", value="+41446681801"
        )

    @cached_property
    def document(self):
        kept = Document.objects.create(
            client=self.client, kind="other", title="paper.pdf", file=self.paper(), size=len(PDF),
            content_type="application/pdf", sha256="0" * 64, uploaded_by=self.cast.rita,
        )  # fmt: skip
        return {"client_id": self.client.pk, "document_id": kept.pk}

    @cached_property
    def fresh_interaction(self):
        return Interaction.objects.create(
            client=self.client, channel="call", purpose="service", at=timezone.now(), by=self.cast.rita,
            summary="Asked about her card",
        )  # fmt: skip

    @cached_property
    def interaction(self):
        """Locked at once."""
        return Interaction.objects.create(
            client=self.client, channel="meeting", purpose="advice", at=timezone.now(), by=self.cast.rita,
            summary="Asked about a fund", advice_given=True, lock_hours=0,
        )  # fmt: skip

    @cached_property
    def glass_use(self):
        """Of Rita's file, over since."""
        return break_glass(self.client, self.gil, hours_ago=2)

    @cached_property
    def gil(self):
        """Another RM of Otto's team."""
        return make_person("gil", Role.RM, self.cast.otto.team)

    @cached_property
    def recertification(self):
        return Recertification.objects.create(
            team=self.cast.rita.team, due_on=timezone.localdate() + timedelta(days=9), pack_version=1
        )

    @cached_property
    def loan(self):
        return lend(self.client, self.gil, self.cast.rita, ends_at=timezone.now() + timedelta(days=3))

    @cached_property
    def cover(self):
        now = timezone.now()
        return BookMember.objects.create(
            book=self.book, user=self.gil, role="deputy", during=(now, now + timedelta(days=3))
        )

    @cached_property
    def broken(self):
        """A file of Otto's, open to Rita now."""
        file = make_client("Bea Lang", self.cast.otto_book)
        break_glass(file, self.cast.rita)
        return file

    @cached_property
    def sample_plan(self):
        day = timezone.localdate() - timedelta(days=40)
        return SamplePlan.objects.create(
            first_on=day, last_on=day, seed="1" * 32, pack_version=1, drawn_at=timezone.now(), population=1,
            always=1, digest="2" * 64, asked_by=self.cast.cora,
            figures={"always_risk": ["high"], "always_kinds": ["late"], "random_percent": 5},
        )  # fmt: skip

    @cached_property
    def sample(self):
        sample = SampleItem.objects.create(
            client=self.client, plan=self.sample_plan, interaction=self.interaction, author=self.cast.rita,
            team=self.cast.rita.team, channel="meeting", why="random", risk="low",
            state="queried", asked_of=self.cast.rita,
            due_on=timezone.localdate() + timedelta(days=9),
        )  # fmt: skip
        SampleStep.objects.create(
            item=sample, client=self.client, said="queried", by=self.cast.cora, note="Who attended?",
            due_on=sample.due_on, pack_version=1,
        )  # fmt: skip
        return sample

    @cached_property
    def proposal(self):
        """To raise a barrier, asked for by a colleague."""
        wanted = Wanted(people_in=frozenset([self.cast.otto.pk]), files_in=frozenset([self.cast.omar.pk]))
        return BarrierProposal.objects.create(
            kind="raise", name="Falcon", people_in=[*wanted.people_in], files_in=[*wanted.files_in],
            reason="A deal that is not public", asked_by=make_person("clea", Role.COMPLIANCE),
            fingerprint=fingerprint(None, wanted),
        )  # fmt: skip

    @cached_property
    def handover(self):
        """Rita's client is to go to Otto, asked for by a colleague of Cora's."""
        book, into, otto = self.cast.rita_book, self.cast.otto_book, self.cast.otto
        officer = make_person("clio", Role.COMPLIANCE)
        made = Handover.objects.create(
            from_book=book, to_book=into, owner=self.cast.rita, receiver=otto, cause="load", asked_by=officer,
            reason="Too many files", effective_on=timezone.localdate(),
            told=owed_by(officer, [self.client.pk], timezone.localdate()).as_told(),
            fingerprint=fingerprint_of_handover([self.client.pk], book.pk, into.pk, otto.pk),
        )  # fmt: skip
        HandoverClient.objects.create(handover=made, client=self.client)
        return made

    @cached_property
    def person_change(self):
        """Of Rita, asked for by the administrator."""
        rita = self.cast.rita
        return PersonChange.objects.create(
            person=rita, role=Role.ASSISTANT, team=rita.team, reason="Supports the desk",
            asked_by=self.cast.ada, fingerprint=fingerprint_of(rita),
        )  # fmt: skip

    @cached_property
    def barrier(self):
        return raise_barrier([self.cast.omar], [self.cast.otto])

    @cached_property
    def legal_hold(self):
        return LegalHold.objects.create(
            client=self.client, kind="legal", reason="A dispute about a loan", set_by=self.cast.cora,
            pack_version=1,
        )  # fmt: skip

    @cached_property
    def ending(self):
        """The relationship with the client is to end, asked for by Rita's assistant."""
        return Ending.objects.create(
            client=self.client, cause="wish", reason="She moves to Lisbon", asked_by=self.people["lena"],
            fingerprint=fingerprint_of_ending(self.client),
        )  # fmt: skip

    @cached_property
    def lead_set_aside(self):
        """The client was a lead once, and Rita did not reach her."""
        return SetAside.objects.create(client=self.client, cause="unreached", by=self.cast.rita)

    @cached_property
    def hold_lift(self):
        """Asked for by a colleague of Cora's."""
        return HoldLift.objects.create(
            client=self.client, hold=self.legal_hold, reason="Settled", fingerprint="1",
            asked_by=make_person("corinna", Role.COMPLIANCE),
        )  # fmt: skip

    @cached_property
    def file_deletion(self):
        """Of a client who left long ago, asked for by a colleague."""
        left = make_client(
            "Ines Frei", self.cast.rita_book, state="closed", closed_on=date(2018, 5, 4), number="C-9900001"
        )
        return FileDeletion.objects.create(
            client=left, ended_on=date(2018, 5, 4), kept_until=date(2023, 5, 4), pack_version=1,
            reason="Kept until 4 May 2023 (AMLR Art. 77).", asked_by=make_person("clarissa", Role.COMPLIANCE),
            fingerprint=keeping_of(left, timezone.localdate()).fingerprint,
        )  # fmt: skip

    @cached_property
    def certificate(self):
        """Of a client who is gone."""
        done = FileDeletion(
            client_id=880_001, ended_on=date(2017, 5, 4), kept_until=date(2022, 5, 4), pack_version=1,
            reason="Kept until 4 May 2022 (AMLR Art. 77).", state="confirmed", decided_at=timezone.now(),
            asked_by=make_person("constanze", Role.COMPLIANCE), decided_by=self.cast.cora,
            done_at=timezone.now(),
            gone={"clients_client": 1, "clients_party": 2},
        )  # fmt: skip
        done.certificate = certificate(done.as_told())
        done.save()
        return done

    @cached_property
    def attestation(self):
        return Attestation.objects.create(
            person=self.cast.rita, first_on=date(2026, 7, 1), last_on=date(2026, 9, 30), pack_version=1,
            due_on=date(2026, 10, 14),
        )  # fmt: skip

    @cached_property
    def off_channel_use(self):
        return OffChannelUse.objects.create(
            client=self.client, attestation=self.attestation, on=date(2026, 8, 3), what="A messenger"
        )

    @cached_property
    def alert(self):
        return Alert.objects.create(
            client=self.client, rule="retention.contact_overdue", subject_id=self.client.pk, urgency=2,
            occurrence="2026-11-21", due_on=timezone.localdate(), facts={"since": "2026-01-05", "days": 90},
        )  # fmt: skip

    @cached_property
    def job(self):
        return Job.objects.create(kind="alerts.mail", key="a job of Rita's", person_id=self.cast.rita.pk)

    @cached_property
    def goal(self):
        return Goal.objects.create(
            client=self.client, name="House", amount=1000, currency="EUR",
            by_on=timezone.localdate() + timedelta(days=900),
        )  # fmt: skip

    @cached_property
    def assessment(self):
        return Assessment.objects.create(client=self.client, made_by=self.cast.rita)

    @cached_property
    def review(self):
        return Review.objects.create(
            client=self.client, as_of=timezone.localdate(), currency="EUR", value=0,
            prepared_by=self.cast.rita,
            valuation={"positions": [], "allocation": [], "balances": [], "total": "0"},
        )  # fmt: skip

    @cached_property
    def consent(self):
        return Consent.objects.create(
            client=self.client, purpose="marketing", given_on=timezone.localdate() - timedelta(days=9)
        )

    @cached_property
    def holding(self):
        """A firm stands on the file of the client, and someone holds a part of it."""
        firm, owner = (
            Party.objects.create(client=self.client, kind=kind, name=name)
            for kind, name in (("organisation", "Keller AG"), ("person", "Eva Lind"))
        )
        row = Relationship.objects.create(client=self.client, party=owner, of=firm, kind="owner", share=10)
        return {"client_id": self.client.pk, "holding_id": row.pk}

    @cached_property
    def owner_with_a_file(self):
        """Somebody on the file who is a client too, called otherwise on the own file, which all here see."""
        owner = Party.objects.create(
            client=self.client, kind="person", name="Anna Kellar", own_file=self.client.pk
        )
        return {"client_id": self.client.pk, "party_id": owner.pk}

    @cached_property
    def hit(self):
        version = ListVersion.objects.create(
            source="ofac", published_on=timezone.localdate(), sha256="1" * 64, entities=1
        )
        entity = ListedEntity.objects.create(
            source="ofac", reference="1", content="2" * 64, since=version, kind="person", name="Ana Kellar"
        )
        return ScreeningHit.objects.create(
            client=self.client, party=self.party, entity=entity, score=91, sentence="The names look alike."
        )

    @cached_property
    def list_version(self):
        return self.hit.entity.since

    @cached_property
    def hit_step(self):
        snapshot = {
            "score": 91, "sentence": "The names look alike.", "scorer": 1, "threshold": 85, "pack_version": 1,
            "list": self.list_version.pk, "entity": self.hit.entity_id, "content": "", "details": {},
            "verdict": "no_match", "reason": "common_name",
            "client": {
                "name": "Anna Keller", "native_name": "", "kind": "person", "born_on": "",
                "nationality": "CH", "residence": "CH", "identifiers": [],
            },
        }  # fmt: skip
        step = HitStep.objects.create(
            client=self.client, hit=self.hit, said="decided", by=self.cast.cora, first=self.cast.cora,
            verdict="no_match", reason="common_name", entity=self.hit.entity, snapshot=snapshot,
            seal=seal_of(snapshot),
        )  # fmt: skip
        return {"hit_id": self.hit.pk, "step_id": step.pk}

    @cached_property
    def work(self):
        return Job.objects.create(
            kind="compliance.hits", key="a batch", person_id=self.cast.cora.pk, state="done",
            result={"told": {str(self.hit.pk): "It scores 91."}},
        )  # fmt: skip

    @cached_property
    def audit_export(self):
        name = default_storage.save("audit-exports/a.zip", ContentFile(b"PK"))
        return Job.objects.create(
            kind="compliance.audit_export", key="an export", person_id=self.cast.cora.pk, state="done",
            args={"since": "2026-01-01", "until": "2026-01-31"}, result={"file": name, "events": 3},
        )  # fmt: skip

    @cached_property
    def large_export(self):
        """Asked for by a colleague of Cora's."""
        officer = make_person("carla", Role.COMPLIANCE)
        return LargeExport.objects.create(
            kind="compliance.audit_export", args={"since": "2026-01-01", "until": "2026-01-31"}, clients=101,
            pack_version=2, key="a large export", reason="The supervisor asks", asked_by=officer,
            fingerprint=fingerprint_of_asker(officer),
        )  # fmt: skip

    @cached_property
    def regulator_pack(self):
        name = default_storage.save("regulator-packs/a.zip", ContentFile(b"PK"))
        return Job.objects.create(
            kind="dashboards.regulator_pack", key="a pack", person_id=self.cast.cora.pk, state="done",
            args={
                "client": self.client.pk, "at": "2026-01-31T00:00:00+00:00", "since": "2026-01-01",
                "until": "2026-01-31",
            },
            result={"file": name},
        )  # fmt: skip

    @cached_property
    def bulk(self):
        pk = self.client.pk
        return Job.objects.create(
            kind="compliance.bulk", key="a bulk", person_id=self.cast.cora.pk, state="done",
            args={"act": "review", "rows": [[pk, pk]]}, result={"told": {str(pk): [pk, "", None]}},
        )  # fmt: skip

    @cached_property
    def draft(self):
        """Of the figures "kyc", written by a colleague."""
        before = RulePack.objects.filter(name="kyc").order_by("-version").first()
        author = make_person("cleo", Role.COMPLIANCE)
        return RulePack.objects.create(
            name="kyc", version=before.version + 1, valid_from=timezone.localdate(), body=before.body,
            written_by_id=author.pk, reason="A try",
        )  # fmt: skip

    @cached_property
    def tried(self):
        """A draft of the figures whose dry run is done: it moves nobody."""
        DryRun.objects.create(
            pack_id=self.draft.pk, digest="0", asked_by=self.cast.cora, on=timezone.localdate(),
            finished_at=timezone.now(),
        )  # fmt: skip
        return self.draft

    @cached_property
    def hits_draft(self):
        """Of the figures "hits"."""
        author = make_person("carl", Role.COMPLIANCE)
        return RulePack.objects.create(
            name="hits", version=99, valid_from=timezone.localdate(),
            body={"batch_highest_score": 60, "batch_birth_years": 5, "batch_other_kind": True},
            written_by_id=author.pk, reason="A try",
        )  # fmt: skip

    @cached_property
    def hits_tried(self):
        """The same, tried: it moves nobody."""
        Job.objects.create(
            kind="compliance.trial", key=f"trial {self.hits_draft.pk} 1", person_id=self.cast.cora.pk,
            state="done", args={"pack_id": self.hits_draft.pk}, finished_at=timezone.now(),
            result={"judged": 0, "lines": [], "ways": [], "books": {}, "digest": "0"},
        )  # fmt: skip
        return self.hits_draft

    @property
    def pack_name(self):
        return {"name": "kyc"}

    @cached_property
    def override(self):
        return RatingOverride.objects.create(
            client=self.client, level="low", computed="medium", upward=False, reason="Known for years",
            until_on=timezone.localdate() + timedelta(days=90), asked_by=self.cast.cora, pack_version=3,
        )  # fmt: skip

    @cached_property
    def pep_role(self):
        return PepRole.objects.create(
            client=self.client, party=self.party, function="parliament", country="CH", level="national",
            source="The client's own word", recorded_by=self.cast.rita,
        )  # fmt: skip

    @cached_property
    def adverse_note(self):
        return AdverseNote.objects.create(
            client=self.client, party=self.party, severity="low", source="A newspaper",
            source_on=timezone.localdate(), text="A fine was paid.", by=self.cast.cora,
        )  # fmt: skip

    @cached_property
    def onboarding(self):
        return Onboarding.objects.create(client=self.client, started_by=self.cast.rita, products=["current"])

    @cached_property
    def client_import(self):
        return upload(self.cast.cora, NORA, EMIL)

    @cached_property
    def required_document(self):
        required = RequiredDocument.objects.create(
            client=self.client, onboarding=self.onboarding, kind="identity", why="identity_of_a_person"
        )
        return {"onboarding_id": self.onboarding.pk, "required_id": required.pk}

    # --- for the MLRO's team alone: made as Mira, for PostgreSQL lets nobody else
    def _as_mira(self, make):
        with transaction.atomic():
            carry_person(self.mira.pk)
            return make()

    @cached_property
    def case(self):
        return self._as_mira(
            lambda: Case.objects.create(
                key="1", by_id=self.cast.rita.pk, by_name=self.cast.rita.name, by_role="rm",
                client_id=self.client.pk, reported_client_id=self.client.pk, subject="Anna Keller",
                ground="payments", what="Cash in small notes", due_on=timezone.localdate(), pack_version=1,
            )
        )  # fmt: skip

    @cached_property
    def paper_of_case(self):
        return {"case_id": self.case.pk, "document_id": self.document["document_id"]}

    @cached_property
    def fiu_request(self):
        return self._as_mira(
            lambda: FiuRequest.objects.create(
                case=self.case, reference="FIU-1", subject="Anna Keller", asked="Statements",
                received_on=timezone.localdate(), due_on=timezone.localdate(), pack_version=1,
            )
        )  # fmt: skip

    @cached_property
    def beat(self):
        beat = Party.objects.create(client=self.client, kind="person", name="Beat Keller")
        Relationship.objects.create(
            client=self.client, party=beat, of=self.client.parties.first(), kind="holder"
        )
        return beat

    @property
    def joint_holder(self):
        return {"onboarding_id": self.onboarding.pk, "party_id": self.beat.pk}

    @cached_property
    def shown_paper(self):
        paper = Identifier.objects.create(
            client=self.client, party=self.beat, kind="passport", country="CH", number="X1234567"
        )
        return {"onboarding_id": self.onboarding.pk, "paper_id": paper.pk}

    @cached_property
    def self_certification(self):
        signed = SelfCertification.objects.create(
            client=self.client, party=self.beat, form="crs", signed_on=date(2026, 11, 1), pack_version=2,
            recorded_by=self.cast.rita,
        )  # fmt: skip
        return {"onboarding_id": self.onboarding.pk, "certification_id": signed.pk}

    @cached_property
    def planned_account(self):
        planned = PlannedAccount.objects.create(
            client=self.client, onboarding=self.onboarding, kind="current", currency="CHF",
            funded_from="CH9300762011623852957",
        )  # fmt: skip
        return {"onboarding_id": self.onboarding.pk, "account_id": planned.pk}

    @cached_property
    def duplicate(self):
        other = make_client("Anna Kellner", self.cast.otto_book, number="C-8800001")
        return PossibleDuplicate.objects.create(client=self.client, other=other, score=80)
