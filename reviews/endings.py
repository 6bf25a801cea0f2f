"""What is to be seen to before a relationship ends, as this room knows it."""

from django.utils.translation import gettext, gettext_lazy

from clients.access import Person
from clients.models import Client
from onboarding.rules.endings import EndRule
from reviews.models import Review


def _prepared(person: Person, client: Client) -> int:
    return Review.objects.visible_to(person).filter(client=client, state=Review.State.PREPARED).count()


def _words(_many: int) -> str:
    return gettext("A portfolio review is prepared and was not held.")


RULES = [EndRule("reviews", _prepared, _words, "reviews:list", gettext_lazy("See"), of="")]
