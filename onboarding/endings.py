"""What is to be seen to before a relationship ends, as this room and those below it know it."""

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from clients.access import Person
from clients.models import Client, GrantPurpose, Task
from clients.selectors.lending import open_grants
from compliance.models import ScreeningHit
from compliance.rules.hits import CHECK_OPEN
from onboarding.rules.endings import EndRule, Stops
from onboarding.selectors.endings import accounts_of, holders_of
from portfolios.models import Holding, Mandate


def _frozen(_person: Person, client: Client) -> int:
    return ScreeningHit.objects.freezing().filter(client=client).count()


def _check_open(_person: Person, client: Client) -> int:
    return ScreeningHit.objects.unresolved().filter(client=client).count()


def _check(_many: int) -> str:
    """All that may be said to whoever reads: no hit, no list, no number of them."""
    return CHECK_OPEN


def _accounts(_person: Person, client: Client) -> int:
    return accounts_of(client).filter(closed_on__isnull=True).count()


def _accounts_words(many: int) -> str:
    return ngettext(
        "{many} account is still open: have it closed in the core system.",
        "{many} accounts are still open: have them closed in the core system.",
        many,
    ).format(many=many)


def _holdings(_person: Person, client: Client) -> int:
    return Holding.objects.filter(client=client).count()


def _holdings_words(many: int) -> str:
    return ngettext(
        "{many} holding is still there: have it sold or transferred.",
        "{many} holdings are still there: have them sold or transferred.",
        many,
    ).format(many=many)


def _promises(person: Person, client: Client) -> int:
    return Task.objects.visible_to(person).open().filter(client=client, promise=True).count()


def _promises_words(many: int) -> str:
    return ngettext(
        "{many} promise to the client is not kept yet.",
        "{many} promises to the client are not kept yet.",
        many,
    ).format(many=many)


def _tasks(person: Person, client: Client) -> int:
    return Task.objects.visible_to(person).open().filter(client=client, promise=False).count()


def _tasks_words(many: int) -> str:
    return ngettext("{many} task is still open.", "{many} tasks are still open.", many).format(many=many)


def _holders(_person: Person, client: Client) -> int:
    return len(holders_of(client, timezone.localdate()))


def _holders_words(many: int) -> str:
    return ngettext(
        "{many} other person holds it too, or may dispose of its accounts: speak with them first.",
        "{many} other people hold it too, or may dispose of its accounts: speak with them first.",
        many,
    ).format(many=many)


def _household(person: Person, client: Client) -> int:
    if client.household_id is None:
        return 0
    others = Client.objects.visible_to(person).served().filter(household=client.household_id)
    return others.exclude(pk=client.pk).count()


def _household_words(many: int) -> str:
    return ngettext(
        "{many} other client of the household stays with the bank.",
        "{many} other clients of the household stay with the bank.",
        many,
    ).format(many=many)


def _mandate(_person: Person, client: Client) -> int:
    return Mandate.objects.filter(client=client).exclude(kind=Mandate.Kind.EXECUTION).count()


def _mandate_words(_many: int) -> str:
    return gettext("The bank advises on the investments or decides on them: the mandate must be terminated.")


def _loans(_person: Person, client: Client) -> int:
    """Not what broke the glass: that ends by itself, within hours."""
    lent = open_grants(timezone.now()).filter(content_object=client)
    return lent.exclude(purpose=GrantPurpose.BREAK_GLASS).count()


def _loans_words(many: int) -> str:
    return ngettext(
        "The file is lent to {many} colleague: that ends with the relationship.",
        "The file is lent to {many} colleagues: that ends with the relationship.",
        many,
    ).format(many=many)


SEE, ASK = gettext_lazy("See"), gettext_lazy("Ask compliance")
RULES = [
    EndRule(
        "frozen", _frozen, _check, "compliance:client", gettext_lazy("Ask compliance"), stops=Stops.ASKING
    ),
    EndRule(
        "check_open",
        _check_open,
        _check,
        "compliance:client",
        gettext_lazy("Ask compliance"),
        stops=Stops.END,
    ),
    EndRule("accounts", _accounts, _accounts_words, "portfolios:client", SEE, stops=Stops.END),
    EndRule("holdings", _holdings, _holdings_words, "portfolios:client", SEE, stops=Stops.END),
    EndRule("promises", _promises, _promises_words, "client", SEE, part="client_due"),
    EndRule("tasks", _tasks, _tasks_words, "client", SEE, part="client_due"),
    EndRule("holders", _holders, _holders_words, "client", SEE, part="client_people"),
    EndRule("household", _household, _household_words, "client", SEE, part="client_people"),
    EndRule("mandate", _mandate, _mandate_words, "portfolios:client", SEE),
    EndRule("loans", _loans, _loans_words, "clients:lending", SEE),
]
