"""What clients hold: products, accounts, holdings, prices, rates, mandates."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clients.models import OnFile, Party
from vault.fields import EncryptedTextField, index_of, is_encrypted


class AssetClass(models.TextChoices):
    CASH = "cash", _("Cash")
    BONDS = "bonds", _("Bonds")
    EQUITY = "equity", _("Equity")
    REAL_ESTATE = "real_estate", _("Real estate")
    COMMODITIES = "commodities", _("Commodities")
    ALTERNATIVES = "alternatives", _("Alternatives")


class ProductKind(models.TextChoices):
    CURRENT = "current", _("Current account")
    SAVINGS = "savings", _("Savings account")
    DEPOSIT = "deposit", _("Term deposit")
    CARD = "card", _("Credit card")
    MORTGAGE = "mortgage", _("Mortgage")
    LOAN = "loan", _("Loan")
    FUND = "fund", _("Fund")
    SHARE = "share", _("Share")
    BOND = "bond", _("Bond")
    STRUCTURED = "structured", _("Structured product")
    MANDATE = "mandate", _("Discretionary mandate")
    PENSION = "pension", _("Pension plan")
    INSURANCE = "insurance", _("Insurance")
    PAYMENTS = "payments", _("Payments and cash management")
    TRADE_FINANCE = "trade_finance", _("Trade finance")
    FX = "fx", _("Currency hedging")


class Product(models.Model):
    """What the bank offers: an instrument to hold, or a service to use."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=ProductKind.choices)
    asset_class = models.CharField(max_length=20, choices=AssetClass.choices, blank=True)  # instruments only
    currency = models.CharField(max_length=3)
    risk_class = models.PositiveSmallIntegerField(
        default=1
    )  # 1 lowest to 7 highest (PRIIPs summary risk indicator)
    isin = models.CharField(max_length=12, blank=True)
    segments = models.JSONField(default=list)  # the target market, [] for all

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(risk_class__gte=1) & Q(risk_class__lte=7), name="a_risk_class_is_1_to_7"
            )
        ]


class AccountKind(models.TextChoices):
    CURRENT = "current", _("Current account")
    SAVINGS = "savings", _("Savings account")
    DEPOSIT = "deposit", _("Term deposit")
    CUSTODY = "custody", _("Custody account")
    LOAN = "loan", _("Loan account")


class Account(OnFile):
    """An account of a client in one currency. A loan's balance is negative."""

    number = EncryptedTextField(max_length=40, bound_to=["client_id"], indexed=True)
    number_index = index_of("number")
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    balance_on = models.DateField(null=True, blank=True)
    statements = models.CharField(max_length=30, blank=True)  # how often the client gets one

    class Meta:
        indexes = [models.Index(fields=["client"], name="account_client")]
        constraints = [
            models.UniqueConstraint(fields=["number_index"], name="an_account_number_is_given_once"),
            is_encrypted("number", "an_account_number_is_encrypted"),
        ]


class AccountParty(OnFile):
    """Who may dispose of an account, as what."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        DISPONENT = "disponent", _("Authorised to dispose")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="account_parties")
    account = models.ForeignKey(Account, models.CASCADE, related_name="parties")
    party = models.ForeignKey(Party, models.CASCADE, related_name="accounts")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "party", "role"], name="a_party_has_a_role_on_an_account_once"
            )
        ]


class Posting(OnFile):
    """A movement on an account and the balance after it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="postings")
    on = models.DateField()
    reference = models.BigIntegerField()  # the core system's number; within a day it gives the order
    amount = models.DecimalField(max_digits=18, decimal_places=2)  # negative: money left
    balance = models.DecimalField(max_digits=18, decimal_places=2)
    kind = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "on", "reference"], name="posting_account_on")]
        constraints = [models.UniqueConstraint(fields=["reference"], name="a_posting_is_imported_once")]


class Loan(OnFile):
    class State(models.TextChoices):
        RUNNING = "running", _("Running, paid as agreed")
        ARREARS = "arrears", _("Running, in arrears")
        REPAID = "repaid", _("Ended, repaid")
        DEFAULTED = "defaulted", _("Ended, not repaid")

    account = models.ForeignKey(Account, models.CASCADE, related_name="loans")
    reference = models.CharField(max_length=30, unique=True)
    granted_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    months = models.PositiveSmallIntegerField()
    instalment = models.DecimalField(max_digits=18, decimal_places=2)
    state = models.CharField(max_length=12, choices=State.choices)


class Card(OnFile):
    party = models.ForeignKey(Party, models.CASCADE, related_name="cards")
    account = models.ForeignKey(Account, models.CASCADE, related_name="cards")
    reference = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=20)
    issued_on = models.DateField()


class StandingOrder(OnFile):
    account = models.ForeignKey(Account, models.CASCADE, related_name="standing_orders")
    reference = models.CharField(max_length=30, unique=True)
    bank_to = models.CharField(max_length=20)
    account_to = EncryptedTextField(max_length=40, bound_to=["client_id"])
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    purpose = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [is_encrypted("account_to", "where_a_standing_order_goes_is_encrypted")]


class Holding(OnFile):
    """A position in a custody account. `cost` is what was paid in all, in the product's currency."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="holdings")
    product = models.ForeignKey(Product, models.PROTECT, related_name="holdings")
    quantity = models.DecimalField(max_digits=20, decimal_places=6)
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="holding_client"),
            models.Index(fields=["product"], name="holding_product"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "product"], name="an_account_holds_a_product_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_holding_is_more_than_nothing"),
        ]


class Price(models.Model):
    """What one unit of a product cost at the end of a day, in the product's currency."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="prices")
    on = models.DateField()
    close = models.DecimalField(max_digits=18, decimal_places=6)
    source = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "on"], name="a_product_has_one_price_a_day"),
            models.CheckConstraint(condition=Q(close__gt=0), name="a_price_is_positive"),
        ]


class FxRate(models.Model):
    """How many units of `currency` one euro bought on a day (ECB reference rates count this way)."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    per_euro = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="a_currency_has_one_rate_a_day"),
            models.CheckConstraint(condition=Q(per_euro__gt=0), name="a_rate_is_positive"),
        ]


class ModelPortfolio(models.Model):
    """The bank's recommended allocation for one risk band (1 conservative to 5 aggressive)."""

    name = models.CharField(max_length=60, unique=True)
    band = models.PositiveSmallIntegerField(unique=True)


class ModelWeight(models.Model):
    """The target of one asset class in a model, in percent, and how far it may stray (percentage points)."""

    portfolio = models.ForeignKey(ModelPortfolio, models.CASCADE, related_name="weights")
    asset_class = models.CharField(max_length=20, choices=AssetClass.choices)
    target = models.DecimalField(max_digits=5, decimal_places=2)
    tolerance = models.DecimalField(max_digits=5, decimal_places=2, default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "asset_class"], name="a_model_weighs_a_class_once")
        ]


class Mandate(OnFile):
    """How the bank serves a client's investments, and against which model they are judged."""

    class Kind(models.TextChoices):
        EXECUTION = "execution", _("Execution only")
        ADVISORY = "advisory", _("Advisory")
        DISCRETIONARY = "discretionary", _("Discretionary")

    client = models.OneToOneField("clients.Client", models.CASCADE, related_name="mandate")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    model = models.ForeignKey(ModelPortfolio, models.PROTECT, related_name="mandates")
    since_on = models.DateField()
    last_review_on = models.DateField(null=True, blank=True)
    # The last review or, never reviewed, the beginning: what the list of reviews due is sorted by.
    reviewed_on = models.GeneratedField(
        expression=Coalesce("last_review_on", "since_on"), output_field=models.DateField(), db_persist=True
    )

    class Meta:
        indexes = [models.Index(fields=["reviewed_on", "id"], name="mandate_reviewed")]
