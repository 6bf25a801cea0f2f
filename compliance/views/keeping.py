"""Files kept long enough, holds on them, their deletion by two officers, and what was deleted."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.record import record
from clients.access import open_file, show_list
from compliance.actions import keeping as actions
from compliance.forms.barriers import ReasonForm
from compliance.forms.keeping import HoldForm, KeepingFilter
from compliance.selectors import keeping as selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show


@require_GET
@page
def keeping_list(request: StaffRequest) -> HttpResponse:
    """Whose years are over, what holds some of them, what waits for a second officer."""
    only_with(request, May.ACCESS_AUDIT)
    asked = KeepingFilter(request.GET).asked
    found = selectors.keeping_desk(request.user, asked, timezone.localdate())
    shown = [*found.page, *(over.client for over, _hold in found.held)]
    shown += [each.proposal.client for each in (*found.lifts, *found.deletions)]
    show_list(request.user, "files kept long enough", asked, sorted({client.pk for client in shown}))
    may_keep = request.user.may(May.FILES_KEEP)
    return show(
        request, "compliance/keeping.html", {"found": found, "page": found.page, "may_keep": may_keep}
    )


@require_http_methods(["GET", "POST"])
@page
def client_keeping(request: StaffRequest, client_id: int) -> HttpResponse:
    """How long this file is kept, what holds it, what would go; or hold it."""
    only_with(request, May.ACCESS_AUDIT)
    client = open_file(request.user, client_id, why="how long it is kept")
    form = HoldForm(request.POST or None)
    if request.method == "POST":
        only_with(request, May.FILES_KEEP)
        if form.is_valid():
            actions.set_hold(client_id, by=request.user, **form.cleaned_data)
            messages.success(request, _("Held: nothing of this file is deleted before two officers lift it."))
            return back_to(request, reverse("compliance:client_keeping", args=[client_id]))
    today = timezone.localdate()
    found = selectors.keeping_page(request.user, client, today)
    return show(
        request,
        "compliance/client_keeping.html",
        {
            "client": client,
            "found": found,
            "form": form,
            "holds": [(hold, lift, ReasonForm(auto_id=f"lift_{hold.pk}_%s")) for hold, lift in found.holds],
            "today": today,
            "may_keep": request.user.may(May.FILES_KEEP),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@page
def lift_new(request: StaffRequest, hold_id: int) -> HttpResponse:
    """Ask that a hold be lifted."""
    only_with(request, May.FILES_KEEP)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    lift = actions.ask_lift(hold_id, by=request.user, reason=reason)
    messages.success(request, _("Asked for. The hold stays until a second officer confirms it."))
    return back_to(request, reverse("compliance:client_keeping", args=[lift.client_id]))


@require_POST
@page
def lift_confirmation(request: StaffRequest, lift_id: int) -> HttpResponse:
    """The second officer's yes."""
    only_with(request, May.FILES_KEEP)
    lift = actions.confirm_lift(lift_id, by=request.user)
    messages.success(request, _("Lifted."))
    return back_to(request, reverse("compliance:client_keeping", args=[lift.client_id]))


@require_POST
@page
def lift_end(request: StaffRequest, lift_id: int) -> HttpResponse:
    """The second officer's no, or taken back by who asked."""
    only_with(request, May.FILES_KEEP)
    lift = actions.end_lift(lift_id, by=request.user)
    messages.success(request, _("The hold stays."))
    return back_to(request, reverse("compliance:client_keeping", args=[lift.client_id]))


@require_POST
@page
def deletion_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """Ask that the file be deleted."""
    only_with(request, May.FILES_KEEP)
    actions.ask_deletion(client_id, by=request.user)
    messages.success(request, _("Asked for. Nothing is deleted before a second officer confirms it."))
    return back_to(request, reverse("compliance:keeping"))


@require_POST
@page
def deletion_confirmation(request: StaffRequest, deletion_id: int) -> HttpResponse:
    """The second officer's yes: there is no way back."""
    only_with(request, May.FILES_KEEP)
    actions.confirm_deletion(deletion_id, by=request.user)
    messages.success(request, _("Confirmed. The file is being deleted; its certificate is in the list then."))
    return back_to(request, reverse("compliance:deletions"))


@require_POST
@page
def deletion_end(request: StaffRequest, deletion_id: int) -> HttpResponse:
    """The second officer's no, or taken back by who asked."""
    only_with(request, May.FILES_KEEP)
    actions.end_deletion(deletion_id, by=request.user)
    messages.success(request, _("Nothing is deleted."))
    return back_to(request, reverse("compliance:keeping"))


@require_GET
@page
def deletion_list(request: StaffRequest) -> HttpResponse:
    """What was deleted: ids, days and the two who said so."""
    only_with(request, May.ACCESS_AUDIT)
    record("deleted files shown", by=request.user)
    found = selectors.deletion_list(request.user, KeepingFilter(request.GET).asked)
    return show(request, "compliance/deletions.html", {"page": found})


@require_GET
@page
def deletion(request: StaffRequest, deletion_id: int) -> HttpResponse:
    """The certificate of one."""
    only_with(request, May.ACCESS_AUDIT)
    found = or_404(
        selectors.certificate_of(request.user, deletion_id), f"compliance.FileDeletion {deletion_id}"
    )
    record("certificate of a deletion shown", by=request.user, subject=found.deletion)
    return show(request, "compliance/deletion.html", {"found": found, "deletion": found.deletion})
