"""Every address of the house. tests/house/test_doors.py walks through all of them."""

from django.urls import URLPattern, URLResolver, include, path

from clients.views.search import search
from dashboards.views.client import client
from dashboards.views.home import home
from rmcrm.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", home, name="home"),
    path("clients/<int:client_id>/", client, name="client"),
    path("clients/", include("clients.urls")),
    path("search/", search, name="search"),
    path("opportunities/", include("opportunities.urls")),
    path("portfolios/", include("portfolios.urls")),
    path("accounts/", include("staff.urls")),
]
