"""The forms on the pages that compose several rooms."""

from django import forms

from clients.models import Channel, Interaction, Purpose
from compliance.forms import AuditExportForm
from ui.forms import Look


class CallForm(Look, forms.ModelForm):
    """Log a contact from a row: how, what about, one sentence. It was now; the whole form is a link away."""

    class Meta:
        model = Interaction
        fields = ["channel", "purpose", "summary"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].initial = Channel.CALL
        self.fields["purpose"].initial = Purpose.SERVICE
        self.fields["summary"].widget.attrs |= {"autofocus": True, "autocomplete": "off"}


class PackForm(AuditExportForm):
    """A regulator pack: the instant that is looked at, and of which days the audit goes along."""

    at = forms.DateTimeField(widget=forms.HiddenInput)
