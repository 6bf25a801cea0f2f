"""Every address of the house. tests/house/test_doors.py walks through all of them."""

from django.urls import URLPattern, URLResolver, include, path

from alerts.views import inbox, outbox
from clients.views.search import search
from dashboards.views.client import client
from dashboards.views.compliance import compliance
from dashboards.views.history import file_history
from dashboards.views.home import day_call, home, my_day
from dashboards.views.packs import file_pack, file_pack_file
from dashboards.views.team import team, team_duties
from rmcrm.health import healthz
from rmcrm.identifiers import identifier
from rmcrm.views import job, policy_report, screen

handler400 = "rmcrm.views.not_understood"
handler404 = "rmcrm.views.not_found"
handler500 = "rmcrm.views.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("policy-reports/", policy_report, name="policy_report"),
    path("", home, name="home"),
    path("screen/", screen, name="screen"),
    path("day/", my_day, name="my_day"),
    path("day/clients/<int:client_id>/call/", day_call, name="day_call"),
    path("team/", team, name="team"),
    path("team/books/<int:book_id>/duties/", team_duties, name="team_duties"),
    path("inbox/", inbox, name="inbox"),
    path("outbox/", outbox, name="outbox"),
    path("alerts/", include("alerts.urls")),
    path("retention/", include("retention.urls")),
    path("handovers/", include("cockpit.urls")),
    path("jobs/<int:job_id>/", job, name="job"),
    path("clients/<int:client_id>/", client, name="client"),
    path("clients/<int:client_id>/history/", file_history, name="file_history"),
    path("clients/<int:client_id>/history/packs/", file_pack, name="file_pack"),
    path("history/packs/<int:job_id>/file.zip", file_pack_file, name="file_pack_file"),
    path("identifiers/<slug:kind>/<int:pk>/", identifier, name="identifier"),
    path("clients/", include("clients.urls")),
    path("search/", search, name="search"),
    path("api/v1/", include(("rmcrm.api", "api"))),
    path("opportunities/", include("opportunities.urls")),
    path("portfolios/", include("portfolios.urls")),
    path("needs/", include("needs.urls")),
    path("reviews/", include("reviews.urls")),
    path("compliance/", compliance, name="compliance"),
    path("compliance/", include("compliance.urls")),
    path("onboarding/", include("onboarding.urls")),
    path("suspicion/", include("suspicion.urls")),
    path("rules/", include("rulebook.urls")),
    path("accounts/", include("staff.urls")),
]
