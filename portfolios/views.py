"""A client's portfolio: what it is worth, how it is spread, what there is to say."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import open_file
from portfolios import selectors
from portfolios.forms import DayForm
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import page, show


@require_GET
@page
def portfolio(request: StaffRequest, client_id: int) -> HttpResponse:
    """Today, or a day of the past: /portfolios/7/?on=2026-03-06."""
    client = open_file(request.user, client_id, why="portfolio")
    form = DayForm(request.GET)
    today = timezone.localdate()
    on = min((form.cleaned_data.get("on") if form.is_valid() else None) or today, today)
    shown = selectors.portfolio(client, on)
    return show(
        request,
        "portfolios/portfolio.html",
        {
            "client": client,
            "shown": shown,
            "on": on,
            "as_of": on.isoformat(),
            "today": today,
            "may_review": request.user.may(May.REVIEWS_HOLD),
        },
    )
