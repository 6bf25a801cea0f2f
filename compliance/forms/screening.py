"""The words of two people about a hit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.rules import screening
from ui.forms import Look

HIT_REASONS = {
    "other_birth_date": _("Another date of birth"),
    "other_country": _("Another country, and no tie to the listed one"),
    "other_person": _("Papers show another person or company"),
    "other_kind": _("Another kind: a person, a company, a vessel"),
    "common_name": _("A common name, and nothing else agrees"),
    "same_papers": _("The same passport, identity or register number"),
    "same_birth": _("Name and date of birth agree"),
    "client_says": _("The client or public sources confirm it"),
}


VERDICTS = {"no_match": _("No match"), "match": _("Match")}


class ProposeForm(Look, forms.Form):
    """A verdict with a reason that fits it; the verdict follows from the reason."""

    reason = forms.ChoiceField(
        label=_("Verdict and reason"),
        choices=[
            ("", _("Choose one")),
            *(
                (VERDICTS[verdict], [(code, HIT_REASONS[code]) for code in reasons])
                for verdict, reasons in screening.REASONS.items()
            ),
        ],
    )

    @property
    def verdict(self) -> str:
        reason = self.cleaned_data["reason"]
        return next(verdict for verdict, reasons in screening.REASONS.items() if reason in reasons)


class SecondForm(forms.Form):
    agreed = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")
