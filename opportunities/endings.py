"""What is to be seen to before a relationship ends, as this room knows it."""

from django.utils.translation import gettext_lazy, ngettext

from clients.access import Person
from clients.models import Client
from onboarding.rules.endings import EndRule
from opportunities.models import Opportunity


def _open(person: Person, client: Client) -> int:
    return Opportunity.objects.visible_to(person).open().filter(client=client).count()


def _words(many: int) -> str:
    return ngettext(
        "{many} opportunity is under way: it comes to nothing.",
        "{many} opportunities are under way: they come to nothing.",
        many,
    ).format(many=many)


RULES = [EndRule("opportunities", _open, _words, "opportunities:client", gettext_lazy("See"))]
