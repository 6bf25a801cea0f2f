"""Tags of every page: names, figures, dates, badges, small charts, buttons; builtins, so no {% load %}.

Names and figures carry data-private, so that hiding them on a shared screen is one switch.
A list prints some 350 of these values a page, so each tag is a few string operations; tests/ui measure it.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from html import escape as escape_text
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal
from xml.etree import ElementTree
from zipfile import ZipFile

from django import template
from django.template.base import FilterExpression, Parser, TextNode, Token, Variable, token_kwargs
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.loader import get_template
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ui import formats
from ui.addresses import address

register = template.Library()

TONES = frozenset({"neutral", "good", "warn", "late", "info"})
# What names a place in a list; a new order or filter starts at the beginning again.
PLACE_KEYS = ("after", "before", "page")


# Django's escape() and mark_safe() look for lazy arguments first, which costs more than the work itself.
_html = SafeString  # every caller escapes what it was given


def escape(text: Any) -> str:
    return escape_text(str(text))


# --- icons -----------------------------------------------------------------------------------------------
@cache
def _drawings() -> ZipFile:
    """The package's drawings, read once: its own tag opens the archive of 1,700 anew for each, 25 ms."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@lru_cache(maxsize=1024)
def _icon(name: str, size: int, attributes: tuple[tuple[str, Any], ...] = ()) -> SafeString:
    """KeyError: no such icon."""
    drawn = ElementTree.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314 - the package's own file
    for node in drawn.iter():
        node.tag = node.tag.rpartition("}")[2]  # within HTML it needs no namespace
    told = {"width": size, "height": size, "aria-hidden": "true"} | dict(attributes)
    drawn.attrib.update({key: str(value) for key, value in told.items()})
    return _html(ElementTree.tostring(drawn, encoding="unicode"))


class IconNode(template.Node):
    """An icon whose name is known only when the page is made."""

    def __init__(self, name: FilterExpression, options: dict[str, FilterExpression]) -> None:
        self.name, self.options = name, options

    def render(self, context: Context) -> SafeString:
        options = {key: value.resolve(context) for key, value in self.options.items()}
        return _icon(self.name.resolve(context), options.pop("size", 24), tuple(options.items()))


@register.tag
def lucide(parser: Parser, token: Token) -> template.Node:
    """{% lucide "phone" size=16 %}: drawn once, when the template is read.

    The package's own tag makes it anew each time: 0.2 ms an icon, some 5 ms a page.
    """
    _tag, name, *bits = token.split_contents()
    node = IconNode(parser.compile_filter(name), token_kwargs(bits, parser))
    fixed = [node.name, *node.options.values()]
    if all(not each.filters and (not isinstance(each.var, Variable) or each.var.literal) for each in fixed):
        return TextNode(node.render(Context()))
    return node


# --- addresses, and what is the same on every page -------------------------------------------------------
class UrlNode(URLNode):
    """Django's {% url %}; an address that takes only ids, as nearly all of ours do, is not searched for."""

    def render(self, context: Context) -> str:
        ids = [each.resolve(context) for each in self.args]
        if self.kwargs or any(type(each) is not int for each in ids):
            return super().render(context)
        try:
            url = address(self.view_name.resolve(context), *ids)
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = url
            return ""
        return url


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    node = django_url(parser, token)
    return UrlNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag
def same(template_name: str) -> SafeString:
    """{% same "ui/palette.html" %}: a part that differs by language only, made once for each."""
    return _same(template_name, get_language() or "en")


@lru_cache(maxsize=64)
def _same(template_name: str, language: str) -> SafeString:
    return _html(get_template(template_name).render())


# --- names, figures, dates -------------------------------------------------------------------------------
@register.simple_tag
def name(thing: Any) -> SafeString:
    """{% name client %}: the name of a person or thing (its .name, or the text itself)."""
    if isinstance(thing, str):
        text = thing
    elif isinstance(thing, dict):
        text = thing["name"]
    else:
        text = getattr(thing, "name", thing)
    return _html(f'<span data-private="name">{escape(text or "")}</span>')


@lru_cache(maxsize=64)
def _nothing(mark: str, language: str) -> SafeString:
    return format_html('<span class="num none" aria-hidden="true">{}</span>', mark) + format_html(
        '<span class="visually-hidden">{}</span>', _("none")
    )


@register.simple_tag
def figure(
    value: Decimal | int | float | None,
    currency: str = "",
    places: int | Literal[""] | None = None,
    unit: str = "",
    sign: bool = False,
    compact: bool = False,
    empty: str = formats.NO_FIGURE,
) -> SafeString:
    """{% figure holding.value "CHF" %} {% figure drift unit="%" places=1 sign=True %}
    {% figure aum "EUR" compact=True %}

    A percentage is given as people say it: 2.4 prints 2.4%.
    """
    if value is None or value == "" or value != value:  # a NaN differs from itself
        return _nothing(empty, get_language() or "en")
    if places == "":  # a partial handed on what it was not given
        places = None
    if currency:
        if places is None and not compact:
            places = formats.currency_places(currency)
        text = formats.figure_text(value, places=places, sign=sign, compact=compact)
        return _html(
            f'<span data-private="figure" class="num">{text}'
            f' <span class="cur">{escape(currency)}</span></span>'
        )
    text = formats.figure_text(value, places=places, sign=sign, compact=compact, unit=unit)
    return _html(f'<span data-private="figure" class="num">{escape(text) if unit else text}</span>')


@lru_cache(maxsize=8192)
def _day(day: dt.date, language: str) -> SafeString:
    return _html(f'<time datetime="{day.isoformat()}">{escape(formats.day_text(day, language))}</time>')


@register.simple_tag
def when(value: dt.date | dt.datetime | None, empty: str = formats.NO_FIGURE) -> SafeString:
    """{% when client.kyc_due_on %}: a date, or a time in the reader's time zone."""
    language = get_language() or "en"
    if not value:
        return _nothing(empty, language)
    if not isinstance(value, dt.datetime):
        return _day(value, language)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    text = formats.moment_text(local.replace(second=0, microsecond=0, tzinfo=None), language)
    return _html(f'<time datetime="{local.isoformat(timespec="seconds")}">{escape(text)}</time>')


@lru_cache(maxsize=8192)
def _ago(day: dt.date, days: int, late: bool, language: str) -> SafeString:
    text = escape(formats.span_text(days, language))
    title = escape(formats.day_text(day, language))
    if not late:
        return _html(f'<time datetime="{day.isoformat()}" title="{title}">{text}</time>')
    # The word, not only the colour, says that it is late.
    return _html(
        f'<time class="late" datetime="{day.isoformat()}" title="{title}">{text}'
        f'<span class="visually-hidden"> ({escape(_("late"))})</span></time>'
    )


@register.simple_tag
def ago(
    value: dt.date | dt.datetime | None,
    today: dt.date | None = None,
    late: bool = False,
    empty: str = formats.NO_FIGURE,
) -> SafeString:
    """{% ago client.last_contact_at today late=client.neglected %}: "84 days ago", "in 3 days"."""
    language = get_language() or "en"
    if not value:
        return _nothing(empty, language)
    day = formats.local_day(value)
    today = formats.local_day(today) if today else timezone.localdate()
    return _ago(day, (day - today).days, bool(late), language)


@register.simple_tag
def country(code: str) -> str:
    """Switzerland for CH, in the reader's language."""
    return formats.country_name(code)


@register.filter
def countries(codes: str) -> str:
    """ "Switzerland, Italy" for "CH IT"."""
    return formats.country_names(codes)


@register.simple_tag
def tongue(code: str) -> str:
    """French for fr, in the reader's language."""
    return formats.language_name(code)


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """{% badge case.get_status_display "warn" %}; tones: neutral, good, warn, late, info."""
    return _html(f'<span class="badge tone-{tone if tone in TONES else "neutral"}">{escape(text)}</span>')


# --- small charts ----------------------------------------------------------------------------------------
@register.simple_tag
def sparkline(values: Iterable[Any] | None, label: Any = "", width: int = 96, height: int = 28) -> SafeString:
    """{% sparkline tile.history _("Assets, 12 months") %}: a line, and its ends and extremes in words."""
    points = [float(value) for value in values or () if value is not None]
    if len(points) < 2:
        return _html("")
    low, high = min(points), max(points)
    spread = (high - low) or 1.0
    step = (width - 4) / (len(points) - 1)
    line = " ".join(
        f"{2 + index * step:.1f},{2 + (height - 4) * (1 - (point - low) / spread):.1f}"
        for index, point in enumerate(points)
    )
    words = _("from %(first)s to %(last)s, lowest %(low)s, highest %(high)s") % {
        "first": formats.figure_text(points[0], compact=True),
        "last": formats.figure_text(points[-1], compact=True),
        "low": formats.figure_text(low, compact=True),
        "high": formats.figure_text(high, compact=True),
    }
    last_x, last_y = line.rsplit(" ", 1)[-1].split(",")
    said = f"{label}: {words}" if label else words
    return _html(
        f'<svg class="spark" width="{width:d}" height="{height:d}" viewBox="0 0 {width:d} {height:d}"'
        f' aria-hidden="true" focusable="false"><polyline points="{line}" fill="none" stroke="currentColor"'
        f' stroke-width="1.5" stroke-linejoin="round"/><circle cx="{last_x}" cy="{last_y}" r="2"'
        f' fill="currentColor"/></svg>'
        f'<span class="visually-hidden" data-private="figure">{escape(said)}</span>'
    )


@register.simple_tag
def bar(value: Any, maximum: Any = 100, label: Any = "", tone: str = "info") -> SafeString:
    """{% bar job.done job.total _("Rows imported") %}: how much of a whole is done."""
    whole = max(float(maximum or 0), 0.000001)
    done = min(max(float(value or 0), 0.0), whole)
    return format_html(
        '<progress class="bar tone-{}" value="{}" max="{}" aria-label="{}">{}%</progress>',
        tone if tone in TONES else "info",
        f"{done:g}",
        f"{whole:g}",
        label or _("Progress"),
        round(100 * done / whole),
    )


@register.simple_tag
def meter(value: Any, low: Any = 0, high: Any = 100, label: Any = "", tone: str = "info") -> SafeString:
    """{% meter risk_score 0 100 _("Risk score") tone="warn" %}: where a value lies between two ends."""
    low, high = float(low or 0), float(high or 0)
    return format_html(
        '<meter class="bar tone-{}" value="{}" min="{}" max="{}" aria-label="{}">{}</meter>',
        tone if tone in TONES else "info",
        f"{float(value or 0):g}",
        f"{low:g}",
        f"{max(high, low + 0.000001):g}",
        label or _("Measure"),
        value,
    )


# --- links that keep the filters -------------------------------------------------------------------------
def _query(context: Context, changes: dict[str, Any]) -> str:
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        from django.http import QueryDict

        query = QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(key, value)
        else:
            query[key] = value
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def querystring_with(context: Context, **changes: Any) -> SafeString:
    """<a href="{% querystring_with status="open" after=None %}">: other parameters stay; None removes."""
    return _html(escape(_query(context, changes)))


@register.simple_tag(takes_context=True)
def sort_th(
    context: Context,
    label: Any,
    key: str,
    sort: str | None = "",
    numeric: bool = False,
    descending_first: bool = False,
    css: str = "",
) -> SafeString:
    """{% sort_th _("Assets") "aum" sort numeric=True descending_first=True css="d-none d-md-table-cell" %}

    `sort` is the list's order now: "aum" or "-aum". The link turns it round and starts the list anew.
    """
    up, down = sort == key, sort == f"-{key}"
    following = f"-{key}" if up or (descending_first and not down) else key
    href = _query(context, {"sort": following} | dict.fromkeys(PLACE_KEYS))
    state = ' aria-sort="ascending"' if up else ' aria-sort="descending"' if down else ""
    icon = "arrow-up" if up else "arrow-down" if down else "chevrons-up-down"
    classes = f"sortable {'num ' if numeric else ''}{css}".strip()
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>',
        classes,
        _html(state),
        href,
        label,
        _icon(icon, 12, (("class", "sort-icon"),)),
    )


# --- reasons and buttons ---------------------------------------------------------------------------------
def _fresh_id(prefix: str) -> str:
    # Random, for parts of a page come from several responses and must not repeat an id.
    return f"{prefix}-{secrets.token_hex(4)}"


@register.simple_tag
def why(text: Any, label: Any = "") -> SafeString:
    """{% why _("ECB rate of 20 Nov 2026, 1 EUR = 0.9312 CHF") %}: a small (i) that says wherefrom."""
    if not text:
        return _html("")
    ident = _fresh_id("why")
    return format_html(
        '<button type="button" class="why" popovertarget="{0}" aria-label="{1}">{2}</button>'
        '<span class="hint" id="{0}" popover>{3}</span>',
        ident,
        label or _("Where does this come from?"),
        _icon("info", 14),
        text,
    )


@register.simple_tag
def form_key() -> SafeString:
    """Inside every POST form: the server does a thing once, however often the button is pressed."""
    return _html(f'<input type="hidden" name="form_key" value="{uuid.uuid4()}">')


@register.simple_tag(takes_context=True)
def refusal_button(
    context: Context,
    label: Any,
    url: str,
    refusals: Sequence[Any] = (),
    icon: str = "",
    tone: str = "primary",
    confirm: Any = "",
    small: bool = False,
    **fields: Any,
) -> SafeString:
    """{% refusal_button _("Close") close_url refusals icon="check" confirm=_("Close it?") version=3 %}

    A POST form with one button. With refusals the button stays, says why not, and cannot be sent; the same
    list guards the server. Further keywords become hidden fields. tone: primary, secondary, danger, link.
    """
    picture = _icon(icon, 16) if icon else ""
    classes = f"btn btn-{'outline-secondary' if tone == 'secondary' else tone}{' btn-sm' if small else ''}"
    if refusals:
        ident = _fresh_id("no")
        return format_html(
            '<button type="button" class="{0} refused" aria-disabled="true" aria-describedby="{1}"'
            ' popovertarget="{1}">{2}{3}</button>'
            '<span class="hint" id="{1}" popover><strong class="d-block">{4}</strong>{5}</span>',
            classes,
            ident,
            picture,
            label,
            ngettext("Not possible yet:", "Not possible yet, for %(count)d reasons:", len(refusals))
            % {"count": len(refusals)},
            format_html_join("", '<span class="d-block">{}</span>', ((text,) for text in refusals)),
        )
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())
    token = context.get("csrf_token") or ""
    return format_html(
        '<form method="post" action="{}" class="d-inline-block"{}>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}{}'
        '<button type="submit" class="{}">{}{}</button></form>',
        url,
        format_html(' data-confirm="{}"', confirm) if confirm else "",
        token,
        form_key(),
        hidden,
        classes,
        picture,
        label,
    )


# --- larger parts ----------------------------------------------------------------------------------------
@register.simple_tag
def counted(count: int, capped: bool = False) -> str:
    """{% counted page.count page.capped %}: 1,000+ when nobody counted further."""
    return formats.figure_text(count) + ("+" if capped else "")


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


@register.inclusion_tag("ui/chart.html")
def chart(
    title: Any,
    labels: Sequence[Any],
    series: Sequence[dict[str, Any]],
    kind: str = "bar",
    urls: Sequence[str] = (),
    currency: str = "",
    unit: str = "",
    places: int | None = None,
    stacked: bool = False,
    of: Any = "",
) -> dict[str, Any]:
    """{% chart _("Pipeline by stage") labels series urls=urls currency="EUR" of=_("Stage") %}

    series: [{"name": "This quarter", "values": [Decimal, …]}, …], with "tone": "late", "warn" or "good"
    where the colour means something; kind: bar, rows, line, doughnut; a click on a bar opens urls[index]. The
    same data follows as a table.
    """
    lines = [
        {
            "name": str(line["name"]),
            "values": [_plain(each) for each in line["values"]],
            "tone": line.get("tone", ""),
        }
        for line in series
    ]
    rows = [
        {
            "label": label,
            "url": urls[index] if index < len(urls) else "",
            "values": [line["values"][index] for line in series],
        }
        for index, label in enumerate(labels)
    ]
    return {
        "chart_id": _fresh_id("chart"),
        "title": title,
        "of": of or title,
        "rows": rows,
        "currency": currency,
        "unit": unit,
        "places": places,
        "data": {
            "kind": kind,
            "labels": [str(label) for label in labels],
            "series": lines,
            "urls": list(urls),
            "unit": currency or unit,
            "stacked": stacked,
        },
    }
