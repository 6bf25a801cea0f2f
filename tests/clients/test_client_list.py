"""The clients list: filters, order, pages, saved views; and what serves each in the database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import index_file
from clients.forms import SORTS, ClientFilter
from clients.models import Client
from clients.selectors import client_page
from clients.selectors.lists import filtered
from staff.models import SavedView, Team
from tests.cast import make_book, make_client

URL = "/clients/"
TODAY = timezone.localdate


@pytest.fixture
def book(cast):
    """Six clients of Rita's who differ in every way the list can tell."""
    cast.anna.book = make_book(cast.cora, team=Team.objects.create(name="Elsewhere"))
    cast.anna.save()
    today = TODAY()
    made = {
        "Ada Abt": {"segment": "hnw", "value": Decimal(6_000_000), "risk": "low"},
        "Ben Bär": {"segment": "mass", "value": Decimal(900), "risk": "high", "domicile": "DE"},
        "Cleo Casal": {"kyc_due_on": today - timedelta(days=1), "value": Decimal(60_000)},
        "Dora Dietl": {"last_contact_on": today - timedelta(days=100), "value": Decimal(70_000)},
        "Emil Erni": {"state": "onboarding", "kyc_due_on": today + timedelta(days=20)},
        "Fay Furrer": {"stage": "retirement", "value": Decimal(1_500_000)},
    }
    for name, fields in made.items():
        index_file(make_client(name, cast.rita_book, **fields))
    return cast.rita_book


def shown(browser, **asked):
    return [client.name for client in browser.get(URL, asked).context["page"]]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"segment": "hnw"}, ["Ada Abt"]),
        ({"risk": "high"}, ["Ben Bär"]),
        ({"domicile": "de"}, ["Ben Bär"]),
        ({"kyc": "overdue"}, ["Cleo Casal"]),
        ({"kyc": "30"}, ["Cleo Casal"]),  # Emil is only joining: he owes no review yet
        ({"silent": "60"}, ["Dora Dietl"]),
        ({"state": "onboarding"}, ["Emil Erni"]),
        ({"stage": "retirement"}, ["Fay Furrer"]),
        ({"assets": "50000-250000"}, ["Cleo Casal", "Dora Dietl"]),
        ({"assets": "5000000-"}, ["Ada Abt"]),
        ({"name": "bar"}, ["Ben Bär"]),  # any word of the name, in Latin letters
        ({"name": "fur fay"}, ["Fay Furrer"]),
        ({"name": "zz"}, []),
        (
            {"segment": "nobility"},
            ["Ada Abt", "Ben Bär", "Cleo Casal", "Dora Dietl", "Emil Erni", "Fay Furrer"],
        ),
    ],
)
def test_a_filter_narrows_the_list(page_of, cast, book, asked, names):
    assert shown(page_of(cast.rita), **asked) == names


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_goes_through_all_pages_and_back(cast, book, sort, monkeypatch):
    monkeypatch.setattr("ui.paging.SIZE", 2)
    column = sort.lstrip("-")
    for number in range(60):
        make_client(f"Many {number % 3}", cast.rita_book, value=number % 5)
    seen, after = [], None
    while True:
        page = client_page(cast.rita, {"sort": sort} | ({"after": after} if after else {}), TODAY())
        seen += page.rows
        if page.after is None:
            break
        after = page.after
    values = [(getattr(row, column), row.pk) for row in seen]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert len(seen) == 66
    back = client_page(cast.rita, {"sort": sort, "before": seen[50].pk}, TODAY())
    assert [row.pk for row in back] == [row.pk for row in seen[:50]]


def test_what_is_late_says_so_in_words(page_of, cast, book):
    rows = {row.name: row for row in page_of(cast.rita).get(URL).context["page"]}
    assert rows["Cleo Casal"].kyc_late
    assert rows["Dora Dietl"].contact_late  # affluent: 60 days
    assert not rows["Ada Abt"].contact_late
    assert not rows["Emil Erni"].contact_late  # who is not served yet has no cadence


def test_a_lead_chooses_among_books_and_an_rm_with_one_book_has_no_choice(page_of, cast, book):
    second = make_book(cast.theo)
    make_client("Gina Gut", second)
    browser = page_of(cast.theo)
    assert [each.name for each in browser.get(URL).context["form"].books] == ["Book of rita", "Book of theo"]
    assert shown(browser, book=second.pk) == ["Gina Gut"]
    assert page_of(cast.rita).get(URL).context["form"].books == []


def test_a_foreign_book_shows_nothing(page_of, cast, book):
    assert shown(page_of(cast.rita), book=cast.otto_book.pk) == []


def test_otto_sees_only_his_own(page_of, cast, book):
    assert shown(page_of(cast.otto)) == ["Omar Trading Ltd"]


def test_htmx_gets_the_section_alone_and_a_clean_address(page_of, cast, book):
    headers = {"HX-Request": "true", "HX-Target": "section#clients"}
    answer = page_of(cast.rita).get(URL, {"segment": "hnw", "state": "", "name": ""}, headers=headers)
    assert answer.content.decode().startswith('<section class="card" id="clients"')
    assert answer.headers["HX-Push-Url"] == "/clients/?segment=hnw"


def test_each_filter_in_force_is_a_chip_that_takes_it_away(page_of, cast, book):
    form = (
        page_of(cast.rita)
        .get(URL, {"segment": "hnw", "kyc": "30", "sort": "-value", "after": "3"})
        .context["form"]
    )
    assert form.chips() == [
        {"label": "Segment", "value": "High net worth", "url": "?kyc=30&sort=-value"},
        {"label": "KYC", "value": "Due in 30 days", "url": "?segment=hnw&sort=-value"},
    ]


def test_a_view_is_saved_shown_replaced_and_removed(page_of, cast, book):
    browser = page_of(cast.rita)
    save = {"name": "Quiet ones", "page": "clients:list", "query": "silent=60"}
    assert browser.post(reverse("clients:view_new"), save)["Location"] == "/clients/?silent=60"
    browser.post(reverse("clients:view_new"), save | {"query": "silent=90"})
    view = SavedView.objects.get()
    assert (view.user, view.query) == (cast.rita, "silent=90")
    assert "Quiet ones" in browser.get(URL).content.decode()
    assert "Quiet ones" not in page_of(cast.otto).get(URL).content.decode()
    page_of(cast.otto).post(reverse("clients:view_removal", args=[view.pk]))
    assert SavedView.objects.exists()
    browser.post(reverse("clients:view_removal", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_list_costs_the_same_however_many_clients(page_of, cast, book, django_assert_num_queries):
    browser = page_of(cast.rita)
    browser.get(URL)
    for number in range(60):
        make_client(f"Many {number}", cast.rita_book)
    # session, person; savepoint and end; whom it is for; reach 2; page, count, cadence, views; audit; bell
    with django_assert_num_queries(12):
        assert len(browser.get(URL).context["page"]) == 50


# --- what serves a filter or an order at a million clients ------------------------------------------------
def everybody():
    return Client.objects.order_by()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("whose", ["one book", "the whole bank"])
def test_every_order_is_served_by_its_index(plan_of, sort, whose):
    column = sort.lstrip("-")
    index = f"client_{'book_id_' if whose == 'one book' else ''}{column}_id_idx"
    clients = everybody().filter(book_id__in=[7]) if whose == "one book" else everybody()
    ordered = clients.order_by(sort, "-id" if sort.startswith("-") else "id")[:51]
    plan = plan_of(*ordered.query.sql_with_params())
    assert index in plan
    assert "Seq Scan" not in plan


def test_the_richest_of_a_segment_stand_together_in_an_index(plan_of):
    rows = everybody().filter(segment="affluent").order_by("-value", "-id").values("pk")[:51]
    plan = plan_of(*rows.query.sql_with_params())
    assert "client_segment_value_id_book_id_barrier_id_idx" in plan
    assert "Filter" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"segment": "corporate"}, "client_segment_value_id_book_id_barrier_id_idx"),
        ({"state": "closed"}, "client_state_idx"),
        ({"risk": "high"}, "client_risk_idx"),
        ({"domicile": "IR"}, "client_domicile_idx"),
        ({"stage": "student"}, "client_stage_idx"),
        ({"silent": "90"}, "client_last_contact_on_id_idx"),
        ({"kyc": "overdue"}, "client_kyc_due_on_id_idx"),
        ({"assets": "5000000-"}, "client_value_id_idx"),
    ],
)
def test_every_filter_over_the_whole_bank_is_served_by_an_index(plan_of, asked, index):
    rows = filtered(everybody(), ClientFilter(asked).asked, date(2026, 11, 3)).values("pk")
    plan = plan_of(*rows.query.sql_with_params())
    assert index in plan
    assert "Seq Scan" not in plan
