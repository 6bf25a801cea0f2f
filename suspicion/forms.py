"""The shapes of input about a suspicion."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suspicion import rules
from suspicion.models import Case, Filing, Ground, Knows
from ui.forms import Look

DECISIONS = {
    rules.Decision.MORE: _("Look further"),
    rules.Decision.REPORT: _("Report to the FIU"),
    rules.Decision.NO_REPORT: _("Do not report"),
    rules.Decision.CLOSE: _("Close the case"),
    rules.Decision.REOPEN: _("Open it again"),
}


def _text(label: Any, rows: int = 4, help_text: Any = "", **how: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=20_000,
        help_text=help_text,
        **how,
    )


class PastDay(forms.DateField):
    """A day up to today, and none before there were figures to count from."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if day and day.year < 2000:
            raise forms.ValidationError(_("Look at the year."))
        return day


class ReportForm(Look, forms.Form):
    """What anyone writes to the MLRO. `client` is the file it was begun from, if any."""

    about = forms.CharField(
        label=_("Whom is it about?"),
        max_length=300,
        help_text=_("A name, a client number, a company: whatever you know."),
    )
    ground = forms.ChoiceField(label=_("What struck you?"), choices=[("", _("Choose one")), *Ground.choices])
    what = _text(
        _("What happened?"),
        8,
        _("Who did what, when, where and how, and why it does not fit. Say what you saw and what you think."),
    )
    noticed_on = PastDay(label=_("When did you notice it?"), required=False)
    amount = forms.CharField(
        label=_("Amounts and accounts, if any"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    knows = forms.ChoiceField(
        label=_("Does the client know that you noticed?"), choices=Knows.choices, initial=Knows.NO
    )

    def __init__(self, *args: Any, client: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if client is not None:
            del self.fields["about"]


class DeskFilter(forms.Form):
    state = forms.ChoiceField(choices=[("", ""), *Case.State.choices], required=False)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class CaseForm(Look, forms.Form):
    """One of several forms on the page of a case: its fields have ids of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)


class NoteForm(CaseForm):
    text = _text(_("Add to the record"), 3)


class ClientForm(CaseForm):
    number = forms.CharField(label=_("Client number"), max_length=30)


class DecisionForm(CaseForm):
    """Only what can be decided in this state."""

    decision = forms.ChoiceField(label=_("Decision"))
    reason = _text(_("Reasons"), 4)

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = rules.DECISIONS[rules.State(state)]
        choices = [("", _("Choose one")), *((each.value, DECISIONS[each]) for each in possible)]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]


class DraftForm(CaseForm):
    grounds = _text(_("Facts and grounds"), 10, _("As the FIU will read it. Saved as a draft until filed."))
    wanted = _text(_("Payments or acts that wait for the FIU"), 3, required=False)


class FiledForm(CaseForm):
    reference = forms.CharField(label=_("Reference of the FIU"), max_length=60)
    filed_on = PastDay(label=_("Filed on"))


class HeardForm(CaseForm):
    answer = forms.ChoiceField(
        label=_("What the FIU said"),
        choices=[("", _("Choose one")), *[each for each in Filing.Answer.choices if each[0]]],
    )
    answered_on = PastDay(label=_("On"))


class HoldForm(CaseForm):
    hold = forms.TypedChoiceField(
        label=_("Legal hold"),
        choices=[("on", _("Hold: delete nothing")), ("off", _("Lift the hold"))],
        coerce=lambda said: said == "on",
    )
    reason = _text(_("Reasons"), 2)


class AccessForm(CaseForm):
    """When the client asks for its data (GDPR Art. 15): is this case withheld or disclosed?"""

    access = forms.ChoiceField(
        label=_("If the client asks for its data"),
        choices=[("", _("Choose one")), *[each for each in Case.Access.choices if each[0]]],
    )
    reason = _text(_("Reasons"), 2)


class RequestForm(Look, forms.Form):
    """A question of the FIU as it came in."""

    reference = forms.CharField(label=_("Reference of the FIU"), max_length=60)
    received_on = PastDay(label=_("Received on"))
    urgent = forms.BooleanField(label=_("The FIU wants it sooner than usual"), required=False)
    about = forms.CharField(label=_("Whom or what it asks about"), max_length=300)
    asked = _text(_("What it asks"), 5)


class AnswerForm(Look, forms.Form):
    answer = _text(_("What was answered"), 6)
