"""The team board, and the lists behind its figures."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clients.access import show_list
from dashboards.selectors import team as selectors
from onboarding.selectors import endings_waiting, waiting
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import or_404, page, show
from ui.refusals import NotPermitted

SHOWN = 8


@require_GET
@page
def team(request: StaffRequest) -> HttpResponse:
    """Book, activity, pipeline and overdue duties of each RM below the person."""
    _may_see(request)
    board = selectors.team(request.user, timezone.now())
    endings = endings_waiting(request.user, SHOWN)
    if endings:
        show_list(request.user, "relationships to end", {}, [each.ending.client_id for each in endings])
    openings = waiting(request.user, SHOWN)
    if openings:
        show_list(request.user, "openings to decide", {}, [each.approval.client_id for each in openings])
    return show(
        request,
        "dashboards/team.html",
        {
            "team": board,
            "endings": endings,
            "openings": openings,
            "today": board.on,
            "may_approve": request.user.may(May.ONBOARDING_APPROVE),
            **_chart(board),
        },
    )


def _chart(board: selectors.Team) -> dict:
    """Contacts per RM, this month and last month to the same day."""
    rows = [row for row in board.rows if row.owner]
    return {
        "labels": [row.owner.name for row in rows if row.owner],
        "series": [
            {"name": _("This month"), "values": [row.contacts for row in rows]},
            {"name": _("Last month to the same day"), "values": [row.contacts_before for row in rows]},
        ],
    }


@require_GET
@page
def team_duties(request: StaffRequest, book_id: int) -> HttpResponse:
    """The late alerts of one book, as the board counts them."""
    _may_see(request)
    only = request.GET.get("only", "")
    book, shown, count = selectors.duties(request.user, book_id, only)
    or_404(book, f"staff.Book {book_id}")
    show_list(request.user, "overdue duties", {"only": only}, [item.client.pk for item in shown])
    tabs = [
        {"label": label, "url": f"?only={code}" if code else "?", "active": only == code}
        for code, label in (
            ("", _("Everything late")),
            ("contact", _("Contacts")),
            ("tasks", _("Tasks and promises")),
        )
    ]
    return show(
        request,
        "dashboards/team_duties.html",
        {"book": book, "shown": shown, "count": count, "tabs": tabs, "today": timezone.localdate()},
    )


def _may_see(request: StaffRequest) -> None:
    if not request.user.may(May.TEAM_SEE):
        raise NotPermitted(May.TEAM_SEE)
