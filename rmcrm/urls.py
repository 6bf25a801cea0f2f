"""Every address of the house. tests/house/test_doors.py walks through all of them."""

from django.urls import URLPattern, URLResolver, include, path

import dashboards.views
from rmcrm.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", dashboards.views.home, name="home"),
    path("clients/<int:client_id>/", dashboards.views.client, name="client"),
    path("clients/", include("clients.urls")),
    path("accounts/", include("staff.urls")),
]
