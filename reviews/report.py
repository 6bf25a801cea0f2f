"""The paper the client gets: a review as PDF, made by typst from templates/reviews/report.typ. No network."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.models import Client
from needs.questions import BANDS
from reviews.models import Review
from reviews.selectors import asset_class_label
from staff.models import User
from ui import formats
from ui.pdf import pdf_of

SOURCE = settings.BASE_DIR / "templates" / "reviews" / "report.typ"


def make(review: Review, by: User) -> bytes:
    """The PDF (PDF/UA-1) of a review, in the client's language if we speak it (settings.LANGUAGES)."""
    client = Client.objects.get(pk=review.client_id)
    language = client.language if client.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        data = contents(review, client, by, language)
    return pdf_of(SOURCE, data, by.login)


def contents(review: Review, client: Client, by: User, language: str) -> dict[str, Any]:
    """All words and figures of the paper, ready to print: the template only places them."""
    valuation = review.valuation
    currency = review.currency

    def money(value: str | None, places: int = 0) -> str:
        return formats.figure_text(Decimal(value), places=places) if value is not None else formats.NO_FIGURE

    def percent(value: str | None, sign: bool = False, places: int = 1) -> str:
        if value is None:
            return formats.NO_FIGURE
        return formats.figure_text(Decimal(value), places=places, sign=sign, unit="%")

    def day(value: str | date | None) -> str:
        if value is None:
            return formats.NO_FIGURE
        return formats.day_text(date.fromisoformat(value) if isinstance(value, str) else value, language)

    return {
        "lang": language,
        "bank": settings.BANK_NAME,
        "title": _("Portfolio review"),
        "words": _words(),
        "client": {"name": client.name, "number": client.number},
        "by": by.name,
        "facts": [
            [_("Client"), f"{client.name} ({client.number})"],
            [_("Valued on"), day(review.as_of)],
            [_("Review held on"), day(review.held_on)],
            [_("Your adviser"), by.name],
            [_("Mandate"), _mandate_words().get(valuation["mandate"], valuation["mandate"])],
            [_("Model"), valuation["model"]],
            [_("Risk profile"), str(BANDS.get(review.band or 0, formats.NO_FIGURE))],
        ],
        "currency": currency,
        "totals": [
            [_("Invested"), money(valuation["invested"])],
            [_("On accounts"), money(valuation["cash"])],
            [_("Total"), money(valuation["total"])],
            *([[_("Owed"), money(valuation["debts"])]] if Decimal(valuation["debts"] or 0) else []),
        ],
        "positions": [
            [
                f"{row['name']} ({row['code']})",
                asset_class_label(row["asset_class"]),
                formats.figure_text(Decimal(row["quantity"]), places=2),
                f"{formats.figure_text(Decimal(row['close']), places=2)} {row['currency']}",
                day(row["price_on"]),
                percent(row["gain"], sign=True),
                money(row["value"]),
                percent(row["weight"]),
            ]
            for row in valuation["positions"]
        ],
        "balances": [
            [row["number"], f"{money(row['balance'], 2)} {row['currency']}", money(row["value"])]
            for row in valuation["balances"]
        ],
        "allocation": [
            {
                "label": asset_class_label(row["asset_class"]),
                "weight": float(row["weight"]),
                "low": float(row["low"]) if row["low"] is not None else None,
                "high": float(row["high"]) if row["high"] is not None else None,
                "target": float(row["target"]) if row["target"] is not None else None,
                "outside": row["outside"],
                "held": percent(row["weight"]),
                "band": f"{money(row['low'])}–{percent(row['high'], places=0)}"
                if row["low"] is not None
                else formats.NO_FIGURE,
            }
            for row in valuation["allocation"]
        ],
        "findings": [[row["sentence"], row["rule"]] for row in review.findings],
        "talk": review.talk,
        "recommendation": review.recommendation or _("We recommend no change."),
        "decision": review.get_decision_display(),
        "sources": _sources(valuation, day),
        "made": day(timezone.localdate()),
    }


def _sources(valuation: dict[str, Any], day: Any) -> list[str]:
    """Where prices and rates come from, and of which days: each said once."""
    prices = sorted({(row["source"], row["price_on"]) for row in valuation["positions"] if row["price_on"]})
    rates = sorted(
        {
            (row["currency"], row["rate"], row["rate_on"], row["rate_source"])
            for row in valuation["positions"]
            if row["rate_on"]
        }
    )
    return [
        *(
            _("Prices: %(source)s, close of %(day)s.") % {"source": source, "day": day(on)}
            for source, on in prices
        ),
        *(
            _("1 %(currency)s = %(rate)s %(wanted)s: %(source)s, %(day)s.")
            % {
                "currency": currency,
                "rate": f"{Decimal(rate):.6g}",
                "wanted": valuation["currency"],
                "source": source,
                "day": day(on),
            }
            for currency, rate, on, source in rates
        ),
        _("Judged by version %(version)s of the bank's rules for portfolios.")
        % {"version": valuation["policy_version"]},
    ]


def _mandate_words() -> dict[str, str]:
    return {
        "execution": _("Execution only"),
        "advisory": _("Advisory"),
        "discretionary": _("Discretionary"),
    }


def _words() -> dict[str, str]:
    """The fixed words of the paper."""
    return {
        "wealth": _("Your wealth with us"),
        "holdings": _("Holdings"),
        "accounts": _("Accounts"),
        "allocation": _("Allocation against the model"),
        "picture": _("Bars of what is held in each class, with the model's band and target"),
        "findings": _("Findings"),
        "nothing": _("Nothing stands out: within the model, suitable, and at fresh prices."),
        "talk": _("What we spoke about"),
        "recommendation": _("Our recommendation"),
        "decision": _("Your decision"),
        "sources": _("Sources and days"),
        "product": _("Product"),
        "class": _("Class"),
        "quantity": _("Quantity"),
        "price": _("Price"),
        "of": _("of"),
        "gain": _("Gain"),
        "value": _("Value"),
        "weight": _("Weight"),
        "account": _("Account"),
        "balance": _("Balance"),
        "held": _("Held"),
        "band": _("Model band"),
        "legend": _("The pale field is the model's band, the line its target, the bar what is held."),
        "page": _("Page"),
        "page_of": _("of"),
        "small_print": _(
            "This paper records a talk. Past results say nothing certain about future ones. "
            "Gains are against what was paid, in the currency of the product."
        ),
        "signature": _("Signed"),
    }
