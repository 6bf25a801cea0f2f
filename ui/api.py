"""How an API view is served: who asks is settled first, then the same page() as for every page."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ui.pages import page
from ui.paging import Page
from ui.parsers import Json

KEY_LENGTH = 100  # of an Idempotency-Key; cut off, two keys could be one
VERBS = ("get", "post", "put", "patch", "delete")


class ApiView(APIView):
    """Base of all API views. DRF authenticates (token or session), then each verb runs inside page():

    one transaction that carries the person, the same lock and audit, an Idempotency-Key remembered in it.
    Whoever is not logged in gets 401 and no redirect.
    """

    # A view with a POST says here how to look anew before its answer is given again: (request, **kwargs).
    again: ClassVar[Callable[..., None] | None] = None

    authentication_classes = [TokenAuthentication, SessionAuthentication]  # the first one makes it a 401
    parser_classes = [Json]
    # Of the settings, where the rooms above add theirs; said here so that no view of a package says less.
    permission_classes = APIView.permission_classes

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for verb in VERBS:
            if verb in cls.__dict__:
                setattr(cls, verb, _inside_page(cls.__dict__[verb]))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A program that forgot TLS must notice: sent on, its key would go on travelling in the open."""
        if settings.HTTPS and not request.is_secure():
            raise PermissionDenied(_("Only over TLS: ask https:// and have this key replaced."))
        super().initial(request, *args, **kwargs)

    def _again(self, request: Request, kwargs: dict[str, Any]) -> Callable[..., None] | None:
        again = type(self).again
        return None if again is None else lambda _: again(request, **kwargs)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = login_not_required(super().as_view(**initkwargs))
        view.is_page = True  # type: ignore[attr-defined]  # tests/house/test_doors.py asks
        return view


def _inside_page(method: Callable[..., Response]) -> Callable[..., HttpResponse]:
    @wraps(method)
    def served(self: ApiView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        def rendered(__: HttpRequest) -> HttpResponse:
            # Rendered here, inside the transaction: page() remembers the body for a second call with its key.
            return self.finalize_response(request, method(self, request, *args, **kwargs)).render()

        _read(request)
        return page(rendered, again=self._again(request, kwargs))(request._request)

    return served


def _read(request: Request) -> None:
    """What was sent is understood, or refused (400, 415), before its key is remembered or a row is locked."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    request._request.body  # noqa: B018  # kept by Django, so that DRF may parse it and page() hash it
    request.data  # noqa: B018
    if len(request.headers.get("Idempotency-Key", "")) > KEY_LENGTH:
        raise ValidationError({"Idempotency-Key": [_("At most {n} characters.").format(n=KEY_LENGTH)]})


class Text(serializers.CharField):
    """A text is a text, as the description says: a number in its place was meant for another field."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class TextShape(OpenApiSerializerFieldExtension):
    """The description says what `trim_whitespace` does: a text of nothing but blanks is none."""

    target_class = Text
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        shape: dict[str, Any] = auto_schema._map_serializer_field(
            self.target, direction, bypass_extensions=True
        )
        filled = direction == "request" and not self.target.allow_blank
        return shape | {"pattern": r"\S"} if filled else shape


class Written(serializers.ModelSerializer):
    """A model's fields as a caller writes them, with texts that are texts."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: Text,
        models.TextField: Text,
    }


class ErrorSerializer(serializers.Serializer):
    """Why there is no answer. `fields` only for input that was not understood."""

    title = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    code = serializers.CharField(required=False, help_text="Where a program must do something else first.")

    def get_fields(
        self,
    ) -> dict[str, serializers.Field]:  # an attribute `fields` would hide the serializer's own
        return super().get_fields() | {
            "fields": serializers.DictField(
                child=serializers.ListField(child=serializers.CharField()), required=False
            )
        }


_ERRORS = {400: ErrorSerializer, 401: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer}


def answers(good: dict[int, Any], *more: int) -> dict[int, Any]:
    """For extend_schema(responses=…): what goes well, and the errors every address can give."""
    return good | _ERRORS | dict.fromkeys(more, ErrorSerializer)


def paged(row: type[serializers.Serializer]) -> Any:
    """The shape of a keyset page of these rows."""
    name = row.__name__.removesuffix("Serializer")
    return inline_serializer(
        f"{name}Page",
        {
            "results": row(many=True),
            "after": serializers.IntegerField(
                allow_null=True, help_text="Ask with after=… for the next page; null: there is none."
            ),
            "before": serializers.IntegerField(allow_null=True, help_text="The same towards the beginning."),
            "count": serializers.IntegerField(allow_null=True),
            "capped": serializers.BooleanField(help_text="There are more than `count`; nobody counted them."),
        },
    )


def page_answer(rows: Page[Any], row: type[serializers.Serializer], **context: Any) -> Response:
    return Response(
        {
            "results": row(rows.rows, many=True, context=context).data,
            "after": rows.after,
            "before": rows.before,
            "count": rows.count,
            "capped": rows.capped,
        }
    )


def asked_by(form: forms.Form) -> dict[str, Any]:
    """What the query asks, by the same form as the page; unlike there, a wrong value is a 400."""
    if not form.is_valid():
        raise ValidationError({name: [str(each) for each in found] for name, found in form.errors.items()})
    return {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}


def parameters_of(form: type[forms.Form], **kwargs: Any) -> list[OpenApiParameter]:
    """The fields of a filter form as query parameters of the description."""
    return [_parameter(name, field) for name, field in form(None, **kwargs).fields.items()]


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    choices = [str(value) for value, __ in getattr(field, "choices", [])]
    whole = isinstance(field, forms.IntegerField)
    shape: dict[str, Any] = {"type": "integer" if whole else "string"}
    for validator in field.validators:
        if isinstance(validator, RegexValidator):
            shape["pattern"] = re.compile(validator.regex).pattern
    for attribute, word in (
        ("min_value", "minimum"),
        ("max_value", "maximum"),
        ("max_length", "maxLength"),
        ("min_length", "minLength"),
    ):
        if (bound := getattr(field, attribute, None)) is not None:
            shape[word] = bound
    # An empty value is no filter, as in a form that was sent with nothing chosen.
    if choices:
        shape["enum"] = choices if field.required or "" in choices else ["", *choices]
    elif not field.required and (whole or shape.keys() & {"pattern", "minLength"}):
        shape = {"anyOf": [shape, {"type": "string", "maxLength": 0}]}
    return OpenApiParameter(name, shape, description=str(field.label or ""))
