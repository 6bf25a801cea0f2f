"""What may be read from the side: while the screen is hidden, a page leaves here without names and figures.

Three modes, kept in the session: "shown"; "hidden"; "presenting", when a client looks on and only that
client's own pages are shown. The page is made as always and then passes a sieve, the one switch. It takes out

- whatever carries data-private (`{% name %}`, `{% figure %}` and what templates mark so themselves),
- every private text that PostgreSQL gave this request, wherever it stands: in a title, a label, an option,
- every figure in a sentence, the numbers of charts, and what stands in fields.

So a page that forgot a tag leaks nothing. The server does it: what is hidden is not in the bytes, nor in the
browser's memory. static/ui/screen.js only draws the curtain at once and asks for the page anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import quote_plus, unquote_plus

from django.db import models
from django.utils.translation import gettext as _

DOTS = "•••"
SHOWN, HIDDEN, PRESENTING = "shown", "hidden", "presenting"
Kind = Literal["name", "text"]


@dataclass
class Screen:
    """The screen one request is answered on. `opened`: the files this request opened."""

    mode: str = SHOWN
    client_id: int | None = None
    opened: set[int] = field(default_factory=set)
    own_names: set[str] = field(default_factory=set)
    read: dict[str, set[str]] = field(default_factory=lambda: {"name": set(), "client": set(), "text": set()})

    @property
    def hides(self) -> bool:
        """Everything, and not only other clients' names."""
        return self.mode == HIDDEN or (self.mode == PRESENTING and self.opened != {self.client_id})


_screen: ContextVar[Screen | None] = ContextVar("screen", default=None)


@contextmanager
def answering_on(screen: Screen) -> Iterator[Screen]:
    token = _screen.set(screen)
    try:
        yield screen
    finally:
        _screen.reset(token)


def current() -> Screen:
    """The screen of this request; a command or a worker has none, and hides nothing."""
    return _screen.get() or Screen()


def hides() -> bool:
    return current().hides


def sentence() -> str:
    return _("Names and figures are hidden on your screen. Show them first (F8).")


def opened(client_id: int, *names: str) -> None:
    """This request opened a file: on its own pages, the client who looks on may read."""
    if (screen := _screen.get()) is not None:
        screen.opened.add(client_id)
        if client_id == screen.client_id:
            screen.own_names.update(names)


# --- what is private, noticed where it is read -----------------------------------------------------------
def watch(column: models.Field[Any, Any], kind: str) -> None:
    """From now on each value of this column that a hidden screen's request reads is known to the sieve.

    Asked once a query and column; while the screen is shown, reading costs nothing more.
    """
    if hasattr(
        column, "when_read"
    ):  # encrypted: nothing is read of it before somebody looks (vault/fields.py)
        column.when_read.append(lambda value: notice(kind, value))
        return
    usual = column.get_db_converters

    def converters(connection: Any) -> list[Callable[..., Any]]:
        screen = _screen.get()
        if screen is None or screen.mode == SHOWN:
            return list(usual(connection))

        def notice(value: Any, expression: Any, connection: Any) -> Any:
            _notice(screen, kind, value)  # of the request that asked
            return value

        return [*usual(connection), notice]

    column.get_db_converters = converters  # type: ignore[method-assign]


def notice(kind: str, *values: Any) -> None:
    """For what a selector reads by SQL of its own, past the columns."""
    if (screen := current()).mode != SHOWN:
        for value in values:
            _notice(screen, kind, value)


def _notice(screen: Screen, kind: str, value: Any) -> None:
    if isinstance(value, str):
        screen.read[kind].add(value)
    elif isinstance(value, dict):  # a record kept as JSON: whoever is named in it
        for key, inner in value.items():
            if isinstance(inner, dict | list) or "name" in key or key == "subject":
                _notice(screen, "name" if "name" in key else kind, inner)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict | list) or kind == "name":
                _notice(screen, kind, inner)


# --- the sieve -------------------------------------------------------------------------------------------
# A number as we write figures: with separators, with a unit or a currency, or of three and more digits. A
# year is none: figures of a thousand and more carry a separator.
_DIGITS = r"\d[\d.,'’\u00a0\u202f]{0,40}\d|\d"
_UNIT = r"[\u00a0\u202f ]?(?:%|(?:k|m|bn|tn|M|Md|Bn|Tsd\.|Mio\.|Mrd\.|Bio\.)(?!\w)|(?:[A-Z]{3})(?!\w))"
_FIGURE = re.compile(
    rf"(?:(?<![A-Za-z])[A-Z]{{3}}[\u00a0 ])?[+\-−]?(?<![\d])(?:(?:{_DIGITS}){_UNIT}|(?!(?:19|20)\d\d(?!\d))"
    r"(?:\d{1,3}(?:[.,'’\u00a0\u202f]\d+)+|\d{3,}))"
)
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’\-])+")


def words_of(names: Iterable[str]) -> set[str]:
    """The names and each word of them, for a surname alone tells as much."""
    whole = {name.strip() for name in names if len(name.strip()) > 1}
    return whole | {word for name in whole for word in _WORD.findall(name) if len(word) > 2}


class Words:
    """The private words one request has read, ready to be looked for."""

    def __init__(self, names: set[str], texts: set[str], *, figures: bool, but: Iterable[str] = ()) -> None:
        self.figures = figures
        known = words_of(names) - words_of(but)
        lines = {line.strip() for text in texts for line in text.splitlines()}
        known |= {line for line in lines if 2 < len(line) <= 30}
        # What is longer may be shown cut off: its beginning tells that a text is it.
        self.long = [line[:20] for line in lines if len(line) > 30]
        ordered = sorted(known, key=len, reverse=True)
        self.pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)
            if ordered
            else None
        )

    def hide(self, text: str) -> str:
        if any(beginning in text for beginning in self.long):
            return DOTS
        if self.pattern is not None:
            text = self.pattern.sub(DOTS, text)
        return _FIGURE.sub(DOTS, text) if self.figures else text

    def address(self, url: str) -> str:
        """The same without private words in what is asked; figures stay, for they are ids and pages."""
        path, mark, query = url.partition("?")
        asked = [part.partition("=") for part in query.split("&")] if mark else []
        return path + mark + "&".join(f"{name}{equals}{self._asked(value)}" for name, equals, value in asked)

    def _asked(self, value: str) -> str:
        plain = unquote_plus(value)
        if any(beginning in plain for beginning in self.long):
            return ""
        kept = self.pattern.sub("", plain) if self.pattern is not None else plain
        return value if kept == plain else quote_plus(kept)


# Attributes that people read or hear, or that carry what was typed; data-* but for what scripts look for.
_READ = frozenset(
    [
        "title",
        "aria-label",
        "aria-description",
        "aria-valuetext",
        "placeholder",
        "alt",
        "value",
        "label",
        "summary",
        "hx-confirm",
    ]
)
_FOR_SCRIPTS = frozenset(["data-lib", "data-idle", "data-column", "data-ticks", "data-opens", "data-when"])
_ADDRESSES = frozenset(
    ["href", "action", "formaction", "src", "hx-get", "hx-post", "hx-push-url", "hx-replace-url"]
)
_UNTYPED = frozenset(["hidden", "checkbox", "radio", "submit", "button", "file", "reset", "image"])
_KEPT = frozenset(["script", "style", "time"])  # a day is no figure
_KEYS = frozenset({"csrfmiddlewaretoken", "form_key"})
_TYPED_RULES = frozenset(["min", "max", "step", "pattern", "inputmode", "list", "minlength", "maxlength"])


class _Sieve(HTMLParser):
    """Writes the page again, tag by tag, without what `words` knows; `whole` also empties fields."""

    def __init__(self, words: Words, *, whole: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.words, self.whole = words, whole
        self.out: list[str] = []
        self.text: list[str] = []
        self.inside: list[Any] = []  # [tag, depth] of the private element we are in
        self.typing = ""  # the start of a text area, until its end is known
        self.keeps = ""  # in which element text stays as it is
        self.sends = False  # in a form that writes

    # --- tags
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs, "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs, "/")

    def _tag(self, tag: str, attrs: list[tuple[str, str | None]], end: str) -> None:
        if self.inside:
            self.inside[1] += tag == self.inside[0] and not end
            return
        self._flush()
        known = dict(attrs)
        if tag == "form":
            self.sends = (known.get("method") or "get").lower() == "post"
        if tag == "input":
            known = self._field(known)
        start = f"<{tag}{self._attributes(tag, known)}{end}>"
        if tag == "textarea":
            self.typing = start
            return
        self.out.append(start)
        if self.whole and not end and ("data-private" in known or tag == "meter") and tag != "input":
            self.out.append(DOTS if tag != "meter" else "")
            self.inside = [tag, 1]
        elif tag in _KEPT:
            self.keeps = tag

    def handle_endtag(self, tag: str) -> None:
        if self.inside:
            self.inside[1] -= tag == self.inside[0]
            if self.inside[1]:
                return
            self.inside = []
        if tag == "textarea" and self.typing:
            typed = "".join(self.text)
            self.text = []
            if self.whole and typed.strip():
                self.out.append(f"{self.typing[:-1]} readonly>{DOTS}</textarea>")
            else:
                self.out.append(f"{self.typing}{typed}</textarea>")
            self.typing = ""
            return
        self._flush()
        if tag == self.keeps:
            self.keeps = ""
        elif tag == "form":
            self.sends = False
        self.out.append(f"</{tag}>")

    def _field(self, known: dict[str, str | None]) -> dict[str, str | None]:
        """What was typed shows as dots that cannot be changed; sent, they are refused (`holds_dots`)."""
        kind = (known.get("type") or "text").lower()
        if not known.get("value") or kind in _UNTYPED or not self.whole:
            return known
        if not self.sends:
            changed = self.words.hide(known["value"] or "") != known["value"]
            return known | {"value": ""} if changed else known
        kept = {name: value for name, value in known.items() if name not in _TYPED_RULES}
        return kept | {"type": "text", "value": DOTS, "readonly": None}

    def _attributes(self, tag: str, known: dict[str, str | None]) -> str:
        parts = []
        for name, value in known.items():
            if value is None:
                parts.append(f" {name}")
                continue
            if name in _ADDRESSES:
                value = self._address(value)
            elif tag == "meter" and name == "value" and self.whole:
                value = known.get("min") or "0"
            elif name == "value" and known.get("name") == "next":
                value = self._address(value)
            elif name in _READ or (name.startswith("data-") and name not in _FOR_SCRIPTS):
                value = self._value(tag, known, name, value)
            if value is not None:
                parts.append(f' {name}="{escape(value)}"')
        return "".join(parts)

    def _value(self, tag: str, known: dict[str, str | None], name: str, value: str) -> str:
        # The key of a form is no text, and an id as the value of a choice is no figure: the form needs them.
        untyped = tag in ("option", "button") or known.get("type") in _UNTYPED
        if name == "value" and (known.get("name") in _KEYS or (untyped and value.isdigit())):
            return value
        return self.words.hide(value)

    def _address(self, value: str) -> str | None:
        if value.startswith(("tel:", "mailto:")):
            return None if self.whole else value
        return self.words.address(value)

    # --- text
    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _flush(self) -> None:
        if not self.text:
            return
        text = "".join(self.text)
        self.text = []
        if not self.keeps and not text.isspace():
            plain = unescape(text)
            hidden = self.words.hide(plain)
            text = text if hidden == plain else escape(hidden, quote=False)
        self.out.append(text)

    # --- all else, as it stands
    def handle_decl(self, decl: str) -> None:
        self._flush()
        self.out.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        """A comment is for nobody who reads the page."""


def words_to_hide(screen: Screen) -> Words:
    """What this screen may not show of what the request has read."""
    if screen.hides:
        return Words(screen.read["name"] | screen.read["client"], screen.read["text"], figures=True)
    return Words(screen.read["client"], set(), figures=False, but=screen.own_names)


def sieved(page: str, screen: Screen) -> str:
    """The page as this screen may show it."""
    sieve = _Sieve(words_to_hide(screen), whole=screen.hides)
    sieve.feed(page)
    sieve.close()
    sieve._flush()
    return "".join(sieve.out)


def holds_dots(sent: Any) -> bool:
    """Was this form filled from a hidden screen? Sending it would write dots over what is on file."""
    return any(DOTS in value for values in sent.lists() for value in values[1])
