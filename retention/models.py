"""What retention remembers: what a client was worth, to compare a client with itself."""

from django.db import models
from django.db.models import Q

from clients.models import OnFile


class QuarterValue(OnFile):
    """A client's assets at the end of a quarter, in the reporting currency."""

    client = models.ForeignKey(
        "clients.Client", models.CASCADE, related_name="quarter_values", db_index=False
    )  # the constraint's index serves
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "on"], name="a_client_has_one_value_a_quarter"),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_quarter_value_is_not_negative"),
        ]
