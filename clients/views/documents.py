"""Papers of a client file: sent in, and handed out through the lock only."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients import actions, selectors
from clients.access import open_file
from clients.forms import DocumentForm
from staff.requests import StaffRequest
from ui.pages import attachment, back_to, page, show


@require_http_methods(["GET", "POST"])
@page
def document_list(request: StaffRequest, client_id: int) -> HttpResponse:
    """All papers of a file, and the form to add one."""
    form = DocumentForm(request.POST or None, request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        actions.upload_document(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The document is on file."))
        return back_to(request, reverse("clients:documents", args=[client_id]))
    client = open_file(request.user, client_id, why="read the documents")
    return show(
        request,
        "clients/document_list.html",
        {"client": client, "form": form, "documents": selectors.document_list(client)},
        status=422 if form.errors else 200,
    )


@require_GET
@page
def document(request: StaffRequest, client_id: int, document_id: int) -> HttpResponseBase:
    """The file itself: to be saved, never shown by the browser as a page of ours."""
    open_file(request.user, client_id, why=f"document {document_id}")
    kept = selectors.document(client_id, document_id)
    return attachment(kept.content, kept.name, kept.kind)
