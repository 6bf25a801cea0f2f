"""What the front door does once, when all rooms are there.

It tells the screen which columns are private, and has the database's role looked at before it is used.
"""

from django.apps import AppConfig, apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from rmcrm import standing
from ui import screen

# No client's file owns these, and yet they tell of one.
ALSO = {
    "clients.Barrier",
    "clients.BarrierFile",
    "clients.BarrierProposal",
    "clients.Household",
    "cockpit.Handover",
    "compliance.LargeExport",
    "suspicion.Case",
    "suspicion.Entry",
    "suspicion.Filing",
    "suspicion.FiuRequest",
    "onboarding.ImportProblem",
    "onboarding.StagedClient",
}
NAMES = {"subject", "attendees", "holder", "words"}
NUMBERS = {
    "number",
    "value",
    "reference",
    "account_to",
    "funded_from",
    "passport",
    "id_card",
    "register",
    "lei",
    "tax_number",
    "phone",
    "second_phone",
}
LONG = 100  # letters: what is shorter and no number is a code of ours
OF_STAFF = {"by_name", "taken_by_name", "answered_by_name", "content_type"}


class Rmcrm(AppConfig):
    name = "rmcrm"

    def ready(self) -> None:
        standing.watch()
        for model in apps.get_models():
            if hasattr(model, "client_path") or model._meta.label in ALSO:
                for column in model._meta.local_fields:
                    if kind := kind_of(model, column):
                        screen.watch(column, kind)


def kind_of(model: type[models.Model], column: models.Field) -> str:
    """How private a column is: "client" (other clients' in a presentation), "name", "text", or "" for a code.

    A new column of text on a client's file is private until somebody names it above.
    """
    if column.choices or column.name in OF_STAFF or isinstance(column, models.FileField):
        return ""
    if isinstance(column, ArrayField | models.JSONField):
        return "name" if column.name in NAMES else "text"
    if not isinstance(column, models.CharField | models.TextField):
        return ""
    if model._meta.label == "clients.Client" and column.name in ("name", "number"):
        return "client"
    if "name" in column.name or column.name in NAMES:
        return "name"
    long = isinstance(column, models.TextField) or (column.max_length or LONG) >= LONG
    return "text" if long or column.name in NUMBERS else ""
