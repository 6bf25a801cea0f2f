"""The figures RM CRM starts with. A bank replaces them by versions of its own, activated by two people."""

from datetime import UTC, date, datetime

from django.db import migrations

PACKS = {
    # Days between two contacts and working days ahead of which the desk is told.
    "contact": {
        "days": {"mass": 365, "affluent": 60, "hnw": 30, "sme": 60, "corporate": 30},
    },
    # Months between two KYC reviews by rating (EU AMLR Art. 26(2): at most 12 for high, 60 for others) and the
    # ratings that cannot be undercut.
    "kyc": {
        "review_months": {"high": 12, "medium": 36, "low": 60, "unrated": 0},
        "warn_days": 60,
        "document_warn_days": 60,
        "high_risk_countries": ["KP", "IR", "MM"],
        "increased_monitoring": [
            "AO", "BO", "BA", "BG", "CM", "CI", "CD", "HT", "IQ", "KE", "KW",
            "LA", "LB", "MC", "NP", "PG", "SS", "SY", "VE", "VN", "VG", "YE",
        ],
        "screening_threshold": 85,
    },
    # Which documents an opening needs.
    "onboarding": {
        "documents": {
            "person": ["identity", "address", "tax"],
            "organisation": ["register", "owners", "tax", "identity"],
        },
        "high_risk_documents": ["funds"],
    },
    # Bands 1 to 5; the highest product risk class (1 to 7) a band allows; how long an assessment holds.
    "suitability": {
        "band_from_score": [0, 20, 40, 60, 80],
        "max_risk_class": {"1": 2, "2": 3, "3": 4, "4": 6, "5": 7},
        "valid_months": 12,
        "warn_days": 60,
    },
    # Percent of the portfolio and percentage points; a price older than this many days is stale.
    "portfolio": {
        "issuer_max": 10,
        "single_fund_max": 25,
        "cash_min": 2,
        "cash_max": 40,
        "loss_step": 10,
        "stale_price_days": 5,
        "review_months": {"mass": 12, "affluent": 6, "hnw": 3, "sme": 12, "corporate": 6},
    },
    "opportunities": {"stage_days": 14, "new_after_days": 90},
    # Clients one RM covers, by segment: min, target, max and the effort one client costs.
    "coverage": {
        "mass": [300, 800, 2500, 1],
        "affluent": [40, 120, 250, 4],
        "hnw": [20, 60, 120, 8],
        "sme": [40, 80, 150, 5],
        "corporate": [8, 20, 40, 15],
    },
}


def add(apps, schema_editor):
    pack = apps.get_model("rulebook", "RulePack")
    for name, body in PACKS.items():
        pack.objects.create(
            name=name, version=1, valid_from=date(2000, 1, 1), body=body, activated_at=datetime(2026, 11, 1, tzinfo=UTC)
        )


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
