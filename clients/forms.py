"""The shapes of input about clients."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Channel, Interaction, Purpose, Risk, Segment, State, Task

SORTS = [
    "name",
    "-value",
    "value",
    "last_contact_on",
    "-last_contact_on",
    "kyc_due_on",
    "-kyc_due_on",
    "-name",
]
DAYS = [
    ("30", _("30 days")),
    ("60", _("60 days")),
    ("90", _("90 days")),
    ("180", _("180 days")),
    ("365", _("A year")),
]


def _any(choices: list) -> list:
    return [("", _("All")), *choices]


class ClientFilter(forms.Form):
    """The filters of the clients list, as they stand in its URL. A wrong value is no filter and no error page."""

    name = forms.CharField(label=_("Name begins with"), required=False, max_length=80)
    segment = forms.ChoiceField(label=_("Segment"), choices=_any(Segment.choices), required=False)
    state = forms.ChoiceField(label=_("State"), choices=_any(State.choices), required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=_any(Risk.choices), required=False)
    silent = forms.ChoiceField(
        label=_("No contact for"), choices=[("", _("Any time")), *DAYS], required=False
    )
    kyc = forms.ChoiceField(
        label=_("KYC"),
        choices=[
            ("", _("All")),
            ("overdue", _("Overdue")),
            ("30", _("Due in 30 days")),
            ("90", _("Due in 90 days")),
        ],
        required=False,
    )
    book = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        choices=[(sort, sort) for sort in SORTS], required=False, widget=forms.HiddenInput
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    @property
    def asked(self) -> dict:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class InteractionForm(forms.ModelForm):
    """Log a contact: channel, purpose and one sentence are enough; the rest has good defaults."""

    class Meta:
        model = Interaction
        fields = [
            "channel",
            "purpose",
            "summary",
            "at",
            "minutes",
            "outbound",
            "place",
            "attendees",
            "advice_given",
            "notes",
        ]
        widgets = {
            "at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = timezone.localtime
        self.fields["channel"].initial = Channel.CALL
        self.fields["purpose"].initial = Purpose.SERVICE


class TaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["kind", "title", "due_on", "starts_at", "promise"]
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name of this view"), max_length=80)
    page = forms.CharField(max_length=50, widget=forms.HiddenInput)
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
