"""What the tags print: escaped, in the reader's language, and cheaply."""

import datetime as dt
import re
import time
from decimal import Decimal as D

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation

from ui import formats
from ui.templatetags import ui as tags

NOW = dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 21)


def words(html: str) -> str:
    """What a reader sees and hears, without the tags."""
    return re.sub(r"<[^>]+>", "", html)


def render(source: str, path: str = "/clients/", **context) -> str:
    request = RequestFactory().get(path)
    return engines["django"].from_string(source).render(context, request)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "1,234,567.50 CHF"), ("de", "1.234.567,50 CHF"), ("fr", "1\u202f234\u202f567,50 CHF")],
)
def test_money_follows_the_readers_language(language, expected):
    with translation.override(language):
        assert words(tags.figure(D("1234567.5"), "CHF")) == expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (D("-3.2"), {"unit": "%", "places": 1}, "−3.2%"),
        (D("3.2"), {"unit": "%", "places": 1, "sign": True}, "+3.2%"),
        (D("0"), {"sign": True}, "0.00"),
        (D("-0.001"), {}, "0.00"),
        (0, {}, "0"),
        (1234, {}, "1,234"),
        (D("1234.5"), {"currency": "JPY"}, "1,234 JPY"),
        (D("1234.5678"), {"currency": "KWD"}, "1,234.568 KWD"),
        (D("999"), {"compact": True}, "999"),
        (D("999.7"), {"compact": True, "places": 0}, "1,000"),
        (D("1500"), {"compact": True}, "1.5k"),
        (D("999960"), {"compact": True}, "1.0m"),
        (D("-18400000"), {"compact": True, "currency": "EUR"}, "−18.4m EUR"),
        (D("7412345678"), {"compact": True}, "7.4bn"),
        (D("1e15"), {"compact": True}, "1,000.0tn"),
        (1.5e6, {"compact": True}, "1.5m"),
        (D("123456789012345678901234567890.12"), {}, "123,456,789,012,345,678,901,234,567,890.12"),
        (D("12.5"), {"unit": "years", "places": 0}, "12\u00a0years"),
    ],
)
def test_figures(value, options, expected):
    assert words(tags.figure(value, **options)) == expected


def test_percent_stands_as_each_language_writes_it():
    for language, expected in (("en", "2.5%"), ("de", "2,5\u00a0%"), ("fr", "2,5\u202f\u00a0%")):
        with translation.override(language):
            printed = words(tags.figure(D("2.5"), unit="%", places=1))
            assert printed.replace("\u202f", "").replace("\u00a0", "") == expected.replace(
                "\u202f", ""
            ).replace("\u00a0", "")


def test_what_is_not_known_is_a_dash_that_is_read_as_none():
    for missing in (None, "", float("nan"), D("NaN")):
        assert words(tags.figure(missing, "EUR")) == "–none"
    assert 'aria-hidden="true">n/a<' in tags.figure(None, empty="n/a")
    assert words(tags.when(None)) == words(tags.ago(None)) == "–none"


def test_names_figures_and_units_are_escaped():
    bad = "<script>alert('x')</script>"
    for html in (
        tags.name(bad),
        tags.name({"name": bad}),
        tags.figure(D(1), bad),
        tags.figure(D(1), unit=bad),
        tags.badge(bad),
        tags.badge("x", f'"{bad}'),
        tags.bar(1, 2, bad),
        tags.meter(1, 0, 2, bad),
        tags.why(bad),
        tags.sparkline([1, 2], bad),
        render("{% refusal_button label url refusals %}", label=bad, url=f'"{bad}', refusals=[bad]),
        render(
            "{% refusal_button label url none confirm=label x=label %}", label=bad, url=f'"{bad}', none=[]
        ),
        render("{% sort_th label 'name' 'name' %}", path=f"/?q={bad}", label=bad),
    ):
        assert "<script" not in html
        assert '"<' not in html.replace('="', "")


def test_names_and_figures_can_be_hidden_by_one_switch():
    assert tags.name("Anna") == '<span data-private="name">Anna</span>'
    assert 'data-private="figure"' in tags.figure(D(1), "EUR")
    assert 'data-private="figure"' in tags.sparkline([1, 2])


def test_a_thing_is_called_by_its_name():
    class Client:
        name = "Zoë & Co"

    assert words(tags.name(Client())) == "Zoë &amp; Co"
    assert words(tags.name(None)) == ""


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "1 Sept 2026"), ("de", "01.09.2026"), ("fr", "1 sept. 2026")]
)
def test_dates_follow_the_readers_language(language, expected):
    with translation.override(language):
        html = tags.when(dt.date(2026, 9, 1))
        assert words(html) == expected
        assert 'datetime="2026-09-01"' in html


def test_times_are_told_in_the_readers_time_zone():
    with timezone.override("Europe/Vienna"):
        html = tags.when(NOW)
    assert words(html) == "22 Nov 2026, 00:30"
    assert 'datetime="2026-11-22T00:30:00+01:00"' in html


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (-84, "84 days ago", "vor 84 Tagen"),
        (3, "in 3 days", "in 3 Tagen"),
        (0, "today", None),
        (-1, "yesterday", None),
    ],
)
def test_spans_of_days(days, english, german):
    day = TODAY + dt.timedelta(days=days)
    assert words(tags.ago(day, TODAY)) == english
    if german:
        with translation.override("de"):
            assert words(tags.ago(day, TODAY)) == german


def test_late_is_said_in_a_word_and_not_by_colour_alone():
    html = tags.ago(TODAY - dt.timedelta(days=9), TODAY, late=True)
    assert 'class="late"' in html
    assert words(html) == "9 days ago (late)"


def test_a_sparkline_says_in_words_what_it_draws():
    html = tags.sparkline([D(1000), None, D(3000), D(2000)], "Assets")
    assert words(html) == "Assets: from 1.0k to 2.0k, lowest 1.0k, highest 3.0k"
    assert "style=" not in html
    assert tags.sparkline([1]) == tags.sparkline(None) == ""


def test_a_bar_stays_within_its_ends():
    assert 'value="10" max="10"' in tags.bar(15, 10)
    assert 'value="0"' in tags.bar(None, 0)


def test_links_keep_the_filters_and_a_new_order_starts_at_the_beginning():
    path = "/clients/?status=open&q=a%26b&after=7"
    assert (
        render("{% querystring_with before=3 after=None %}", path) == "?status=open&amp;q=a%26b&amp;before=3"
    )
    html = render("{% sort_th 'Name' 'name' '-value' %}", path)
    assert 'href="?status=open&amp;q=a%26b&amp;sort=name"' in html
    assert "aria-sort" not in html


@pytest.mark.parametrize(
    ("sort", "first", "following", "state"),
    [
        ("value", False, "-value", "ascending"),
        ("-value", False, "value", "descending"),
        ("name", True, "-value", None),
        ("-value", True, "value", "descending"),
        ("value", True, "-value", "ascending"),
    ],
)
def test_a_column_head_turns_the_order_round(sort, first, following, state):
    html = render("{% sort_th 'Value' 'value' sort descending_first=first %}", sort=sort, first=first)
    assert f'href="?sort={following}"' in html
    assert (f'aria-sort="{state}"' in html) if state else "aria-sort" not in html


def test_a_refused_button_says_why_and_cannot_be_sent():
    html = render(
        "{% refusal_button 'Close' '/cases/7/closure/' refusals %}",
        refusals=["KYC is overdue.", "No review."],
    )
    assert "<form" not in html
    assert 'aria-disabled="true"' in html
    assert "for 2 reasons" in html
    described = re.search(r'aria-describedby="([^"]+)"', html)[1]
    assert f'id="{described}"' in html


def test_an_allowed_button_is_a_form_with_token_key_and_fields():
    html = render("{% refusal_button 'Close' '/cases/7/closure/' none confirm='Sure?' version=3 %}", none=[])
    assert 'method="post"' in html
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', html)
    assert re.search(r'name="form_key" value="[0-9a-f-]{36}"', html)
    assert '<input type="hidden" name="version" value="3">' in html
    assert 'data-confirm="Sure?"' in html


def test_every_form_key_is_new():
    assert tags.form_key() != tags.form_key()


def test_a_chart_brings_its_figures_as_a_table_and_escapes_its_data():
    html = render(
        "{% chart 'Stages' labels series urls=urls of='Stage' %}",
        labels=["</script><b>", "Won"],
        series=[{"name": "Now", "values": [D("1.5"), None]}],
        urls=["/p/?stage=1"],
    )
    assert "</script><b>" not in html
    assert 'href="/p/?stage=1"' in html
    assert "1.50" in html
    assert "none" in html


def test_a_capped_count_says_so():
    assert tags.counted(1000, True) == "1,000+"
    assert tags.counted(12) == "12"


def test_the_pager_links_by_id_and_keeps_filters():
    class Page:
        rows, after, before, count, capped = [1, 2], 9, None, 1000, True

    html = render('{% include "ui/pager.html" %}', "/clients/?q=x&before=4", page=Page)
    assert "Showing 2 of 1,000+" in html
    assert 'rel="next" href="?q=x&amp;after=9"' in html
    assert 'rel="prev"' not in html


def test_the_tags_of_a_list_cost_less_than_bare_variables():
    """50 rows x 7 values: some 2.5 ms; held against plain {{ }}, so that a busy machine decides nothing."""
    rows = [
        {
            "name": f"Client {n}",
            "value": D("108256480.12") / (n + 1),
            "day": TODAY - dt.timedelta(days=n),
            "late": n % 3 == 0,
        }
        for n in range(50)
    ]
    tagged = engines["django"].from_string(
        "{% for r in rows %}{% name r %}{% badge r.name 'info' %}{% figure r.value 'EUR' %}"
        "{% figure r.value unit='%' %}{% when r.day %}{% ago r.day today late=r.late %}"
        "{% figure r.value places=0 %}{% endfor %}"
    )
    bare = engines["django"].from_string(
        "{% for r in rows %}{{ r.name }}{{ r.name }}{{ r.value }}{{ r.value }}"
        "{{ r.day }}{{ r.day }}{{ r.value }}{% endfor %}"
    )

    def best(template) -> float:
        times = []
        for _ in range(15):
            begun = time.perf_counter()
            template.render({"rows": rows, "today": TODAY})
            times.append(time.perf_counter() - begun)
        return min(times)

    assert best(tagged) < best(bare) * 1.3


def test_text_for_mails_and_pdfs_needs_no_request():
    assert formats.figure_text(D("1234.5"), in_language="de") == "1.234,50"
    assert formats.day_text(TODAY, "en") == "21 Nov 2026"


def test_an_icon_is_drawn_once_and_says_nothing_to_a_screen_reader():
    icon = render('{% lucide "phone" size=16 class="quiet" %}')
    assert icon.startswith("<svg")
    assert 'width="16"' in icon
    assert 'class="quiet"' in icon
    assert 'aria-hidden="true"' in icon
    assert "style=" not in icon
    assert render('{% lucide door.icon size=16 class="quiet" %}', door={"icon": "phone"}) == icon
    assert render('{% lucide icon|default:"phone" size=16 class="quiet" %}', icon="") == icon
    template = engines["django"].from_string('{% lucide "phone" size=16 %}').template
    assert type(template.nodelist[0]).__name__ == "TextNode"


def test_an_icons_attributes_are_escaped():
    assert "<b" not in render('{% lucide "phone" class=bad %}', bad='"><b>')


def test_a_tile_without_decimals_has_none_and_an_unsaid_number_of_them_follows_the_currency():
    from django.template.loader import render_to_string

    tile = {"label": "Assets", "value": D("1234.56"), "currency": "CHF"}
    assert "1,234.56" in render_to_string("ui/tile.html", tile)
    assert "1,235" in render_to_string("ui/tile.html", tile | {"places": 0})
