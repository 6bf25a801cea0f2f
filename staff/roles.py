"""Who may do what: the whole table on one screen. A new permission is a line here and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reach(StrEnum):
    """Which clients a role sees, before grants and barriers."""

    BOOKS = "books"  # the books one is a member of
    TEAM = "team"  # those, and every book of one's team and the teams below
    ALL = "all"  # every book
    NONE = "none"


class May(StrEnum):
    """One permission a business verb."""

    CLIENTS_SEE = "see clients"
    CLIENTS_OPEN = "open a client file"
    CLIENTS_EDIT = "edit a client file"
    CLIENTS_IMPORT = "import a bank's clients"
    INTERACTIONS_LOG = "log an interaction"
    TASKS_WORK = "work tasks"
    DOCUMENTS_UPLOAD = "upload a document"
    DOCUMENTS_REVIEW = "review a document"
    ONBOARDING_WORK = "work an onboarding"
    ONBOARDING_APPROVE = "approve an onboarding"
    ONBOARDING_HOLD = "put an onboarding on hold"
    ONBOARDING_WATCH = "watch papers and compare openings by night"
    DUPLICATES_DECIDE = "decide possible duplicates"
    PORTFOLIOS_VALUE = "value portfolios"
    NEEDS_ASSESS = "assess needs"
    REVIEWS_HOLD = "hold a portfolio review"
    OPPORTUNITIES_WORK = "work the pipeline"
    RETENTION_WORK = "work retention reminders"
    ALERTS_WORK = "work the inbox"
    KYC_REVIEW = "review KYC"
    SCREENING_DECIDE = "decide screening hits"
    SCREENING_RUN = "screen clients and import sanctions lists"
    APPROVALS_DECIDE = "decide approvals"
    INTERACTIONS_AUDIT = "search and audit interactions"
    INTERACTIONS_SAMPLE = "draw samples of interactions and review them"
    CHANNELS_ATTEST = "attest the channels used"
    ACCESS_AUDIT = "see who opened which file"
    AUDIT_EXPORT = "verify and export the audit"
    EXPORTS_CONFIRM = "confirm an export with many clients"
    BARRIERS_MANAGE = "manage information barriers"
    FILES_KEEP = "hold client files, and have those deleted that were kept long enough"
    DELETIONS_REPLAY = "delete again what a restored backup brought back"
    TEAM_SEE = "see the team board"
    CLIENTS_LEND = "lend a client or a book to a colleague"
    CLIENTS_HAND_OVER = "hand clients over to another relationship manager"
    HANDOVERS_SETTLE = "carry out by night what two people decided"
    ACCESS_CERTIFY = "certify who may open the team's books"
    ACCESS_RECERTIFY = "have who may open a team's books certified before its time"
    GLASS_BREAK = "open a client's file by break-glass"
    GLASS_REVIEW = "review the uses of break-glass"
    VIEWS_SAVE = "save a view"
    MAIL_SEE = "see the mail outbox"
    SUSPICION_REPORT = "report a suspicion"
    SUSPICION_WORK = "work the suspicion desk"
    RULES_SEE = "see rule packs"
    RULES_WRITE = "write a rule pack"
    RULES_ACTIVATE = "activate a rule pack"
    CLIENTS_RATE = "rate clients by the figures"
    RATINGS_OVERRIDE = "set a rating by hand"
    PEP_RECORD = "record politically exposed persons"
    ADVERSE_WORK = "read and write adverse information"
    ACCOUNT_KEEP = "keep one's own sessions and key to the API"
    SESSIONS_END = "end a colleague's sessions"
    PASSWORDS_START = "start a colleague's new password"
    PEOPLE_CHANGE = "disable a colleague, ask for another role or team"
    PEOPLE_CONFIRM = "confirm another role or team of a colleague"


@dataclass(frozen=True)
class RoleSpec:
    """A role in a sentence, its reach and its permissions.

    The reach stands a second time in PostgreSQL: a new role needs a migration of `reach_of_role` (ADR 0012).
    """

    label: Promise
    sentence: Promise
    reach: Reach
    may: frozenset[May]


class Role(StrEnum):
    RM = "rm"
    ASSISTANT = "assistant"
    SPECIALIST = "specialist"
    TEAM_LEAD = "team_lead"
    REGIONAL_HEAD = "regional_head"
    COMPLIANCE = "compliance"
    MLRO = "mlro"
    AUDITOR = "auditor"
    PRODUCT = "product"
    ADMINISTRATOR = "administrator"


_EVERYONE = frozenset({May.SUSPICION_REPORT, May.ACCOUNT_KEEP})
_DESK = _EVERYONE | {May.VIEWS_SAVE, May.ALERTS_WORK}
_READ = _DESK | {May.CLIENTS_SEE}
_SERVE = _READ | {
    May.INTERACTIONS_LOG,
    May.CHANNELS_ATTEST,
    May.TASKS_WORK,
    May.DOCUMENTS_UPLOAD,
    May.CLIENTS_EDIT,
    May.PEP_RECORD,
    May.GLASS_BREAK,
}
_ADVISE = _SERVE | {
    May.CLIENTS_OPEN,
    May.ONBOARDING_WORK,
    May.ONBOARDING_HOLD,
    May.NEEDS_ASSESS,
    May.REVIEWS_HOLD,
    May.OPPORTUNITIES_WORK,
    May.RETENTION_WORK,
    # A file, or days of cover: of the books one owns or leads (clients.rules.lending).
    May.CLIENTS_LEND,
}
_LEAD = _ADVISE | {May.TEAM_SEE, May.ONBOARDING_APPROVE, May.ACCESS_CERTIFY, May.CLIENTS_HAND_OVER}
_AUDIT = _EVERYONE | {
    May.VIEWS_SAVE,
    May.CLIENTS_SEE,
    May.INTERACTIONS_AUDIT,
    May.ACCESS_AUDIT,
    May.AUDIT_EXPORT,
    May.RULES_SEE,
}
_OFFICER = _AUDIT | {
    May.ALERTS_WORK,
    May.INTERACTIONS_SAMPLE,
    May.KYC_REVIEW,
    May.SCREENING_DECIDE,
    May.SCREENING_RUN,
    May.APPROVALS_DECIDE,
    May.ONBOARDING_APPROVE,
    May.ONBOARDING_HOLD,
    May.DUPLICATES_DECIDE,
    May.DOCUMENTS_REVIEW,
    May.MAIL_SEE,
    # An import opens files in every book and past the four eyes of an onboarding: so it is for who sees every
    # client and answers for KYC, and not for operations, who see none.
    May.CLIENTS_IMPORT,
    May.RULES_WRITE,
    May.RULES_ACTIVATE,
    May.RATINGS_OVERRIDE,
    May.PEP_RECORD,
    May.ADVERSE_WORK,
    May.FILES_KEEP,
    May.BARRIERS_MANAGE,  # a second time in PostgreSQL: manages_barriers()
    May.GLASS_REVIEW,
    May.ACCESS_RECERTIFY,
    May.CLIENTS_HAND_OVER,
    May.PEOPLE_CHANGE,
    May.PEOPLE_CONFIRM,
    May.EXPORTS_CONFIRM,
}

ROLES: dict[Role, RoleSpec] = {
    Role.RM: RoleSpec(
        _("Relationship manager"), _("Serves the clients of the own books."), Reach.BOOKS, _ADVISE
    ),
    Role.ASSISTANT: RoleSpec(
        _("Assistant"),
        _("Supports the books he or she is a member of; gives no advice."),
        Reach.BOOKS,
        _SERVE,
    ),
    Role.SPECIALIST: RoleSpec(
        _("Specialist"), _("Advises on one field, where a book or a grant invites."), Reach.BOOKS, _ADVISE
    ),
    Role.TEAM_LEAD: RoleSpec(_("Team lead"), _("Leads a team and sees its books."), Reach.TEAM, _LEAD),
    Role.REGIONAL_HEAD: RoleSpec(
        _("Regional head"), _("Heads several teams and sees their books."), Reach.TEAM, _LEAD
    ),
    Role.COMPLIANCE: RoleSpec(
        _("Compliance officer"),
        _("Audits every client file and decides KYC and screening."),
        Reach.ALL,
        _OFFICER,
    ),
    Role.MLRO: RoleSpec(
        _("Money laundering reporting officer"),
        _("Compliance, and the suspicion desk, of which nobody else learns."),
        Reach.ALL,
        _OFFICER | {May.SUSPICION_WORK},
    ),
    Role.AUDITOR: RoleSpec(
        _("Auditor"), _("Reads every file and the audit, changes nothing."), Reach.ALL, _AUDIT
    ),
    Role.PRODUCT: RoleSpec(
        _("Products and operations"),
        _("Keeps products and rules; sees no client."),
        Reach.NONE,
        _DESK | {May.RULES_SEE, May.RULES_WRITE},
    ),
    Role.ADMINISTRATOR: RoleSpec(
        _("Administrator"),
        _("Keeps the system running; sees no client."),
        Reach.NONE,
        # Asks for a role, and gives none: who keeps the system must not let himself in.
        _EVERYONE | {May.MAIL_SEE, May.SESSIONS_END, May.PASSWORDS_START, May.PEOPLE_CHANGE},
    ),
}


def may(role: str, permission: May) -> bool:
    """Does this role hold this permission? An unknown role holds none."""
    return role in set(Role) and permission in ROLES[Role(role)].may
