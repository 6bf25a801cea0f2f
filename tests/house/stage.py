"""One object of each kind in the file of Rita's client, for the walk through the doors: `Stage.<on>`."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from clients.models import Task
from opportunities.models import Opportunity
from staff.models import BookMember, SavedView
from staff.roles import Role
from tests.cast import LONG_AGO, Cast, make_person

MISSING = 999_999


class Stage:
    """Each object is made when it is first asked for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        udo = make_person("udo", Role.AUDITOR)
        lena = make_person("lena", Role.ASSISTANT, cast.rita.team)
        dora = make_person("dora", Role.RM, cast.rita.team)
        for person, role in ((lena, "assistant"), (dora, "deputy")):
            BookMember.objects.create(book=cast.rita_book, user=person, role=role, during=(LONG_AGO, None))
        # With a password, as who logs in by form has one: allauth's pages about passwords ask for it.
        cast.rita.set_password("correct horse battery staple")
        cast.rita.save(update_fields=["password"])
        self.people = {"udo": udo, "lena": lena, "dora": dora} | {
            name: getattr(cast, name) for name in ("rita", "theo", "cora", "otto", "ada")
        }

    @property
    def client(self):
        return self.cast.anna

    @cached_property
    def task(self):
        return Task.objects.create(
            client=self.client, kind="call", title="Call back", assigned_to=self.cast.rita,
            due_on=timezone.localdate() + timedelta(days=3),
        )  # fmt: skip

    @cached_property
    def saved_view(self):
        return SavedView.objects.create(
            user=self.cast.rita, page="clients:list", name="Silent", query="silent=90"
        )

    @cached_property
    def opportunity(self):
        return Opportunity.objects.create(
            client=self.client, product_kind="pension", reason="life_event", owner=self.cast.rita
        )
