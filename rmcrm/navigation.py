"""The doors in the side navigation and the "New" menu, and who has them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from staff.roles import May


@dataclass(frozen=True)
class Door:
    label: Any
    url: str  # a URL name
    icon: str  # a lucide icon
    may: May | None


DOORS = [  # the first one a person has is the page at "/"
    Door(_("Team"), "team", "users-round", May.TEAM_SEE),
    Door(_("My day"), "my_day", "sun", May.TASKS_WORK),
    Door(_("Compliance"), "compliance", "scale", May.INTERACTIONS_AUDIT),
    Door(_("Inbox"), "inbox", "inbox", May.ALERTS_WORK),
    Door(_("Clients"), "clients:list", "users", May.CLIENTS_SEE),
    Door(_("At risk"), "retention:at_risk", "heart-handshake", May.RETENTION_WORK),
    Door(_("Reviews"), "reviews:list", "clipboard-check", May.REVIEWS_HOLD),
    Door(_("Pipeline"), "opportunities:pipeline", "kanban", May.OPPORTUNITIES_WORK),
    Door(_("Onboarding"), "onboarding:list", "user-check", May.CLIENTS_SEE),
    Door(_("KYC"), "compliance:kyc", "shield-check", May.CLIENTS_SEE),
    Door(_("Compliance asks"), "compliance:mine", "message-circle-question-mark", May.CHANNELS_ATTEST),
    Door(_("Handovers"), "cockpit:handovers", "arrow-left-right", May.CLIENTS_HAND_OVER),
    Door(_("Suspicions"), "suspicion:desk", "siren", May.SUSPICION_WORK),
    Door(_("Rules"), "rulebook:packs", "book-open-check", May.RULES_SEE),
]
NEW: list[Door] = [
    Door(_("Open a client"), "onboarding:opening_new", "user-check", May.ONBOARDING_WORK),
    Door(_("New lead"), "clients:lead_new", "user-plus", May.CLIENTS_OPEN),
]
