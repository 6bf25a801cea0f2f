"""Keyset pages: walking forward shows every row once and in order, and walking back the same."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clients.models import Client
from tests.cast import make_cast, make_client
from ui.paging import keyset


class Walks(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        values=st.lists(st.integers(0, 3), min_size=0, max_size=12),
        sort=st.sampled_from(["value", "-value", "name", "-name"]),
        size=st.integers(1, 5),
    )
    def test_every_row_once_forward_and_back(self, values, sort, size):
        book = make_cast().rita_book
        Client.objects.all().delete()
        for number, value in enumerate(values):
            make_client(f"Client {value} {number % 2}", book, value=Decimal(value))
        column = sort.lstrip("-")
        ordered = Client.objects.order_by(sort, "-id" if sort.startswith("-") else "id")
        expected = [(getattr(client, column), client.pk) for client in ordered]

        forward, page = [], keyset(Client.objects.all(), sort, size=size)
        forward += page.rows
        while page.after is not None:
            page = keyset(Client.objects.all(), sort, after=page.after, size=size)
            assert page.before is not None
            forward += page.rows
        assert [(getattr(row, column), row.pk) for row in forward] == expected

        backward = list(page.rows)
        while page.before is not None:
            page = keyset(Client.objects.all(), sort, before=page.before, size=size)
            backward = page.rows + backward
        assert [(getattr(row, column), row.pk) for row in backward] == expected


def test_an_edge_that_is_gone_starts_at_the_first_page(anna):
    assert keyset(Client.objects.all(), "name", after=999_999).rows[0] == Client.objects.earliest(
        "name", "id"
    )


def test_a_count_is_capped(cast, monkeypatch):
    monkeypatch.setattr("ui.paging.COUNT_CAP", 1)
    page = keyset(Client.objects.all(), "name")
    assert (page.count, page.capped) == (1, True)


def test_a_page_costs_two_queries_and_three_beyond_the_first(cast, django_assert_num_queries):
    make_client("Berta Amsler", cast.rita_book, since_on=date(2020, 1, 1))
    with django_assert_num_queries(2):
        first = keyset(Client.objects.all(), "name", size=1)
    with django_assert_num_queries(3):
        keyset(Client.objects.all(), "name", after=first.after, size=1)


@pytest.mark.parametrize("sort", ["name", "-value", "last_contact_on", "-kyc_due_on"])
def test_no_sort_column_may_be_null(sort):
    assert Client._meta.get_field(sort.lstrip("-")).null is False
