"""The API of the clients room: the same lists, files and verbs as its pages."""

from datetime import date
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from clients import actions, selectors
from clients.access import open_file, show_list
from clients.forms import ClientFilter, IdentifiersForm, PlaceForm
from clients.identifiers import show_all_of
from clients.models import Client, ContactPoint, Interaction, Party, PartyKind, Task
from staff.requests import StaffCall
from ui.api import ApiView, Written, answers, asked_by, page_answer, paged, parameters_of

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 100},
    OpenApiParameter.HEADER,
    description="The same key and body again give the first answer again; another body gives 409.",
)


class ClientSerializer(serializers.ModelSerializer):
    """A row of the clients list. `value` is in `currency`, the bank's reporting currency."""

    book = serializers.IntegerField(source="book_id")
    currency = serializers.SerializerMethodField()

    class Meta:
        model = Client
        fields = [
            "id",
            "number",
            "kind",
            "name",
            "segment",
            "stage",
            "state",
            "domicile",
            "risk",
            "value",
            "currency",
            "kyc_due_on",
            "last_contact_on",
            "book",
        ]
        read_only_fields = fields

    def get_currency(self, _: Client) -> str:
        return settings.REPORTING_CURRENCY


class ContactPointSerializer(serializers.ModelSerializer):
    class Meta:
        model = ContactPoint
        fields = ["id", "kind", "value", "preferred"]
        read_only_fields = fields


class PartySerializer(serializers.ModelSerializer):
    contact_points = ContactPointSerializer(many=True, read_only=True)
    born_on = serializers.SerializerMethodField(
        help_text="Of a person null, unless asked for with identifiers=full."
    )

    class Meta:
        model = Party
        fields = [
            "id",
            "kind",
            "is_client",
            "name",
            "native_name",
            "born_on",
            "nationality",
            "residence",
            "contact_points",
        ]
        read_only_fields = fields

    def get_born_on(self, party: Party) -> date | None:
        open_to_all = party.kind != PartyKind.PERSON
        return party.born_on if open_to_all or self.context.get("in_full") else None


class ClientFileSerializer(ClientSerializer):
    """A client file with everyone on it."""

    parties = PartySerializer(many=True, read_only=True)
    household = serializers.IntegerField(source="household_id", allow_null=True)
    thinks_in = serializers.CharField(source="currency", help_text="The client's own currency.")

    class Meta(ClientSerializer.Meta):
        fields = [
            *ClientSerializer.Meta.fields,
            "thinks_in",
            "language",
            "preferred_channel",
            "preferences",
            "since_on",
            "vulnerable",
            "household",
            "parties",
        ]
        read_only_fields = fields


class InteractionSerializer(Written):
    by = serializers.CharField(source="by.login", read_only=True)

    class Meta:
        model = Interaction
        fields = [
            "id",
            "channel",
            "purpose",
            "summary",
            "at",
            "minutes",
            "outbound",
            "place",
            "attendees",
            "jurisdiction",
            "products",
            "advice_given",
            "order_details",
            "inducement",
            "recording",
            "follow_up",
            "off_channel",
            "late_reason",
            "notes",
            "by",
            "logged_at",
        ]
        read_only_fields = ["id", "by", "logged_at"]
        extra_kwargs = {
            "at": {"required": False, "help_text": "Left out, it is now."},
            "late_reason": {
                "help_text": "Asked for when it took place longer ago than the bank allows (409)."
            },
        }


class TaskSerializer(Written):
    client = serializers.IntegerField(source="client_id")

    class Meta:
        model = Task
        fields = ["id", "client", "kind", "title", "due_on", "starts_at", "promise"]
        read_only_fields = fields


# A name in the address would stay wherever addresses are kept on the way.
BY_NAME = OpenApiParameter(
    "Client-Name", str, OpenApiParameter.HEADER, description="Name, in UTF-8, percent-encoded"
)


class ClientList(ApiView):
    @extend_schema(
        operation_id="clients_list",
        parameters=[each for each in parameters_of(ClientFilter) if each.name != "name"] + [BY_NAME],
        responses=answers({200: paged(ClientSerializer)}),
    )
    def get(self, request: StaffCall) -> Response:
        """The clients you may see, filtered and sorted as on the page."""
        if "name" in request.query_params:
            raise ValidationError(
                {"name": [_("Send the name in the header Client-Name, not in the address.")]}
            )
        given = request.query_params.dict() | {"name": unquote(request.headers.get("Client-Name", ""))}
        asked = asked_by(ClientFilter(given))
        clients = selectors.client_page(request.user, asked, timezone.localdate())
        show_list(request.user, "clients", asked, [client.pk for client in clients])
        return page_answer(clients, ClientSerializer)


class ClientFile(ApiView):
    @extend_schema(
        operation_id="clients_retrieve",
        parameters=parameters_of(IdentifiersForm),
        responses=answers({200: ClientFileSerializer}, 409),
    )
    def get(self, request: StaffCall, client_id: int) -> Response:
        """One client file. Opening it is recorded, and so is asking for what is masked."""
        asked = asked_by(IdentifiersForm(request.query_params))
        client = open_file(request.user, client_id, why="API")
        if in_full := bool(asked):
            show_all_of(client, by=request.user)
        parties = selectors.with_parties(client)
        return Response(ClientFileSerializer(parties, context={"in_full": in_full}).data)


class InteractionList(ApiView):
    @staticmethod
    def again(request: StaffCall, client_id: int) -> None:
        """The client may have been handed over since the first answer."""
        open_file(request.user, client_id, why="API: sent again")

    @extend_schema(
        operation_id="interactions_list",
        parameters=parameters_of(PlaceForm),
        responses=answers({200: paged(InteractionSerializer)}),
    )
    def get(self, request: StaffCall, client_id: int) -> Response:
        """The contacts with a client, the latest first."""
        place = asked_by(PlaceForm(request.query_params))
        client = open_file(request.user, client_id, why="API: contacts")
        return page_answer(selectors.interaction_list(client, **place), InteractionSerializer)

    @extend_schema(
        operation_id="interactions_create",
        parameters=[IDEMPOTENCY_KEY],
        request=InteractionSerializer,
        responses=answers({201: InteractionSerializer}, 409, 415),
    )
    def post(self, request: StaffCall, client_id: int) -> Response:
        """Log a contact that took place."""
        asked = InteractionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        record: dict[str, Any] = {"at": timezone.now(), **asked.validated_data}
        asked.instance = actions.log_interaction(client_id, by=request.user, **record)
        return Response(asked.data, status=201)


class TaskList(ApiView):
    @extend_schema(
        operation_id="tasks_list",
        parameters=parameters_of(PlaceForm),
        responses=answers({200: paged(TaskSerializer)}),
    )
    def get(self, request: StaffCall) -> Response:
        """Your open tasks, the earliest due first."""
        tasks = selectors.task_list(request.user, **asked_by(PlaceForm(request.query_params)))
        show_list(request.user, "tasks", {}, [task.client_id for task in tasks])
        return page_answer(tasks, TaskSerializer)


api_urls = [
    path("clients/", ClientList.as_view(), name="clients"),
    path("clients/<int:client_id>/", ClientFile.as_view(), name="client"),
    path("clients/<int:client_id>/interactions/", InteractionList.as_view(), name="interactions"),
    path("tasks/", TaskList.as_view(), name="tasks"),
]
