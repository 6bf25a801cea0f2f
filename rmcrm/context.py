"""What every page's shell needs: navigation, the person, unread alerts."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from alerts.selectors import unread_count
from clients.access import glass_on_page
from rmcrm.navigation import DOORS, NEW
from staff.login.kept import kept_form
from staff.roles import May
from suspicion.selectors import waiting_count
from ui.addresses import address
from ui.formats import mark_of
from ui.screen import HIDDEN, SHOWN, current


def shell(request: HttpRequest) -> dict:
    """Cheap: counts are functions, called only where a template prints them."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"demo": settings.DEMO, "bank_login": bank_login()}
    return {
        "demo": settings.DEMO,
        "person": person,
        "screen": _screen(request, person.login),
        "glass": glass_on_page(person),
        "has_inbox": person.may(May.ALERTS_WORK),
        "unread": cache(lambda: unread_count(person)),
        "currency": settings.REPORTING_CURRENCY,
        "nav": _doors(person, request.path),
        "new_menu": [_link(door, "") for door in NEW if person.may(door.may)],
        # What was typed stands in no column that the sieve watches: it comes back when the screen is shown.
        "kept": kept_form(request) if "kept" in request.session and current().mode == SHOWN else None,
    }


def bank_login() -> str:
    """What the button to the bank's identity provider says, "" where there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


def _screen(request: HttpRequest, login: str) -> dict:
    """How this screen shows what it shows, and where its switch leads back to."""
    return {
        "mode": current().mode,
        "here": request.get_full_path() if request.method == "GET" else "/",
        "idle": 0 if current().mode == HIDDEN else settings.SCREEN_IDLE_SECONDS,
        "mark": mark_of(login),
    }


def _doors(person, path: str) -> list[dict]:
    links = [_link(door, path) for door in DOORS if door.may is None or person.may(door.may)]
    for link in links:
        if link["url"] == address("suspicion:desk"):  # the bell of the team, which nobody else has
            link["count"] = cache(lambda: waiting_count(person))
    if links and path == "/":
        links[0]["active"] = True
    return links


def _link(door, path: str) -> dict:
    url = address(door.url)
    return {"label": door.label, "url": url, "icon": door.icon, "active": path.startswith(url)}
