"""Labels of coded fields, found without asking for all of them."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.encoding import force_str


class Labelled(models.Model):
    """A base of models whose `get_FIELD_display` looks the one label up.

    Django's own hashes every label of the field each time, which translates them all: that was a twentieth of
    a client's page.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)


@cache
def _labels(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)
