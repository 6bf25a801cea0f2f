"""Nothing typed is lost: a form sent when the session had just ended, or must be confirmed first, is kept.

So is one that a rule of the business refused: no page is in a cache, so going back would empty it.

It lies sealed in the (new, still nameless) session for at most half an hour, and opens only for the person
it was typed by. Nothing is carried out by itself: the page shows the form as it was typed, and the person
sends it again. In the browser there is nothing of it but the page that shows it.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from staff.login.throttle import devices_of, key_of
from staff.sealing import seal, unseal

SECONDS = 30 * 60
LARGEST = 512 * 1024  # characters; the longest text of ours is a tenth of it
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NEVER = {"csrfmiddlewaretoken", "form_key"}


@dataclass(frozen=True)
class Kept:
    """`path` takes the form, `page` shows it. `files`: names of fields whose file must be chosen again.

    `refused`: by a rule. `here_only`: only its own page speaks of it, for its person is led back there.
    """

    path: str
    page: str
    fields: list[tuple[str, list[str]]]
    files: list[str]
    refused: bool = False
    here_only: bool = False


def page_of(request: HttpRequest) -> str:
    """The page on which this form stood: where the browser says it was, if ours, else its own address."""
    said = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(
        said, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not said or not here or request.method in ("GET", "HEAD"):
        return request.get_full_path()
    parts = urlsplit(said)
    page = escape_leading_slashes(parts.path) + (f"?{parts.query}" if parts.query else "")
    return page if is_ours(page) else request.get_full_path()


def is_ours(page: str) -> bool:
    """A page of this house: no other site, as "//evil.example/" would be for a browser, and none unknown."""
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return False
    try:
        resolve(urlsplit(page).path)
    except Resolver404:
        return False
    return True


def keep(request: HttpRequest, login: str = "", refused: bool = False, here_only: bool = False) -> bool:
    """Put what this POST carries aside for the person with this login; else for who used this device last."""
    owner = key_of(login) if login else next(reversed(devices_of(request)), "")
    if not owner or request.method != "POST" or request.content_type not in FORMS or types_nothing(request):
        return False
    fields = [(name, values) for name, values in request.POST.lists() if name not in NEVER]
    if sum(len(name) + sum(map(len, values)) for name, values in fields) > LARGEST:
        return False
    if not any(value for _name, values in fields for value in values):
        return False  # a button, which lost nothing
    what = {
        "path": request.get_full_path(),
        "page": page_of(request),
        "fields": fields,
        "files": list(request.FILES),
        "refused": refused,
        "here_only": refused or here_only,
    }
    request.session["kept"] = seal("kept form", {"of": owner, "what": what})
    return True


def types_nothing(request: HttpRequest) -> bool:
    """Switches, which would take the place of a form, and logins and codes, which are not to be kept."""
    return request.path.startswith(("/accounts/", "/screen/", "/identifiers/"))


def kept_form(request: HttpRequest) -> Kept | None:
    """What is kept for the person who is logged in now; somebody else's is thrown away."""
    if "kept" not in request.session or not request.user.is_authenticated:
        return None
    found = unseal("kept form", request.session["kept"], within=SECONDS)
    if not found or found["of"] != key_of(request.user.get_username()):
        drop(request)
        return None
    return Kept(**found["what"])


def drop(request: HttpRequest) -> None:
    request.session.pop("kept", None)
