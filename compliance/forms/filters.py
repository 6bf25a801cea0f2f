"""Filters of lists, as they stand in an address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Channel, Risk, Segment
from compliance.models import ScreeningHit
from ui.forms import DateInput, Filter

CLOCKS = [
    ("", _("All")),
    ("overdue", _("Overdue")),
    ("late_long", _("Overdue for more than 90 days")),
    ("late", _("Overdue for up to 90 days")),
    ("due_30", _("Due in 30 days")),
    ("due_60", _("Due in 31 to 60 days")),
    ("due_90", _("Due in 61 to 90 days")),
]


class KycFilter(Filter):
    clock = forms.ChoiceField(label=_("Due"), choices=CLOCKS, required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=[("", _("All")), *Risk.choices], required=False)
    segment = forms.ChoiceField(
        label=_("Segment"), choices=[("", _("All")), *Segment.choices], required=False
    )


class HitFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Undecided")), *ScreeningHit.State.choices], required=False
    )
    until_score = forms.IntegerField(label=_("Score at most"), required=False, min_value=0, max_value=100)


class InteractionFilter(Filter):
    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        help_text=_("In summary and notes; “…” keeps words together."),
    )
    person = forms.CharField(label=_("Logged by (login)"), required=False, max_length=150)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All")), *Channel.choices], required=False
    )
    number = forms.CharField(label=_("Client number"), required=False, max_length=30)
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until_on = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    client = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class OpeningFilter(Filter):
    person = forms.CharField(label=_("Opened by (login)"), required=False, max_length=150)
    number = forms.CharField(label=_("Client number"), required=False, max_length=30)
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until_on = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    client = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class DryRunFilter(Filter):
    levels = [("", _("All")), *Risk.choices]
    before_level = forms.ChoiceField(label=_("Rating now"), choices=levels, required=False)
    after_level = forms.ChoiceField(label=_("Rating then"), choices=levels, required=False)
    book = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class RecordFilter(Filter):
    record = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
