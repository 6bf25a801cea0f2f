"""Record what a client said, rate it, review it in its cycle."""

from datetime import date

from django.utils import timezone

from clients.models import Client, Party
from compliance import selectors
from compliance.models import KycFile
from compliance.rules import kyc as rules
from compliance.rules import rating as rating_rules
from rulebook.selectors import Pack, pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.CLIENTS_EDIT, "KYC facts recorded", on="clients.Client")
def record_facts(
    client: Client,
    *,
    by: User,
    source_of_funds: str,
    purpose: str,
    pep: bool,
    born_on: date,
    nationality: str,
    residence: str,
    products: list[str] | None = None,
) -> KycFile:
    """Write down what the client said and rate it anew; who wrote it is remembered and does not review it."""
    refuse_if(rules.refusals_to_record_facts(client.state))
    Party.objects.filter(client=client, is_client=True).update(
        born_on=born_on, nationality=nationality, residence=residence
    )
    facts = {
        "source_of_funds": source_of_funds,
        "purpose": purpose,
        "pep": pep,
        "facts_at": timezone.now(),
        "facts_by": by,
    }
    kyc: KycFile
    kyc, _made = KycFile.objects.update_or_create(
        client=client, defaults=facts, create_defaults=facts | {"next_review_on": client.kyc_due_on}
    )
    rate(client, kyc, products=products)
    return kyc


@action(May.KYC_REVIEW, "KYC reviewed", on="clients.Client")
def review_kyc(client: Client, *, by: User) -> KycFile:
    """An officer confirms the facts: rated anew, next review by the rating. EU AMLR Art. 26."""
    kyc: KycFile | None = KycFile.objects.select_for_update().filter(client=client).first()
    refuse_if(
        rules.refusals_to_review(
            client.state,
            kyc is not None and kyc.facts_known,
            kyc.facts_by_id if kyc else None,
            by.pk,
            selectors.has_undecided_hits(client.pk),
        )
    )
    assert kyc is not None
    make_current(client, kyc, by=by)
    return kyc


def make_current(client: Client, kyc: KycFile, *, by: User, products: list[str] | None = None) -> None:
    """Inside an action that decided so: reviewed today by `by`, and due again after the rating's cycle."""
    figures = rate(client, kyc, products=products)
    today = timezone.localdate()
    kyc.state = KycFile.State.CURRENT
    kyc.reviewed_on, kyc.reviewed_by = today, by
    kyc.next_review_on = rules.next_review_on(today, kyc.rating, figures.body)
    kyc.save(update_fields=["state", "reviewed_on", "reviewed_by", "next_review_on"])
    client.kyc_due_on = kyc.next_review_on
    client.save(update_fields=["kyc_due_on"])


def rate(client: Client, kyc: KycFile, *, products: list[str] | None = None) -> Pack:
    """Inside an action: rate by the facts as they are, on KycFile and Client. Returns the figures used."""
    figures = pack("kyc", timezone.localdate())
    facts = selectors.rating_facts(client, kyc, products or [])
    rating = rating_rules.rate(facts, figures.body)
    kyc.rating, kyc.rating_reasons = rating.level, list(rating.reasons)
    kyc.pack_version = figures.version
    kyc.save(update_fields=["rating", "rating_reasons", "pack_version"])
    client.risk = rating.level
    client.save(update_fields=["risk"])
    return figures
