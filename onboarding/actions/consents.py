"""What the client agrees to while joining: several purposes at once, each by its channel."""

from collections.abc import Sequence

from compliance import actions as compliance
from compliance.models import Consent
from onboarding import rules
from onboarding.actions.steps import fall, remember_step
from onboarding.models import Onboarding
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.ONBOARDING_WORK, "consents taken", on="onboarding.Onboarding", remember=("purposes", "channels"))
def take_consents(
    onboarding: Onboarding, *, by: User, purposes: Sequence[str], channels: Sequence[str] = ()
) -> Onboarding:
    """Each purpose once; offers by each channel that was named. What was given before stays."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    given = set(
        Consent.objects.filter(client=onboarding.client_id, withdrawn_on__isnull=True).values_list(
            "purpose", "channel"
        )
    )
    for purpose in purposes:
        for channel in channels if purpose == "marketing" and channels else [""]:
            if (purpose, channel) not in given:
                compliance.give_consent(onboarding.client_id, by=by, purpose=purpose, channel=channel)
    remember_step(onboarding, "consents", by)
    fall(onboarding)
    return onboarding
