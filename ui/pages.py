"""How a page is served: one transaction that carries the person, rendered to its end inside it."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from ui import screen
from ui.carrying import transaction_for
from ui.models import Answer, Remembered
from ui.refusals import NotVisible, Refused

View = Callable[..., Any]  # HttpResponse, or FileResponse for a document


def page(
    view: View, again: Callable[..., None] | None = None, *, answers: type[Remembered] | None = Answer
) -> View:
    """Wrap a view (HTML or API): transaction, person, remembered answer, render.

    again: called before a remembered body is given once more, to look anew who may see it and to record that;
    without it no body is remembered.
    answers: where answers are remembered; None for a view that sees to it itself that twice does it once.

    Errors: NotVisible, NotPermitted and Refused leave through here, so the transaction is undone before
    rmcrm.middleware.Answers writes the denial and answers.
    """

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction_for(request.user.pk):
            answer, replay = _remembered(request, answers)
            if replay is not None:
                if again is not None:
                    again(request, *args, **kwargs)
                return replay
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            if answer is not None:
                _remember(answer, request, response, with_body=again is not None)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                _keep_session(request, response)
        return response

    served.is_page = True  # type: ignore[attr-defined]  # tests/house/test_doors.py asks
    return served


def _keep_session(request: HttpRequest, response: HttpResponse) -> None:
    """Messages and session go into the page's own transaction: apart they would wait for the disk once more.

    The middlewares that would write them afterwards find nothing left to do.
    """
    queued = getattr(request, "_messages", None)
    if queued is not None:
        queued.update(response)
        queued.added_new = False
    session = getattr(request, "session", None)
    if session is None or not session.modified or session.is_empty():
        return
    try:
        session.save()
    except UpdateError:
        raise SessionInterrupted("The session has ended meanwhile.") from None
    session.modified = False


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page; asked by htmx for `#part`, only `<folder>/_<part>.html`, whose root has that id."""
    if (part := htmx_part(request)) and (partial := f"{template.rsplit('/', 1)[0]}/_{part}.html") in PARTS[
        template
    ]:
        template = partial
    return render(request, template, context, status=status)


class Parts(dict):
    """Template -> the partials that htmx may ask for instead; filled by `may_be_asked_for`."""

    def __missing__(self, template: str) -> frozenset[str]:
        return frozenset()


PARTS = Parts()


def may_be_asked_for(template: str, *parts: str) -> None:
    """Say once, beside the view, which parts of its template htmx may fetch alone."""
    folder = template.rsplit("/", 1)[0]
    PARTS[template] = frozenset(f"{folder}/_{part}.html" for part in parts)


def attachment(content: Any, name: str, kind: str) -> HttpResponseBase:
    """A file (or bytes, or text) to be saved, never shown by the browser as a page of ours.

    Refused while the screen is hidden: a file cannot be made without what stands in it.
    """
    if screen.hides():
        raise Refused([screen.sentence()])
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    if not isinstance(content, bytes | str):
        return FileResponse(content, as_attachment=True, filename=name, content_type=kind, headers=headers)
    headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=kind, headers=headers)


def htmx_part(request: HttpRequest) -> str:
    """The id that htmx is about to replace, "" for a whole page. htmx 4 sends `section#clients`."""
    if request.headers.get("HX-Request") != "true":
        return ""
    return request.headers.get("HX-Target", "").rpartition("#")[2].replace("-", "_")


def back_to(request: HttpRequest, url: str) -> HttpResponse:
    """After a write: 303 to the page that shows it; htmx is told to go there too."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": iri_to_uri(url)})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def is_poll(request: HttpRequest) -> bool:
    """A page asking by itself whether there is news: no audit, no longer session."""
    return request.headers.get("X-Poll") == "1"


# --- a form or an API call sent twice --------------------------------------------------------------------


def sent_key(request: HttpRequest) -> str:
    """By which the same form, or call, is known when it comes again; "" where none was sent."""
    key: str = request.headers.get("Idempotency-Key") or request.POST.get("form_key", "")
    return key.replace("\x00", "")[:100]  # PostgreSQL takes no NUL


def _remembered(
    request: HttpRequest, answers: type[Remembered] | None
) -> tuple[Remembered | None, HttpResponse | None]:
    """(the answer to fill, None) the first time; (None, the answer given then) when it comes again."""
    key = sent_key(request)
    if answers is None or request.method != "POST" or not key or not request.user.is_authenticated:
        return None, None
    body_hash = hash_of(request)
    # Blocks while another request with this key is under way, and then finds its answer.
    if made := answers.objects.begin(request.user.pk, key, body_hash):
        return made, None
    stored = answers.objects.get(person_id=request.user.pk, key=key)
    if stored.body_hash != body_hash:
        raise Refused(
            [_("This form was sent before with other content. Open it again and send it once more.")]
        )
    if stored.body:
        return None, HttpResponse(stored.body, status=stored.status, content_type="application/json")
    if request.headers.get("HX-Request") == "true":
        return None, HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return None, back_to(request, stored.location or request.path)


def _remember(answer: Remembered, request: HttpRequest, response: HttpResponse, *, with_body: bool) -> None:
    """Keep what was answered; an error did nothing, so its key may be used again."""
    if response.status_code >= 400 or (response.status_code == 200 and "form_key" in request.POST):
        answer.delete()
        return
    answer.status = response.status_code
    answer.location = response.headers.get("Location", response.headers.get("HX-Redirect", ""))[:500]
    if with_body and response.headers.get("Content-Type", "").startswith("application/json"):
        answer.body = response.content.decode()
    type(answer).objects.finish(answer)


def hash_of(request: HttpRequest) -> str:
    """A hash of what was sent, without the CSRF token, which changes with every page."""
    digest = hashlib.sha256(request.path.encode())
    if request.content_type == "application/json":
        digest.update(request.body)
    else:
        for name, values in sorted(request.POST.lists()):
            if name != "csrfmiddlewaretoken":
                digest.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            digest.update(repr((name, [(file.name, file.size) for file in files])).encode())
    return digest.hexdigest()


def or_404(found: Any, subject: str) -> Any:
    """`found`, or NotVisible in the words the audit wants."""
    if found is None:
        raise NotVisible(subject)
    return found
