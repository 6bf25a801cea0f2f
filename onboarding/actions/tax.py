"""FATCA and CRS: what a holder certified, and that it no longer holds."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from clients.models import Party, TaxResidence
from clients.rules.numbers import refusals_to_tax_number, tidy_number
from onboarding import rules
from onboarding.actions.steps import fall, hold_client, remember_step
from onboarding.models import Onboarding, SelfCertification
from onboarding.rules import tax
from onboarding.selectors import as_certification
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(
    May.ONBOARDING_WORK,
    "self-certification recorded",
    on="onboarding.Onboarding",
    remember=("party_id", "form"),
)
def record_certification(
    onboarding: Onboarding,
    *,
    by: User,
    party_id: int,
    form: str,
    signed_on: date,
    residences: Sequence[tax.Residence],
    fatca_status: str = "",
    explanation: str = "",
) -> SelfCertification:
    """A signed form; the last one of this form is superseded, and the tax residences of the file follow."""
    refuse_if(rules.refusals_to_certify_in(onboarding.state))
    client, today = hold_client(onboarding), timezone.localdate()
    party = Party.objects.filter(client=client, pk=party_id).first()
    if party is None:
        raise NotVisible(f"clients.Party {party_id}")
    figures = pack("onboarding", today)
    certification = tax.Certification(form, signed_on, tuple(residences), explanation)
    numbers = {
        each.country: refusals_to_tax_number(each.country, each.number, party.kind) for each in residences
    }
    refuse_if(
        tax.refusals_to_certify(certification, party.kind, numbers)
        or tax.refusals_of_the_day(certification, party.born_on, today, figures.body)
    )
    SelfCertification.objects.filter(party=party, form=form).current().update(superseded_at=timezone.now())
    made = SelfCertification.objects.create(
        client=client,
        party=party,
        form=form,
        signed_on=signed_on,
        residences=[
            {"country": r.country, "number": tidy_number(r.number), "missing_reason": r.missing_reason}
            for r in residences
        ],
        fatca_status=fatca_status,
        explanation=explanation,
        valid_until=tax.valid_until(certification, figures.body),
        recorded_by=by,
        pack_version=figures.version,
    )
    _declare(party, made)
    remember_step(onboarding, "tax", by)
    fall(onboarding)
    return made


def _declare(party: Party, made: SelfCertification) -> None:
    """The file's tax residences as the form says them; a W-8 speaks of none."""
    if made.form == SelfCertification.Form.CRS:
        TaxResidence.objects.filter(party=party).delete()
    elif made.form != SelfCertification.Form.W9:
        return
    for each in made.residences:
        TaxResidence.objects.update_or_create(
            client_id=party.client_id,
            party=party,
            country=each["country"],
            defaults={"number": each["number"], "missing_reason": each["missing_reason"]},
        )


@action(May.CLIENTS_EDIT, "change of circumstances reported", on="onboarding.SelfCertification")
def report_change(row: SelfCertification, *, by: User, changed_on: date) -> SelfCertification:
    """What was certified is no longer so: a new form is due within the days of the pack."""
    today = timezone.localdate()
    refuse_if(tax.refusals_to_report_change(changed_on, row.signed_on, today, row.superseded_at is not None))
    row.changed_on = changed_on
    row.valid_until = tax.valid_until(as_certification(row), pack("onboarding", today).body)
    row.save(update_fields=["changed_on", "valid_until"])
    return row
