"""Who holds how much of whom, since when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms import countries, since_field
from clients.models import OF_A_TRUST, OWNING, Party, PartyKind
from clients.rules import owners as rules
from ui.forms import DateInput, Look, MoneyInput

FIRST_FIGURES = date(2000, 1, 1)  # before it no figures are in force by which anything could be judged


class AsOfForm(forms.Form):
    """The day one looks at, as it stands in the address. A wrong or future one is today."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=DateInput({"class": "form-control"}),
        validators=[MinValueValidator(FIRST_FIGURES)],
    )

    @property
    def day(self) -> date:
        today = timezone.localdate()
        asked = self.cleaned_data.get("on") if self.is_valid() else None
        return min(asked or today, today)


def _share_field(**how: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Share in percent"), max_digits=7, decimal_places=3, widget=MoneyInput(), **how
    )


class KnownForm(forms.Form):
    """Which client was chosen as an owner, as it stands in the address. What is no number chooses nobody."""

    known_id = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    @property
    def chosen(self) -> int | None:
        found: int | None = self.cleaned_data["known_id"] if self.is_valid() else None
        return found


class _Judged(Look, forms.Form):
    """A form whose rules name the field that is wrong."""

    def __init__(
        self, *args: Any, held: Iterable[rules.Held] = (), parties: Iterable[Party] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.held, self.kinds = list(held), {party.pk: party.kind for party in parties}

    def blame(self, wrongs: Iterable[rules.Wrong]) -> None:
        for wrong in wrongs:
            self.add_error(wrong.field if wrong.field in self.fields else None, wrong.sentence)

    @property
    def typed(self) -> list[tuple[Any, Any]]:
        """What was understood of it, by the words of its fields."""
        said = self.cleaned_data
        return [(field.label, said[field.name]) for field in self.visible_fields() if said.get(field.name)]


class OwnerForm(_Judged):
    of_id = forms.TypedChoiceField(label=_("Of whom"), coerce=int)
    relation = forms.ChoiceField(
        label=_("Is its"),
        choices=[(kind.value, kind.label) for kind in OWNING],
        help_text=_("A trust has no owner: everyone behind it has a role."),
    )
    party_id = forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("Someone new is a"), choices=PartyKind.choices)
    name = forms.CharField(
        label=_("Name"), max_length=250, required=False, help_text=_("In full, in Latin letters.")
    )
    born_on = forms.DateField(label=_("Born or founded on"), required=False, widget=DateInput())
    nationality = forms.ChoiceField(label=_("Nationality or seat"), required=False)
    share = _share_field(required=False)
    since_on = since_field()
    known_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, parties: Iterable[Party] = (), known: Party | None = None, **kwargs: Any
    ) -> None:
        """known: the party of a client who was looked for and chosen; who that is, is not asked."""
        parties = list(parties)
        super().__init__(*args, parties=parties, **kwargs)
        self.known, self.known_as = known, 0
        ownable = [(party.pk, party.name) for party in parties if party.kind != PartyKind.PERSON]
        everyone = [(party.pk, party.name) for party in parties]
        self.fields["of_id"].choices = ownable  # type: ignore[attr-defined]
        self.fields["party_id"].choices = [("", _("Someone new")), *everyone]  # type: ignore[attr-defined]
        self.fields["nationality"].choices = [("", _("Not known")), *countries()]  # type: ignore[attr-defined]
        if known is None:
            del self.fields["known_id"]
            return
        for name in ("party_id", "kind", "name", "born_on", "nationality"):
            del self.fields[name]
        self.initial["known_id"] = known.client_id
        there = (each.pk for each in parties if each.own_file == known.client_id or each.pk == known.pk)
        self.known_as = next(there, 0)

    def clean(self) -> None:
        said = self.cleaned_data
        if self.known is None and not said.get("party_id") and not said.get("name"):
            self.add_error("name", _("Write the name, or choose someone on the file."))
        if "of_id" not in said or "since_on" not in said or "share" not in said or "relation" not in said:
            return
        party = said.get("party_id") or self.known_as
        new = rules.Held(party, said["of_id"], said["relation"], said["share"], said["since_on"])
        self.blame(rules.wrongs_of_owner(new, self.held, self.kinds, timezone.localdate()))

    @property
    def new_owner(self) -> dict[str, Any]:
        """What the action takes: of someone on the file nothing but who it is."""
        said = dict(self.cleaned_data)
        return (
            said
            if said.get("party_id") is None
            else {name: said[name] for name in ("of_id", "relation", "party_id", "share", "since_on")}
        )


class ShareForm(_Judged):
    share = _share_field()
    from_on = forms.DateField(label=_("From"), widget=DateInput())

    def __init__(self, *args: Any, old: rules.Held, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old

    def clean(self) -> None:
        said = self.cleaned_data
        if "share" in said and "from_on" in said and self.old.until is None:
            old = self.old
            new = rules.Held(old.party, old.of, old.relation, said["share"], said["from_on"])
            self.blame(rules.wrongs_of_change(old, new, self.held, self.kinds, timezone.localdate()))


class EndForm(_Judged):
    until_on = forms.DateField(
        label=_("No longer from"), widget=DateInput(), help_text=_("The first day on which it does not hold.")
    )

    def __init__(self, *args: Any, old: rules.Held, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old

    def clean(self) -> None:
        if (until := self.cleaned_data.get("until_on")) and self.old.until is None:
            self.blame(rules.wrongs_of_end(self.old, until, timezone.localdate()))


class _Mistake(_Judged):
    """What was entered by mistake, as it was looked at."""

    seen_until = forms.DateField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Stands in the history of the file beside what was entered."),
    )

    def __init__(self, *args: Any, old: rules.Held, struck: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old, self.struck = old, struck
        self.initial["seen_until"] = old.until

    @property
    def is_late(self) -> bool:
        """It was struck out or ended, or its end moved, since it was looked at."""
        return self.struck or bool(self.cleaned_data.get("seen_until") != self.old.until)


class CorrectionForm(_Mistake):
    relation = forms.ChoiceField(label=_("Is its"), choices=[(kind.value, kind.label) for kind in OF_A_TRUST])
    share = _share_field()
    since_on = since_field()
    until_on = forms.DateField(
        label=_("No longer from"), required=False, widget=DateInput(), help_text=_("Empty: it has not ended.")
    )
    field_order = ("relation", "share", "since_on", "until_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old = self.old
        share = None if old.share is None else f"{old.share.normalize():f}"
        self.initial.update(relation=old.relation, share=share, since_on=old.since, until_on=old.until)
        # Where another share follows, its first day is corrected there.
        followed = any(
            (each.party, each.of, each.relation, each.since) == (old.party, old.of, old.relation, old.until)
            for each in self.held
        )
        if old.until is None or followed:
            del self.fields["until_on"]
        del self.fields["share" if self.kinds.get(old.of) == PartyKind.TRUST else "relation"]

    def clean(self) -> None:
        said = self.cleaned_data
        if self.is_late or any(name not in said for name in self.fields if name != "reason"):
            return
        new = rules.Held(self.old.party, self.old.of, id=self.old.id, **self._as_held())
        self.blame(rules.wrongs_of_correction(self.old, new, self.held, self.kinds, timezone.localdate()))

    def _as_held(self) -> dict[str, Any]:
        said, old = self.cleaned_data, self.old
        return {
            "relation": said.get("relation", old.relation),
            "share": said.get("share"),
            "since": said["since_on"],
            "until": said.get("until_on") if "until_on" in self.fields else old.until,
        }

    @property
    def correction(self) -> dict[str, Any]:
        """What the action takes."""
        held = self._as_held()
        days = {"since_on": held.pop("since"), "until_on": held.pop("until")}
        return held | days | {name: self.cleaned_data[name] for name in ("reason", "seen_until")}


class MistakeForm(_Mistake):
    def clean(self) -> None:
        if not self.is_late:
            self.blame(rules.wrongs_of_striking(self.old, self.held))
