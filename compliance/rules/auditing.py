"""What days of the audit may be exported. Pure: no Django."""

from datetime import date

EXPORT, CHECK = "compliance.audit_export", "compliance.audit_check"  # the jobs
PACK = "dashboards.regulator_pack"
KEPT_A_DAY = [EXPORT, PACK]  # whose files are forgotten after it


def refusals_to_export(since: date, until: date, today: date) -> list[str]:
    """A range with a beginning before its end, and not of days to come."""
    refusals = []
    if until < since:
        refusals.append("The last day is before the first one.")
    if since > today:
        refusals.append("Nothing has happened yet on these days.")
    elif until > today:
        refusals.append("The last day is yet to come: today is the last one.")
    return refusals


def refusals_to_large_export(reason: str, most: int) -> list[str]:
    """Asked for and not given at once; so the second person is told why (ASVS 5.0 V2.3.5)."""
    if reason.strip():
        return []
    return [f"More than {most} clients are in it: say why, for a second person confirms it first."]
