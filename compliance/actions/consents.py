"""What a client allows, and takes back."""

from django.utils import timezone

from clients.models import Client
from compliance.models import Consent
from compliance.rules import kyc as rules
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.CLIENTS_EDIT, "consent given", on="clients.Client", remember=("purpose", "channel"))
def give_consent(client: Client, *, by: User, purpose: str, channel: str = "") -> Consent:
    """GDPR Art. 7: for one purpose, perhaps one channel, from today."""
    given = Consent.objects.filter(client=client, purpose=purpose, channel=channel, withdrawn_on__isnull=True)
    refuse_if(rules.refusals_to_give_consent(client.state, given.exists()))
    consent: Consent = Consent.objects.create(
        client=client, purpose=purpose, channel=channel, given_on=timezone.localdate()
    )
    return consent


@action(May.CLIENTS_EDIT, "consent withdrawn", on="compliance.Consent")
def withdraw_consent(consent: Consent, *, by: User) -> Consent:
    """GDPR Art. 7(3): as easy as giving it."""
    refuse_if(rules.refusals_to_withdraw_consent(consent.withdrawn_on))
    consent.withdrawn_on = timezone.localdate()
    consent.save(update_fields=["withdrawn_on"])
    return consent
