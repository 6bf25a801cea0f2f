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


DOORS = [
    Door(_("My day"), "home", "sun", None),
    Door(_("Clients"), "clients:list", "users", May.CLIENTS_SEE),
    Door(_("Pipeline"), "opportunities:pipeline", "kanban", May.OPPORTUNITIES_WORK),
]
NEW: list[Door] = [
    Door(_("New lead"), "clients:lead_new", "user-plus", May.CLIENTS_OPEN),
]
