"""Portfolio reviews: which are due, one prepared in a click, held and handed over as a paper."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from compliance.selectors import refusals_to_go_on
from reviews import actions, rules, selectors
from reviews.forms import DueFilter, PrepareForm, RecordForm
from reviews.models import Review
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, may_be_asked_for, or_404, page, show
from ui.refusals import NotVisible, refuse_if

may_be_asked_for("reviews/due_list.html", "reviews")
may_be_asked_for("reviews/preparation.html", "preparation")


@require_http_methods(["GET", "POST"])
@page
def due_list(request: StaffRequest) -> HttpResponse:
    """GET: the reviews that are due. POST: prepare one for `client`, valued today or on `as_of`."""
    if request.method == "POST":
        return _prepare(request)
    form = DueFilter(request.GET)
    today = timezone.localdate()
    due = selectors.due_list(request.user, form.asked, today)
    show_list(request.user, "reviews", form.asked, [line.mandate.client_id for line in due.lines])
    return show(
        request,
        "reviews/due_list.html",
        {
            "form": form,
            "due": due,
            "page": due.page,
            "today": today,
            "currency": settings.REPORTING_CURRENCY,
            "may_hold": request.user.may(May.REVIEWS_HOLD),
        },
    )


def _prepare(request: StaffRequest) -> HttpResponse:
    form = PrepareForm(request.POST)
    if not form.is_valid() and "client" in form.errors:
        raise NotVisible("reviews: no such client")
    refuse_if([_("This is no day on which a portfolio can be valued.")] if form.errors else [])
    prepared = actions.prepare_review(
        form.cleaned_data["client"], by=request.user, as_of=form.cleaned_data["as_of"]
    )
    messages.success(request, _("Prepared: the portfolio is valued and its findings are listed."))
    return back_to(request, reverse("reviews:review", args=[prepared.pk]))


@require_GET
@page
def preparation(request: StaffRequest, client_id: int) -> HttpResponse:
    """The button that prepares a review of today, or of ?on= that day; the portfolio's page fetches it."""
    client = open_file(request.user, client_id, why="prepare a review")
    form, today = PrepareForm({"client": client_id, "as_of": request.GET.get("on", "")}), timezone.localdate()
    as_of = (form.cleaned_data.get("as_of") if form.is_valid() else None) or today
    found = selectors.basis(client, as_of, today)
    return show(
        request,
        "reviews/preparation.html",
        {
            "client": client,
            "as_of": as_of.isoformat(),
            "refusals": selectors.refusals_to_prepare(client, found, as_of, today),
            "may_hold": request.user.may(May.REVIEWS_HOLD),
        },
    )


@require_http_methods(["GET", "POST"])
@page
def review(request: StaffRequest, review_id: int) -> HttpResponse:
    """The page to hold the talk with. POST keeps what was written so far."""
    found = _opened(request, review_id)
    form = RecordForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "held_on"}
        actions.record_talk(review_id, by=request.user, **said)
        messages.success(request, _("Kept. Hold the review when the talk is over."))
        return back_to(request, reverse("reviews:review", args=[review_id]))
    return _page(request, found, form)


@require_POST
@page
def minutes(request: StaffRequest, review_id: int) -> HttpResponse:
    """The talk is over: fix its record and make the paper."""
    found = _opened(request, review_id)
    today, state = timezone.localdate(), found.state
    form = RecordForm(
        request.POST,
        instance=found,
        refusals=lambda record: rules.refusals_to_hold(
            state=state, findings=found.findings, as_of=found.as_of, today=today, **record
        ),
    )
    if form.is_valid():
        actions.hold_review(review_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Held. The report for the client is on file."))
        return back_to(request, reverse("reviews:review", args=[review_id]))
    return _page(request, found, form)


def _opened(request: StaffRequest, review_id: int) -> Review:
    found = or_404(selectors.review_opened(review_id, request.user), f"reviews.Review {review_id}")
    found.client = open_file(request.user, found.client_id, why="portfolio review")
    return found


def _page(request: StaffRequest, found: Review, form: RecordForm) -> HttpResponse:
    return show(
        request,
        "reviews/review.html",
        {
            "review": found,
            "client": found.client,
            "form": form,
            "agenda": selectors.agenda(found),
            "blocks": rules.blocks(found.findings),
            "may_hold": request.user.may(May.REVIEWS_HOLD),
            "stopped": refusals_to_go_on(found.client_id),
        },
        status=422 if form.errors else 200,
    )
