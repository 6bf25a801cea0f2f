"""Every address of the house. tests/house/test_doors.py walks through all of them."""

from django.urls import URLPattern, URLResolver, include, path

from rmcrm.health import healthz

ROOMS_WITH_PAGES: list[str] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    *[path(f"{room}/", include(f"{room}.urls")) for room in ROOMS_WITH_PAGES],
]
