"""The whole night shift on one screen: what runs by itself, when and why.

Beat sends plain interval ticks in UTC. A tick carries nothing and may be lost or doubled: rows decide.
"""

from dataclasses import dataclass

from alerts.rules import AlertRule
from cockpit import alerts as cockpit_alerts
from cockpit import endings as cockpit_endings
from compliance import alerts as compliance_alerts
from compliance import gaps as compliance_gaps
from compliance.rules.gaps import GapRule
from needs import alerts as needs_alerts
from onboarding import alerts as onboarding_alerts
from onboarding import endings as onboarding_endings
from onboarding import gaps as onboarding_gaps
from onboarding.rules.endings import EndRule
from opportunities import alerts as opportunities_alerts
from opportunities import endings as opportunities_endings
from retention import alerts as retention_alerts
from reviews import endings as reviews_endings

# What deserves attention, from every room that has an alerts.py; alerts.registry hands it out.
RULES: list[AlertRule] = [
    *compliance_alerts.RULES,
    *onboarding_alerts.RULES,
    *retention_alerts.RULES,
    *cockpit_alerts.RULES,
    *needs_alerts.RULES,
    *opportunities_alerts.RULES,
]


# What the rules require of every client the bank serves; compliance.selectors.gaps hands it out.
GAPS: list[GapRule] = [*compliance_gaps.RULES, *onboarding_gaps.RULES]

# What is to be seen to before a relationship ends; onboarding.selectors.endings hands it out.
ENDINGS: list[EndRule] = [
    *onboarding_endings.RULES,
    *opportunities_endings.RULES,
    *reviews_endings.RULES,
    *cockpit_endings.RULES,
]


@dataclass(frozen=True)
class Tick:
    task: str
    every: int  # seconds
    why: str


TICKS = [
    Tick("jobs.tasks.drain", 5, "do the jobs that are due, should a wake-up have been lost"),
    Tick("alerts.tasks.look", 60, "look at every rule of attention and make the alerts that are missing"),
    Tick("alerts.tasks.mail", 60, "put a mail for every person with unsent alerts on the list"),
    Tick(
        "alerts.tasks.look_at_proposals",
        60,
        "what waited for a second person until its last day is void, and who asked hears so",
    ),
    Tick(
        "portfolios.tasks.revalue",
        3600,
        "value clients whose prices, rates or balances are newer than their value",
    ),
    Tick("compliance.tasks.screen_changes", 30, "compare whoever, and whichever list, changed"),
    Tick(
        "compliance.tasks.screen_daily",
        900,
        "compare everyone with the lists once a calendar day (Regulation (EU) 260/2012 Art. 5d)",
    ),
    Tick("compliance.tasks.look_at_rules", 60, "rate every client anew once new figures are in force"),
    Tick(
        "compliance.tasks.look_at_ratings",
        3600,
        "end overrides and former offices, set off reviews that something asks for",
    ),
    Tick(
        "compliance.tasks.look_at_desk",
        60,
        "once an hour look through every served file for what it lacks, and make the desk's figures anew",
    ),
    Tick(
        "compliance.tasks.look_at_attestations",
        3600,
        "once a period is over, ask who serves clients to attest the channels used",
    ),
    Tick(
        "compliance.tasks.look_at_recertifications",
        3600,
        "a while before a team's half year is over, ask its lead who may open its books",
    ),
    Tick("onboarding.tasks.compare_openings", 60, "compare new openings with the whole bank for duplicates"),
    Tick("onboarding.tasks.ask_papers", 60, "ask for the papers of who came to own or sign for a client"),
    Tick("onboarding.tasks.expire_papers", 3600, "let approved papers expire after their last day"),
    Tick(
        "cockpit.tasks.look_at_handovers",
        60,
        "carry out handovers whose day has come, let fall what is no longer so",
    ),
    Tick("retention.tasks.mark_values", 6 * 3600, "keep what each client was worth at the end of a quarter"),
    Tick("rmcrm.tasks.move_market", 6 * 3600, "in a demo, the made-up market has its closes of today"),
    Tick("compliance.tasks.forget_audit_exports", 3600, "exports of the audit are kept for a day"),
    Tick("audit.tasks.make_partitions", 6 * 3600, "have next month's audit partition before the month"),
    Tick("staff.tasks.forget", 3600, "sessions that are over, and tries at the login older than a day"),
    Tick("ui.tasks.forget_answers", 3600, "answers to forms are kept for a day"),
]


def ticks() -> dict[str, dict]:
    """In Celery's words. A tick that waits longer than its interval is dropped."""
    return {
        tick.task: {"task": tick.task, "schedule": float(tick.every), "options": {"expires": tick.every}}
        for tick in TICKS
    }
