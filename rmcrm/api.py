"""The API's front door: one list of addresses, one way to answer a refusal."""

from typing import Any

from django.http import Http404
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from audit.record import AuditUnavailable
from clients.api import api_urls as clients
from portfolios.api import api_urls as portfolios
from ui.api import ApiView
from ui.refusals import NotPermitted, NotVisible, Refused
from vault.cipher import Unreadable


class Schema(ApiView, SpectacularAPIView):
    """The description of this API, for whoever may use it."""

    renderer_classes = [OpenApiJsonRenderer2]  # plain application/json, for errors too

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


# Every room adds its own line.
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="schema"),
    *clients,
    *portfolios,
]


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Let refusals pass to rmcrm.middleware.Answers, which answers them alike for pages and API.

    What DRF itself refuses (not logged in, not understood) gets the same shape: title, reasons, fields.
    """
    if isinstance(error, NotVisible | NotPermitted | Refused | AuditUnavailable | Unreadable):
        raise error
    if isinstance(error, Http404):
        raise NotVisible("api")
    response = exception_handler(error, context)
    if response is not None:
        response.data = _shaped(error, response)
    return response


def _shaped(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, ValidationError) and isinstance(response.data, dict):
        fields = {
            name: [str(each) for each in (found if isinstance(found, list) else [found])]
            for name, found in response.data.items()
        }
        reasons = [f"{name}: {' '.join(found)}" for name, found in fields.items()]
        return {"title": _("Not understood"), "reasons": reasons, "fields": fields}
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else response.data
    reasons = [str(each) for each in (detail if isinstance(detail, list) else [detail])]
    titles = {status.HTTP_401_UNAUTHORIZED: _("Not logged in"), status.HTTP_403_FORBIDDEN: _("Not permitted")}
    told = {"title": titles.get(response.status_code, _("Not understood")), "reasons": reasons}
    code = getattr(detail, "code", "")
    return told | ({"code": code} if code == "second_factor_required" else {})
