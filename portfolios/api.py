"""The API of the portfolios room: the same valuation as the page."""

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from clients.access import open_file
from clients.forms import IdentifiersForm
from clients.identifiers import show_all_of
from clients.rules.identifiers import masked
from portfolios import selectors
from portfolios.forms import FIRST_DAY, DayForm
from portfolios.rules import Balance
from staff.requests import StaffCall
from ui.api import ApiView, answers, asked_by, parameters_of

MONEY: dict[str, Any] = {"max_digits": 24, "decimal_places": 2, "allow_null": True}
PERCENT: dict[str, Any] = {"max_digits": 12, "decimal_places": 4, "allow_null": True}
# A description has no word for "not before 2000-01-01", so it is a pattern.
ON = OpenApiParameter(
    "on",
    {
        "anyOf": [
            {"type": "string", "format": "date", "pattern": "^[2-9]"},
            {"type": "string", "maxLength": 0},
        ]
    },
    description=f"A day since {FIRST_DAY}. Left out, or a day to come: today.",
)


class PositionSerializer(serializers.Serializer):
    """A holding valued. `value` and `weight` are null when a price or a rate is missing; `why` says it."""

    product = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.name")
    asset_class = serializers.CharField(source="item.asset_class")
    currency = serializers.CharField(source="item.currency")
    quantity = serializers.DecimalField(source="item.quantity", max_digits=20, decimal_places=6)
    price = serializers.DecimalField(
        source="item.quote.close", max_digits=18, decimal_places=6, allow_null=True, default=None
    )
    price_on = serializers.DateField(source="item.quote.on", allow_null=True, default=None)
    price_source = serializers.CharField(source="item.quote.source", allow_null=True, default=None)
    value = serializers.DecimalField(**MONEY)
    weight = serializers.DecimalField(**PERCENT)
    gain = serializers.DecimalField(**PERCENT)
    why = serializers.CharField()


class BalanceSerializer(serializers.Serializer):
    account = serializers.SerializerMethodField(
        help_text="The number's end, or with identifiers=full the number."
    )
    kind = serializers.CharField(source="money.kind")
    currency = serializers.CharField(source="money.currency")
    balance = serializers.DecimalField(source="money.balance", max_digits=18, decimal_places=2)
    balance_on = serializers.DateField(source="money.balance_on", allow_null=True)
    value = serializers.DecimalField(**MONEY)
    why = serializers.CharField()

    def get_account(self, row: Balance) -> str:
        return row.money.number if self.context.get("in_full") else masked(row.money.number)


class ShareSerializer(serializers.Serializer):
    asset_class = serializers.CharField()
    value = serializers.DecimalField(max_digits=24, decimal_places=2)
    weight = serializers.DecimalField(max_digits=12, decimal_places=4)
    target = serializers.DecimalField(
        source="target.target", max_digits=5, decimal_places=2, allow_null=True, default=None
    )
    outside = serializers.BooleanField()


class FindingSerializer(serializers.Serializer):
    code = serializers.CharField()
    subject = serializers.CharField()
    sentence = serializers.CharField()
    rule = serializers.CharField()
    blocks = serializers.BooleanField()


class HoldingsSerializer(serializers.Serializer):
    """A client's wealth on one day in the client's currency; no total when a figure is missing."""

    on = serializers.DateField()
    currency = serializers.CharField()
    total = serializers.DecimalField(**MONEY)
    debts = serializers.DecimalField(**MONEY)
    missing = serializers.ListField(child=serializers.CharField())
    positions = PositionSerializer(many=True)
    balances = BalanceSerializer(many=True)
    allocation = ShareSerializer(many=True)
    findings = FindingSerializer(many=True)


class Holdings(ApiView):
    @extend_schema(
        operation_id="holdings",
        parameters=[ON, *parameters_of(IdentifiersForm)],
        responses=answers({200: HoldingsSerializer}, 409),
    )
    def get(self, request: StaffCall, client_id: int) -> Response:
        """What a client holds, valued today or on a day of the past, and what there is to say about it."""
        asked = asked_by(DayForm(request.query_params))
        client = open_file(request.user, client_id, why="holdings")
        today = timezone.localdate()
        valued = selectors.valued_holdings(client, min(asked.get("on") or today, today))
        if in_full := bool(asked_by(IdentifiersForm(request.query_params))):
            show_all_of(client, by=request.user)
        return Response(HoldingsSerializer(valued, context={"in_full": in_full}).data)


api_urls = [path("clients/<int:client_id>/holdings/", Holdings.as_view(), name="holdings")]
