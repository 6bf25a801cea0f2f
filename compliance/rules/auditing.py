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
    return refusals
