"""What is typed to find a client goes in a form's body, and stands in the address sealed (ADR 24).

Filters live in the address, so that a list is sorted, turned over, saved and gone back to. A name there
would stay in the browser's history and in whatever keeps addresses on the way. So such a form is posted; the
answer, with script and without, leads to the address with the words sealed for the person who typed them.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from staff.sealing import seal, unseal
from ui.refusals import Refused

MARK = "~"  # a sealed value begins with it
MOST = 1000  # letters that are posted, token and all: the longest form of ours has half of it
_NEVER = {"csrfmiddlewaretoken", "form_key"}


def to_address(request: HttpRequest, *names: str) -> HttpResponse:
    """303 to the same page with what was posted in its address, sealed where it is one of `names`."""
    if sum(len(name) + len(str(value)) for name, value in request.POST.items()) > MOST:
        raise Refused([_("What you look for is too long: say it in fewer words.")])
    query = QueryDict(mutable=True)
    for name, value in request.POST.items():
        if value and name not in _NEVER:
            query[name] = _sealed(request, str(value)) if name in names else str(value)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}", status=303)


def opened(request: HttpRequest, *names: str) -> QueryDict:
    """The address's query in plain words, for the form. The address of the request itself, from which links
    to other pages of the list are made, is left with sealed ones, also where somebody typed it by hand."""
    plain, address = request.GET.copy(), request.GET.copy()
    for name in names:
        value = plain.get(name, "")
        if value.startswith(MARK):
            plain[name] = _opened(request, value)
        elif value:
            address[name] = _sealed(request, value)
    request.GET = address  # type: ignore[assignment]  # a property, made once
    return plain


def _sealed(request: HttpRequest, text: str) -> str:
    return MARK + seal("typed", {"of": request.user.pk, "text": text})


def _opened(request: HttpRequest, sealed: str) -> str:
    """ "" for what somebody else typed, and for what is no seal of ours."""
    found: Any = unseal("typed", sealed.removeprefix(MARK))
    return str(found["text"]) if found and found["of"] == request.user.pk else ""
