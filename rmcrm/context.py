"""What every page's shell needs: navigation, the person, unread alerts."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rmcrm.navigation import DOORS, NEW


def shell(request: HttpRequest) -> dict:
    """Cheap: counts are functions, called only where a template prints them."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"demo": settings.DEMO}
    return {
        "demo": settings.DEMO,
        "person": person,
        "nav": [_link(door, request.path) for door in DOORS if door.may is None or person.may(door.may)],
        "new_menu": [_link(door, "") for door in NEW if person.may(door.may)],
    }


def _link(door, path: str) -> dict:
    url = reverse(door.url)
    active = path == url if url == "/" else path.startswith(url)
    return {"label": door.label, "url": url, "icon": door.icon, "active": active}
