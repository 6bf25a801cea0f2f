"""How staff come in."""

from django.urls import reverse
from rest_framework.authtoken.models import Token

from audit.models import AuditEvent


def test_a_new_password_ends_the_key_to_the_api(cast, page_of, client):
    cast.rita.set_password("an old one of her own 1")
    cast.rita.save()
    key = {"Authorization": f"Token {Token.objects.create(user=cast.rita).key}"}
    assert client.get("/api/v1/clients/", headers=key).status_code == 200
    typed = {
        "oldpassword": "an old one of her own 1",
        "password1": "quite-another-9173",
        "password2": "quite-another-9173",
    }
    assert page_of(cast.rita).post(reverse("account_change_password"), typed).status_code == 302
    assert client.get("/api/v1/clients/", headers=key).status_code == 401
    event = AuditEvent.objects.get(verb="password changed")
    assert (event.by_id, event.payload) == (cast.rita.pk, {"tokens_ended": 1})
