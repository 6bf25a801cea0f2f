"""The words of two people about a hit."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from compliance.forms.filters import HitFilter, ticked, whole_filter
from compliance.rules import hits as rules
from staff.models import User
from ui.forms import Look

HIT_REASONS = {
    "other_birth_date": _("Another date of birth"),
    "other_country": _("Another country, and no tie to the listed one"),
    "other_person": _("Papers show another person or company"),
    "other_kind": _("Another kind: a person, a company, a vessel"),
    "common_name": _("A common name, and nothing else agrees"),
    "delisted": _("No longer on the list"),
    "same_papers": _("The same passport, identity or register number"),
    "same_birth": _("Name and date of birth agree"),
    "client_says": _("The client or public sources confirm it"),
    "unclear": _("The facts at hand do not decide it"),
    "papers_needed": _("Papers are needed from the client or the list's publisher"),
    "senior": _("A decision for a senior officer"),
}


CHANGE_LABELS = {"added": _("Added"), "amended": _("Amended"), "removed": _("Removed")}
MAX_BYTES = 200_000_000
VERDICTS = {"no_match": _("No match"), "match": _("Match"), "escalate": _("Escalate")}


class ProposeForm(Look, forms.Form):
    """A verdict with a reason that fits it; the verdict follows from the reason."""

    reason = forms.ChoiceField(
        label=_("Verdict and reason"),
        choices=[
            ("", _("Choose one")),
            *(
                (VERDICTS[verdict], [(code, HIT_REASONS[code]) for code in reasons])
                for verdict, reasons in rules.REASONS.items()
            ),
        ],
    )

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For colleagues and auditors; nobody else reads it."),
    )

    def __init__(self, *args: Any, state: str = "open", **kwargs: Any) -> None:
        """`state` of the hit: what is decided can only be overturned, what is passed on stays so."""
        super().__init__(*args, **kwargs)
        gone = {
            "cleared": ("no_match", "escalate"),
            "confirmed": ("match", "escalate"),
            "escalated": ("escalate",),
        }
        labels = [VERDICTS[verdict] for verdict in gone.get(state, ())]
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.choices = [choice for choice in cast(list[Any], field.choices) if choice[0] not in labels]

    @property
    def verdict(self) -> str:
        reason = self.cleaned_data["reason"]
        return next(verdict for verdict, reasons in rules.REASONS.items() if reason in reasons)


class BatchForm(forms.Form):
    """Ticked hits or all of a filter, and what to do with them: one reason of no match, "confirm", "to 7"."""

    hits = forms.TypedMultipleChoiceField(coerce=int, required=False)
    everything = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=500)
    form_key = forms.CharField(required=False, max_length=100)
    reason = forms.ChoiceField(label=_("With those ticked"))

    def __init__(self, *args: Any, deciders: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.data, QueryDict):
            cast(forms.TypedMultipleChoiceField, self.fields["hits"]).choices = ticked(self.data, "hits")
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.choices = [
            ("", _("Choose one")),
            (_("No match, first of two"), [(code, HIT_REASONS[code]) for code in rules.NO_MATCH_REASONS]),
            (_("Second of two"), [("confirm", _("Confirm what was decided"))]),
            (_("Assign to"), [(f"to {officer.pk}", officer.name) for officer in deciders]),
        ]
        field.widget.attrs["class"] = "form-select"

    @property
    def asked(self) -> dict[str, Any] | None:
        """The filter of the list it was sent from; None: what is ticked."""
        return whole_filter(HitFilter, self.cleaned_data)

    @property
    def said(self) -> dict[str, Any]:
        """verdict, with its reason or whom they are given to."""
        code = str(self.cleaned_data["reason"])
        if code == "confirm":
            return {"verdict": "confirm"}
        if code.startswith("to "):
            return {"verdict": "assign", "to": int(code.removeprefix("to "))}
        return {"verdict": "no_match", "reason": code}


class ListForm(Look, forms.Form):
    """A file of a list, as its publisher gives it."""

    source = forms.ChoiceField(
        label=_("List"),
        choices=[
            ("", _("Choose one")),
            ("ofac", _("US OFAC SDN list (SDN.XML)")),
            ("eu", _("EU consolidated financial sanctions (FSF 1.1 XML)")),
            ("un", _("UN Security Council consolidated list (XML)")),
            ("csv", _("Own list (CSV)")),
        ],
    )
    file = forms.FileField(
        label=_("File"), max_length=255, widget=forms.FileInput(attrs={"accept": ".xml,.csv"})
    )
    called = forms.CharField(
        label=_("Name of the own list"),
        required=False,
        max_length=50,
        help_text=_("Only where the bank has several own lists."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("A list has at most 200 MB."))
        return file

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("source", "file", "called")}


class SecondForm(forms.Form):
    agreed = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")

    @property
    def seen(self) -> int:
        """The last step on the page that was read; 0 fits none."""
        said = self.data.get("seen", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
