"""Mira the MLRO, and a suspicion that Rita handed over about Anna."""

from django.urls import reverse

from staff.roles import Role
from suspicion.models import Case
from tests.cast import make_person
from ui.carrying import carry_person

SAID = {
    "ground": "payments",
    "what": "Cash in a suitcase, every Friday",
    "knows": "no",
    "amount": "9,900",
}


def mira():
    return make_person("mira", Role.MLRO)


def hand_over(browser, client=None, **said):
    about = {"client": client.pk} if client else {"about": "The man at the counter"}
    return browser.post(reverse("suspicion:report"), SAID | about | {"form_key": "one"} | said)


def as_(person):
    """From here on PostgreSQL answers as it would answer this person."""
    carry_person(person.pk)


def the_case(mira):
    as_(mira)
    return Case.objects.get()
