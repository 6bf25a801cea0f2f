"""Rule packs: what is in force, drafts, and the second person's word."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rulebook import actions, forms, rules, selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.forms import choices_of
from ui.pages import back_to, or_404, page, show
from ui.rules.merging import as_seen, seen_of


def _day(request: StaffRequest) -> date:
    """The day that is asked for, today unless one is."""
    form = forms.DayForm(request.GET)
    asked: date | None = form.cleaned_data["on"] if form.is_valid() else None
    return asked or timezone.localdate()


@require_GET
@page
def packs(request: StaffRequest) -> HttpResponse:
    """Every pack with the version in force, the one to come and the draft."""
    only_with(request, May.RULES_SEE)
    return show(request, "rulebook/packs.html", {"lines": selectors.pack_list(timezone.localdate())})


@require_GET
@page
def pack(request: StaffRequest, name: str) -> HttpResponse:
    """Every figure of the version in force on a day, in words, and the pack's history."""
    only_with(request, May.RULES_SEE)
    on, today = _day(request), timezone.localdate()
    found = or_404(selectors.pack_page(name, on, today), f"rulebook.RulePack {name}")
    may_write = selectors.may_write(request.user, name)
    return show(
        request, "rulebook/pack.html", {"found": found, "on": on, "today": today, "may_write": may_write}
    )


@require_GET
@page
def countries(request: StaffRequest) -> HttpResponse:
    """The tables of high-risk countries as they stood on a day."""
    only_with(request, May.RULES_SEE)
    on = _day(request)
    return show(
        request,
        "rulebook/countries.html",
        {"found": selectors.country_page(on), "on": on, "today": timezone.localdate()},
    )


@require_POST
@page
def draft_new(request: StaffRequest, name: str) -> HttpResponse:
    made = actions.draft_pack(None, by=request.user, name=name)
    messages.success(request, _("The draft is a copy of the version in force: change what shall change."))
    return back_to(request, reverse("rulebook:figures", args=[made.pk]))


@require_GET
@page
def version(request: StaffRequest, pack_id: int) -> HttpResponse:
    """One version beside what it follows; a draft with what may be done with it."""
    only_with(request, May.RULES_SEE)
    found = or_404(selectors.version(pack_id), f"rulebook.RulePack {pack_id}")
    today, person = timezone.localdate(), request.user
    is_draft = found.is_draft
    return show(
        request,
        "rulebook/version.html",
        {
            "found": selectors.version_page(found, today),
            "pack": found,
            "today": today,
            "is_draft": is_draft,
            "may_write": is_draft and selectors.may_write(person, found.name),
            "is_author": found.written_by_id == person.pk,
            "may_activate": is_draft and person.may(May.RULES_ACTIVATE),
            "refusals": selectors.activation_refusals(found, person, today) if is_draft else [],
        },
    )


@require_http_methods(["GET", "POST"])
@page
def figures(request: StaffRequest, pack_id: int) -> HttpResponse:
    """The figures of a draft as a form."""
    only_with(request, May.RULES_WRITE)
    found = or_404(selectors.version(pack_id), f"rulebook.RulePack {pack_id}")
    today = timezone.localdate()
    form = forms.DraftForm(
        request.POST if request.method == "POST" else None,
        pack=found,
        in_force=selectors.before_of(found, today),
        newest_on=selectors.newest_day(found.name),
        today=today,
    )
    now, clash = selectors.draft_now(found), None
    if request.method == "POST" and form.is_valid():
        seen = seen_of(request.POST.get("seen", ""))
        clash = choices_of(form, seen, now, who=_("Another window of yours"))
    if request.method == "POST" and form.is_valid() and clash is None:
        actions.change_draft(
            None,
            by=request.user,
            pack_id=pack_id,
            body=form.body,
            valid_from=form.cleaned_data["valid_from"],
            reason=form.cleaned_data["reason"],
            seen=seen,
        )
        messages.success(request, _("The draft is saved."))
        return back_to(request, reverse("rulebook:version", args=[pack_id]))
    refusals = rules.refusals_to_change(
        found.activated_at is not None,
        found.withdrawn_at is not None,
        found.written_by_id,
        request.user.pk,
    )
    return show(
        request,
        "rulebook/figures.html",
        {
            "form": form,
            "pack": found,
            "title": selectors.title_of(found.name),
            "refusals": refusals,
            "clash": clash,
            "seen": request.POST.get("seen", "") or as_seen(now),
        },
        status=422 if form.errors else 409 if clash else 200,
    )


@require_POST
@page
def activation(request: StaffRequest, pack_id: int) -> HttpResponse:
    made = actions.activate_pack(None, by=request.user, pack_id=pack_id, seen=request.POST.get("seen", ""))
    messages.success(request, _("Activated. Decisions are judged by it from its first day on."))
    return back_to(request, reverse("rulebook:pack", args=[made.name]))


@require_POST
@page
def withdrawal(request: StaffRequest, pack_id: int) -> HttpResponse:
    gone = actions.withdraw_draft(None, by=request.user, pack_id=pack_id)
    messages.success(request, _("The draft is withdrawn."))
    return back_to(request, reverse("rulebook:pack", args=[gone.name]))
