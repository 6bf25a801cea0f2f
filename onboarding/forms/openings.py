"""The shapes of input about onboarding."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.intake import TAKEN, TakesFile
from clients.rules.owners import Wrong
from onboarding import rules
from onboarding.models import Onboarding
from onboarding.rules.requirements import ages, wrongs_to_date_paper
from portfolios.models import ProductKind
from ui.forms import DateInput, Filter, Look

REASON_LABELS = {
    "wrong_category": _("Not the document that was asked for"),
    "other_person": _("Of another person or company"),
    "bad_image": _("Cannot be read"),
    "missing_page": _("A page is missing"),
    "expired": _("Expired"),
    "not_certified": _("Not certified"),
    "altered": _("Fake or altered"),
    "does_not_fit": _("Does not fit the client's profile"),
    "stolen_identity": _("May be a stolen identity"),
    "on_watch_list": _("On a watch list"),
    "facts_unclear": _("The KYC facts are unclear"),
    "documents_unclear": _("The documents do not suffice"),
    "products_unclear": _("The products do not fit the purpose"),
    "risk_too_high": _("The risk is above what the bank takes"),
    "funds_unexplained": _("The source of funds is not explained"),
    "false_papers": _("False papers"),
    "confirmed_match": _("Compliance advises against it"),
    "client_withdrew": _("The client does not want it any more"),
    "client_waits": _("The client asks to wait"),
    "question_to_client": _("A question to the client is open"),
    "compliance_asks": _("Compliance has a question"),
    "other": _("Another reason"),
}


def _reasons(codes: tuple[str, ...]) -> list[tuple[str, object]]:
    return [(code, REASON_LABELS[code]) for code in codes]


class OnboardingFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Running")), *Onboarding.State.choices], required=False
    )


class ProductsForm(Look, forms.Form):
    products = forms.MultipleChoiceField(
        label=_("Products wanted"),
        choices=ProductKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one product.")},
    )


class UploadForm(TakesFile, Look, forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=TAKEN,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"}),
    )
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DateInput())
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DateInput())

    def __init__(self, *args: Any, kind: str, figures: Mapping[str, Any], **kwargs: Any) -> None:
        """`kind` of the paper that is asked for; `figures` "onboarding" say how it ages."""
        super().__init__(*args, **kwargs)
        self.kind, self.figures = kind, figures
        if not ages(kind, figures):
            del self.fields["issued_on"]
        for wrong in self._wrongs(None, None):  # what an empty form lacks
            self.fields[wrong.field].required = True
            self.fields[wrong.field].error_messages["required"] = wrong.sentence

    def _wrongs(self, issued_on: date | None, expires_on: date | None) -> list[Wrong]:
        return wrongs_to_date_paper(self.kind, issued_on, expires_on, timezone.localdate(), self.figures)

    def clean(self) -> None:
        for wrong in self._wrongs(self.cleaned_data.get("issued_on"), self.cleaned_data.get("expires_on")):
            if wrong.field not in self.errors:
                self.add_error(wrong.field, wrong.sentence)


class DocumentReviewForm(Look, forms.Form):
    """Approve, or one of the reasons; what follows from the reason is its group."""

    reason = forms.ChoiceField(
        label=_("Not good enough because"),
        choices=[
            ("", _("Choose a reason")),
            (_("To revise"), _reasons(rules.REVISE_REASONS)),
            (_("Reject"), _reasons(rules.REJECT_REASONS)),
        ],
        required=False,
    )
    approve = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def verdict(self) -> str:
        if self.cleaned_data.get("approve"):
            return "approved"
        return "rejected" if self.cleaned_data["reason"] in rules.REJECT_REASONS else "to_revise"

    def clean(self) -> None:
        if not self.cleaned_data.get("approve") and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Choose a reason from the list."))


class DeclineForm(Look, forms.Form):
    reason = forms.ChoiceField(
        label=_("Not approved because"),
        choices=[
            ("", _("Choose a reason")),
            (_("Return for more work"), _reasons(rules.RETURN_REASONS)),
            (_("Reject the client"), _reasons(rules.REFUSE_REASONS)),
        ],
    )

    @property
    def verdict(self) -> str:
        return "returned" if self.cleaned_data["reason"] in rules.RETURN_REASONS else "rejected"


class HoldForm(Look, forms.Form):
    reason = forms.ChoiceField(
        label=_("It waits because"), choices=[("", _("Choose a reason")), *_reasons(rules.HOLD_REASONS)]
    )
    note = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed for another reason. Whoever sees the opening reads it."),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "reason" in told and "note" in told:
            for refusal in rules.refusals_to_say_why_held(told["reason"], told["note"]):
                self.add_error("note", refusal)
        return told
