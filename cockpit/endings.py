"""What is to be seen to before a relationship ends, as this room knows it."""

from django.utils.translation import gettext, gettext_lazy

from clients.access import Person
from clients.models import Client
from cockpit.models import Handover
from cockpit.selectors import visible_handovers
from onboarding.rules.endings import EndRule


def _handover(person: Person, client: Client) -> int:
    """Of those that the reader may know of."""
    known = visible_handovers(person).filter(lines__client=client, done_at__isnull=True)
    return known.filter(state__in=[Handover.State.WAITING, Handover.State.CONFIRMED]).count()


def _words(_many: int) -> str:
    return gettext("It is to be handed over to a colleague: that is not carried out yet.")


RULES = [EndRule("handover", _handover, _words, "cockpit:handovers", gettext_lazy("See"), of="")]
