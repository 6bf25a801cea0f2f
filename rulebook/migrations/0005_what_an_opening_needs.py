"""Version 2 of the figures "onboarding": papers by product, country, segment and holder, validity, clocks, forms."""

from datetime import UTC, date, datetime

from django.db import migrations

# FATF, 24 Oct 2025: high-risk jurisdictions and those under increased monitoring ask for the source of funds.
WATCHED = [
    "KP", "IR", "MM", "AO", "BO", "BA", "BG", "CM", "CI", "CD", "HT", "IQ", "KE", "KW", "LA", "LB", "MC",
    "NP", "PG", "SS", "SY", "VE", "VN", "VG", "YE",
]
NEW = {
    "documents_of": {"holder": ["identity", "address", "tax"], "related": ["identity"]},
    "product_documents": {
        "loan": {"person": ["income"], "organisation": ["accounts"]},
        "mortgage": {"person": ["income", "property"], "organisation": ["accounts", "property"]},
        "trade_finance": {"organisation": ["accounts"]},
        "mandate": {"person": ["mandate"], "organisation": ["mandate"]},
    },
    "country_documents": [{"countries": WATCHED, "documents": ["funds"]}],
    "segment_documents": {"corporate": ["accounts", "statutes"]},
    # Months a paper counts after its approval, where it has no end of its own.
    "valid_months": {"address": 60, "register": 12, "owners": 12, "funds": 36, "accounts": 15},
    "warn_days": 60,
    "most_holders": 4,
    # Working days after the beginning.
    "due_days": {
        "client": 1, "client_paper": 10, "compliance_paper": 12, "facts": 5, "wealth": 8, "tax": 10,
        "products": 2, "consents": 5, "submission": 12, "screening": 13, "approval": 15, "accounts": 18,
    },
    # W-8: Treas. Reg. 1.1441-1(e)(4)(ii). Change: 90 days, CRS also the end of the year (CRS III B 2, IV).
    # A CRS form without a tax number: its explanation holds 12 months (HMRC IEIM402183).
    "self_certification": {
        "securities": ["fund", "share", "bond", "structured", "mandate"],
        "calendar_years": {"w8ben": 3, "w8bene": 3},
        "explanation_months": 12,
        "change_days": 90,
        "warn_days": 90,
    },
}


def add(apps, schema_editor):
    pack = apps.get_model("rulebook", "RulePack")
    first = pack.objects.get(name="onboarding", version=1)
    pack.objects.create(
        name="onboarding", version=2, valid_from=date(2000, 1, 1), body=first.body | NEW,
        activated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0004_a_pack_is_drafted_tried_and_withdrawn")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
