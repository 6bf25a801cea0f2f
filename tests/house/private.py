"""The stage with something private in each place where a page may print it."""

from decimal import Decimal

from django.utils import timezone

from clients.models import ContactPoint, Household, Identifier, Interaction, LifeEvent, TaxResidence
from tests.cast import Cast
from tests.house.stage import Stage
from tests.portfolios.make import account, holding, mandate, price, product, rate

IBAN, PASSPORT, TAX = "CH9300762011623852957", "X7788123", "756.9217.0769.85"
VALUE, BALANCE = Decimal("7654321.98"), Decimal("48213.57")


def make_private(cast: Cast) -> Stage:
    made = Stage(cast)
    anna, today = cast.anna, timezone.localdate()
    home = Household.objects.create(name="Haushalt Zurbriggen")
    type(anna).objects.filter(pk=cast.omar.pk).update(household=home)
    anna.household, anna.value, anna.value_on = home, VALUE, today
    anna.preferences = "Never call before noon, the mother Ludmilla sleeps"
    anna.save()
    party = anna.parties.get()
    party.native_name, party.occupation, party.born_on = "Анна Келлер", "Glaciologist", "1971-04-23"
    party.save()
    on_party = {"client": anna, "party": party}
    ContactPoint.objects.create(**on_party, kind="email", value="anna.keller@post.example")
    ContactPoint.objects.create(**on_party, kind="address", value="Rosengartenweg 17, 8037 Zürich")
    Identifier.objects.create(**on_party, kind="passport", country="CH", number=PASSPORT)
    TaxResidence.objects.create(**on_party, country="CH", number=TAX)
    LifeEvent.objects.create(client=anna, kind="marriage", on=today)
    for at in range(2):
        Interaction.objects.create(
            client=anna, channel="call", purpose="service", at=timezone.now(), by=cast.rita,
            summary=f"Wants to sell the chalet {at}",
            notes="Her brother Balthasar disagrees\nand told the notary so",
            attendees="Anna Keller, Balthasar Keller",
        )  # fmt: skip
    fund = product("GLCR")
    price(fund, today, "1234.56")
    rate("USD", "1.0876", on=today)
    mandate(anna)
    holding(account(anna), fund, quantity="77", cost="4321.09")
    cash = account(anna, kind="current", currency="CHF", balance=BALANCE, balance_on=today)
    cash.number = IBAN
    cash.save()
    assert made.planned_account  # tells where first money comes from
    return made
