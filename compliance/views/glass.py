"""Break-glass: the form, giving back, and the desk where compliance looks at every use."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from compliance import actions, forms, selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show


@require_http_methods(["GET", "POST"])
@page
def glass_new(request: StaffRequest) -> HttpResponse:
    """For who must open a file that is not theirs. The number goes by POST alone: no address holds it."""
    only_with(request, May.GLASS_BREAK)
    told = selectors.glass_form(request.user)
    form = forms.BreakForm(request.POST or None, letters=told.letters)
    if request.method == "POST" and form.is_valid():
        use = actions.break_glass(None, by=request.user, **form.cleaned_data)
        messages.success(request, _("The file is open. Its owner and compliance were told."))
        return back_to(request, reverse("client", args=[use.client_id]))
    status = 422 if form.errors else 200
    return show(request, "compliance/glass_new.html", {"form": form, "told": told}, status=status)


@require_POST
@page
def glass_end(request: StaffRequest, client_id: int) -> HttpResponse:
    """Give it back now."""
    actions.give_back(client_id, by=request.user)
    messages.success(request, _("The file is closed again. Compliance reviews the use."))
    return back_to(request, reverse("home"))


@require_GET
@page
def glass_list(request: StaffRequest) -> HttpResponse:
    """What waits for a review, what is overdue, what was found."""
    only_with(request, May.ACCESS_AUDIT)
    form, today = forms.GlassFilter(request.GET), timezone.localdate()
    found = selectors.glass_list(request.user, form.asked, today)
    show_list(request.user, "uses of break-glass", form.asked, [each.client_id for each in found])
    return show(request, "compliance/glass_list.html", {"form": form, "page": found, "today": today})


@require_GET
@page
def glass_use(request: StaffRequest, use_id: int) -> HttpResponse:
    """One use, with what was opened in the hour."""
    only_with(request, May.ACCESS_AUDIT)
    return _shown(request, use_id, forms.UseReviewForm())


def _shown(request: StaffRequest, use_id: int, form: forms.UseReviewForm) -> HttpResponse:
    found = or_404(selectors.use_page(request.user, use_id), f"compliance.GlassUse {use_id}")
    open_file(request.user, found.use.client_id, why="review a use of break-glass")
    return show(
        request,
        "compliance/glass_use.html",
        {
            "found": found,
            "use": found.use,
            "form": form,
            "today": timezone.localdate(),
            "may_review": request.user.may(May.GLASS_REVIEW),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@page
def glass_review(request: StaffRequest, use_id: int) -> HttpResponse:
    """Justified or not, in words."""
    only_with(request, May.GLASS_REVIEW)
    form = forms.UseReviewForm(request.POST)
    if not form.is_valid():
        return _shown(request, use_id, form)
    actions.review_use(use_id, by=request.user, **form.cleaned_data)
    messages.success(request, _("Reviewed. The use stays in the list with your words."))
    return back_to(request, reverse("compliance:glass"))
