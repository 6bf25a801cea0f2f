"""The shapes of input about an import: the file, and which column is what."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from clients.models import Channel, Kind, Segment, Stage, State
from onboarding.importing.reading import Table, Unreadable, look
from onboarding.rules.imports.fields import FIELDS, GROUPS
from onboarding.rules.imports.fields import Field as ClientField
from onboarding.rules.imports.mapping import (
    DELIMITERS,
    ENCODINGS,
    QUOTES,
    BadMapping,
    How,
    Mapping,
    Source,
    read_mapping,
)
from onboarding.rules.imports.values import DATE_FORMATS
from ui.forms import Look


class ImportForm(Look, forms.Form):
    """A file of clients, and perhaps the mapping that was saved with an earlier one."""

    file = forms.FileField(
        label=_("File of clients"),
        max_length=255,
        help_text=_("CSV or XLSX; its first line names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    mapping_file = forms.FileField(
        label=_("Saved mapping"),
        required=False,
        help_text=_("If you have one from an earlier file of this kind."),
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )
    table: Table
    mapping: Mapping | None = None

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(now("The file is larger than %d MB. Send it in parts.") % most)
        try:
            self.table = look(file, file.name or "")
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file

    def clean_mapping_file(self) -> UploadedFile | None:
        told = self.cleaned_data.get("mapping_file")
        if not told:
            return None
        try:
            if told.size > 1024 * 1024:
                raise ValueError
            # What the mapping leaves open, the file shows; a file that was refused shows nothing.
            found = self.table.how if "file" in self.cleaned_data else None
            self.mapping = read_mapping(json.loads(told.read().decode("utf-8-sig")), found)
        except BadMapping as bad:
            raise forms.ValidationError(bad.sentences) from bad
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(now("This is no mapping: save one from a page like this.")) from error
        return told  # type: ignore[no-any-return]


class MappingForm(forms.Form):
    """A row a field: its column, what stands instead where there is none, and what codes mean."""

    def __init__(
        self,
        data: Any = None,
        *,
        header: list[str],
        sheets: list[str],
        mapping: Mapping,
        codes: dict[str, list[str]],
    ) -> None:
        super().__init__(data)
        self.sheets, self.mapping, self.codes = sheets, mapping, codes
        told = mapping.file
        if sheets:
            self._choose("sheet", _("Sheet"), [(each, each) for each in sheets], told.sheet)
        else:
            self._choose("encoding", _("Encoding"), list(ENCODINGS.items()), told.encoding)
            self._choose(
                "delimiter", _("Columns are parted by"), _delimiters(), told.delimiter.replace("\t", "tab")
            )
            self._choose("quote", _("Quotes"), list(QUOTES.items()), told.quote)
        dates = [("", _("Choose …")), *((form, form) for form in DATE_FORMATS)]
        self._choose("dates", _("Dates are written"), dates, told.dates)
        columns = [("", _("no column")), *((name, name) for name in header)]
        for each in FIELDS:
            source = mapping.fields.get(each.code, Source())
            self._choose(f"c_{each.code}", each.label, columns, source.column)
            label = now("%(field)s, where there is none") % {"field": each.label}
            otherwise = source.empty or source.value
            if each.codes:
                self._choose(f"v_{each.code}", label, _codes(each), otherwise)
            else:
                css = {"class": "form-control form-control-sm", "autocomplete": "off"}
                self.fields[f"v_{each.code}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=200,
                    initial=otherwise,
                    widget=forms.TextInput(css),
                )
            for at, code in enumerate(codes.get(each.code, ())):
                meaning = source.values.get(code, code.lower() if code.lower() in each.codes else "")
                self._choose(f"m_{each.code}_{at}", code, _codes(each), meaning)

    def _choose(self, name: str, label: Any, choices: list[Any], initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=choices,
            required=False,
            initial=initial,
            widget=forms.Select({"class": "form-select form-select-sm"}),
        )

    def clean_delimiter(self) -> str:
        # "tab" travels as a word: a browser trims what is only blank.
        return {"tab": "\t"}.get(self.cleaned_data["delimiter"], self.cleaned_data["delimiter"])

    @property
    def told(self) -> Mapping:
        """The mapping that was sent."""
        sent = self.cleaned_data
        may_be_empty = {"dates", "quote"}
        how = {
            name: sent[name] for name in vars(How()) if name in sent and (sent[name] or name in may_be_empty)
        }
        fields = {}
        for each in FIELDS:
            column, otherwise = sent[f"c_{each.code}"], sent[f"v_{each.code}"].strip()
            if column:
                before = self.mapping.fields.get(each.code, Source()).values
                meanings = {
                    code: sent[f"m_{each.code}_{at}"]
                    for at, code in enumerate(self.codes.get(each.code, ()))
                    if sent[f"m_{each.code}_{at}"]
                }
                fields[each.code] = Source(column=column, values=before | meanings, empty=otherwise)
            elif otherwise:
                fields[each.code] = Source(value=otherwise)
        return Mapping(How(**(self.mapping.file.as_dict() | how)), fields)

    @property
    def reading(self) -> list[Any]:
        names = ("sheet", "encoding", "delimiter", "quote", "dates")
        return [self[name] for name in names if name in self.fields]

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        rows: list[dict[str, Any]] = [
            {
                "field": each,
                "column": self[f"c_{each.code}"],
                "otherwise": self[f"v_{each.code}"],
                "meanings": [
                    self[f"m_{each.code}_{at}"] for at, _code in enumerate(self.codes.get(each.code, ()))
                ],
            }
            for each in FIELDS
        ]
        return [(group, [row for row in rows if row["field"].group == group]) for group in GROUPS]


_SAID = {  # what the bank calls its codes
    "kind": dict(Kind.choices),
    "segment": dict(Segment.choices),
    "stage": dict(Stage.choices),
    "state": dict(State.choices),
    "preferred_channel": dict(Channel.choices),
    "sex": {"f": _("female"), "m": _("male")},
}


def _codes(of: ClientField) -> list[tuple[str, Any]]:
    return [("", "–"), *((code, _SAID[of.code][code]) for code in of.codes)]


def _delimiters() -> list[tuple[str, str]]:
    return [("tab" if sign == "\t" else sign, name) for sign, name in DELIMITERS.items()]
