"""What a person sees first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ui.pages import page, show


@require_GET
@page
def home(request: HttpRequest) -> HttpResponse:
    return show(request, "dashboards/my_day.html", {})
