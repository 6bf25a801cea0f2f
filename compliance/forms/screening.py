"""The words of two people about a hit."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from compliance.forms.filters import ManyForm
from compliance.models import ScreeningHit
from compliance.rules import hits as rules
from compliance.selectors.hits import Dozens, contradictions_of
from staff.models import User
from ui.forms import Look

HIT_REASONS = {
    "other_birth_date": _("Another date of birth"),
    "other_country": _("Another country, and no tie to the listed one"),
    "other_person": _("Papers show another person or company"),
    "other_kind": _("Another kind: a person, a company, a vessel"),
    "common_name": _("A common name, and nothing else agrees"),
    "delisted": _("No longer on the list"),
    "struck_out": _("Struck out of the file: it was entered by mistake"),
    "same_papers": _("The same passport, identity or register number"),
    "same_birth": _("Name and date of birth agree"),
    "client_says": _("The client or public sources confirm it"),
    "unclear": _("The facts at hand do not decide it"),
    "papers_needed": _("Papers are needed from the client or the list's publisher"),
    "senior": _("A decision for a senior officer"),
    "not_shown": _("The facts do not show what the reason says"),
    "not_looked_at": _("Something was not looked at"),
    "paper_missing": _("A paper is missing, or does not show it"),
    "other_verdict": _("I come to the other verdict"),
    "other": _("Another reason"),
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

    document = forms.TypedChoiceField(label=_("Paper on file"), coerce=int, empty_value=None, required=False)
    paper = forms.CharField(
        label=_("Or which paper, and who saw it"),
        required=False,
        max_length=300,
        help_text=_("Needed where papers are the reason: “Passport, seen by R. Meier on 12 March”."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For colleagues and auditors; nobody else reads it."),
    )

    def __init__(
        self, *args: Any, hit: ScreeningHit, papers: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        """What is decided can only be overturned, what is passed on stays so. `papers` of the client."""
        super().__init__(*args, **kwargs)
        self.hit = hit
        gone = {
            "cleared": ("no_match", "escalate"),
            "confirmed": ("match", "escalate"),
            "escalated": ("escalate",),
        }
        labels = [VERDICTS[verdict] for verdict in gone.get(hit.state, ())]
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.choices = [choice for choice in cast(list[Any], field.choices) if choice[0] not in labels]
        on_file = cast(forms.TypedChoiceField, self.fields["document"])
        on_file.choices = [("", _("None of these") if papers else _("No paper is on file")), *papers]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        reason = told.get("reason", "")
        for sentence in contradictions_of(self.hit, reason):
            self.add_error("reason", sentence)
        if "document" in told and not told["document"] and "paper" in told:
            for sentence in rules.refusals_of_the_paperless(reason, told["paper"]):
                self.add_error("paper", sentence)
        return told

    @property
    def verdict(self) -> str:
        reason = self.cleaned_data["reason"]
        return next(verdict for verdict, reasons in rules.REASONS.items() if reason in reasons)


class BatchForm(ManyForm):
    """What to do with hits: "no_match", "confirm", "to 7"."""

    act = forms.ChoiceField(
        label=_("With those ticked"), error_messages={"required": _("Choose what to do.")}
    )

    def __init__(
        self, data: QueryDict | None = None, *, deciders: Iterable[User], dozens: Dozens | None = None
    ) -> None:
        """`dozens`: how many there are of each; what is for none is not offered. None: what was sent."""
        super().__init__(data)
        acts: list[Any] = []
        if dozens is None or dozens.obvious:
            acts.append(("no_match", _("No match, as first of two: the obvious ones")))
        if dozens is None or dozens.to_confirm:
            acts.append(("confirm", _("Confirm no match, as second of two: the obvious ones")))
        field = cast(forms.ChoiceField, self.fields["act"])
        officers = [(f"to {officer.pk}", officer.name) for officer in deciders]
        field.choices = [("", _("Choose one")), *acts, (_("Assign to"), officers)]
        field.widget.attrs["class"] = "form-select"

    @property
    def said(self) -> dict[str, Any]:
        """verdict, and whom they are given to."""
        code = str(self.cleaned_data["act"])
        if code.startswith("to "):
            return {"verdict": "assign", "to": int(code.removeprefix("to "))}
        return {"verdict": code}


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
    """The word of the second officer about the decision that was read."""

    agreed = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def agrees(self) -> bool:
        return self.is_valid() and self.cleaned_data["agreed"] == "yes"

    @property
    def seen_step(self) -> int:
        """The last step on the page that was read; 0 fits none."""
        said = str(self.data.get("seen", ""))
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


class ReturnForm(Look, SecondForm):
    """Why the second officer does not agree: whoever decided first reads it and goes on by it."""

    reason = forms.ChoiceField(
        label=_("Returned because"),
        choices=[("", _("Choose one")), *((code, HIT_REASONS[code]) for code in rules.RETURN_REASONS)],
        error_messages={"required": _("Choose why it is returned.")},
    )
    note = forms.CharField(
        label=_("In words"),
        max_length=500,
        error_messages={"required": _("Say it in words: whoever decided first goes on by them.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What whoever decided first is to look at, or to bring."),
    )
