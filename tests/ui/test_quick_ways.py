"""What is done by hand because it is done a hundred times a page does what Django would have done."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponse
from django.template import Context, Template
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, reverse

from ui.addresses import address
from ui.forms import DateInput, MoneyInput, Renderer
from ui.models import Answer
from ui.pages import page

NASTY = "<b>\"x\"&'y'</b>"
CHOICES = [("", "All"), ("a", NASTY), (3, "Three"), ("Group", [("b", "Bee"), ("c", "Cee")])]
WIDGETS = [
    (forms.TextInput(attrs={"class": "form-control", "required": True, "readonly": False}), NASTY),
    (forms.TextInput(), None),
    (forms.NumberInput(attrs={"min": 1}), 1234),
    (forms.EmailInput(), "a@b.example"),
    (forms.HiddenInput(), 0),
    (DateInput(), "2026-11-24"),
    (MoneyInput(), "1.234,50"),
    (forms.Select(attrs={"class": "form-select"}, choices=CHOICES), "a"),
    (forms.Select(choices=CHOICES), 3),
    (forms.Select(choices=CHOICES), None),
    (forms.SelectMultiple(choices=CHOICES), ["a", "c"]),
    (forms.CheckboxInput(), True),
    (forms.Textarea(), NASTY),
]


def squeezed(html: str) -> str:
    return "".join(line.strip() for line in html.splitlines())


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_field_looks_as_django_draws_it(widget, value):
    ours = widget.render("field", value, attrs={"id": "id_field"}, renderer=Renderer())
    theirs = widget.render("field", value, attrs={"id": "id_field"}, renderer=TemplatesSetting())
    assert squeezed(ours) == squeezed(theirs)
    assert "<b>" not in ours


@pytest.mark.parametrize(
    ("name", "ids"), [("clients:list", []), ("client", [7]), ("clients:document", [12, 345])]
)
def test_an_address_is_the_one_django_finds(name, ids):
    assert address(name, *ids) == reverse(name, args=ids)


def test_an_address_knows_below_which_path_we_are_served():
    with override_script_prefix("/crm/"):
        assert address("client", 7) == "/crm/clients/7/"
    assert address("client", 7) == "/clients/7/"


def test_an_unknown_address_is_an_error_and_with_as_it_is_empty():
    with pytest.raises(NoReverseMatch):
        Template("{% url 'nowhere' 7 %}").render(Context())
    assert Template("{% url 'nowhere' as here %}[{{ here }}]").render(Context()) == "[]"
    assert Template("{% url 'client' pk as here %}[{{ here }}]").render(Context({"pk": 7})) == "[/clients/7/]"


def test_a_message_is_shown_once_on_the_next_page(page_of, rita, anna):
    rita_browser = page_of(rita)
    call = {
        "channel": "call",
        "purpose": "service",
        "summary": "Asked",
        "at": "2026-01-05T10:00",
        "late_reason": "The notes came by post",
        "form_key": "k1",
    }
    answer = rita_browser.post(f"/clients/{anna.pk}/interactions/new/", call | {"form_key": "k1"})
    assert answer.status_code == 303
    assert "Logged." in rita_browser.get(answer["Location"]).content.decode()
    assert "Logged." not in rita_browser.get(answer["Location"]).content.decode()


def test_who_was_logged_out_meanwhile_changes_nothing(rf, rita, db):
    """The session's row is gone when the page wants to keep a message in it: the page is undone."""
    from django.contrib import messages
    from django.contrib.messages.storage.session import SessionStorage
    from django.contrib.sessions.exceptions import SessionInterrupted

    from ui.sessions import SessionStore

    request = rf.post("/", {"form_key": "gone"})
    request.user, request.session = rita, SessionStore()
    request.session["begun"] = 1
    request.session.save()
    request._messages = SessionStorage(request)

    @page
    def view(request):
        messages.success(request, "Done.")
        request.session.delete(request.session.session_key)
        return HttpResponse(status=303, headers={"Location": "/"})

    with pytest.raises(SessionInterrupted):
        view(request)
    assert not Answer.objects.filter(person_id=rita.pk, key="gone").exists()
