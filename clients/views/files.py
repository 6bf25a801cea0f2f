"""A file is opened and kept right: leads, ways to reach people, who belongs to whom, preferences."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import actions, selectors
from clients.access import open_file
from clients.forms import ContactPointForm, LeadForm, PreferencesForm, RelatedPartyForm
from clients.models import Client
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, page, show
from ui.refusals import NotPermitted


@require_http_methods(["GET", "POST"])
@page
def lead_new(request: StaffRequest) -> HttpResponse:
    """Someone new: enough to call back."""
    if not request.user.may(May.CLIENTS_OPEN):
        raise NotPermitted(May.CLIENTS_OPEN)
    form = LeadForm(request.POST or None, books=selectors.own_books(request.user))
    if request.method == "POST" and form.is_valid():
        client = actions.open_lead(None, by=request.user, **form.cleaned_data)
        messages.success(request, _("The lead is in your book."))
        return back_to(request, reverse("client", args=[client.pk]))
    return show(request, "clients/lead_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page
def contact_point_new(request: StaffRequest, client_id: int) -> HttpResponse:
    client = open_file(request.user, client_id, why="add a contact point")
    form = ContactPointForm(request.POST or None, parties=selectors.parties(client))
    if request.method == "POST" and form.is_valid():
        actions.add_contact_point(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added."))
        return back_to(request, reverse("client", args=[client_id]))
    return _form_page(request, client, form, _("Add a contact point"), _("Add"))


@require_POST
@page
def contact_point_removal(request: StaffRequest, point_id: int) -> HttpResponse:
    client_id = selectors.client_of_contact_point(request.user, point_id)
    actions.remove_contact_point(point_id, by=request.user)
    messages.info(request, _("Removed."))
    return back_to(request, reverse("client", args=[client_id]))


@require_http_methods(["GET", "POST"])
@page
def related_party_new(request: StaffRequest, client_id: int) -> HttpResponse:
    client = open_file(request.user, client_id, why="add a related party")
    form = RelatedPartyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_related_party(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added."))
        return back_to(request, reverse("client", args=[client_id]))
    return _form_page(request, client, form, _("Add someone who belongs to the client"), _("Add"))


@require_http_methods(["GET", "POST"])
@page
def preferences(request: StaffRequest, client_id: int) -> HttpResponse:
    client = open_file(request.user, client_id, why="change preferences")
    form = PreferencesForm(request.POST or None, instance=client)
    if request.method == "POST" and form.is_valid():
        actions.change_preferences(
            client_id, by=request.user, fields=sorted(form.changed_data), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        return back_to(request, reverse("client", args=[client_id]))
    return _form_page(request, client, form, _("How the client wants to be served"), _("Save"))


def _form_page(
    request: StaffRequest, client: Client, form: forms.BaseForm, heading: str, submit: str
) -> HttpResponse:
    context = {"client": client, "form": form, "heading": heading, "submit": submit}
    return show(request, "clients/file_form.html", context, status=422 if form.errors else 200)
