"""make_token: how a person gets a key to the API."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent


def token_for(login):
    out = StringIO()
    call_command("make_token", login, stdout=out)
    return out.getvalue().strip()


def status_with(client, token):
    return client.get("/api/v1/clients/", headers={"Authorization": f"Token {token}"}).status_code


def test_a_token_opens_the_api_and_a_new_one_ends_it(client, rita):
    first = token_for("rita")
    assert status_with(client, first) == 200
    second = token_for("rita")
    assert (status_with(client, first), status_with(client, second)) == (401, 200)
    assert AuditEvent.objects.filter(verb="API token made").count() == 2


def test_nobody_gets_a_token_who_does_not_work_here(rita):
    rita.is_active = False
    rita.save()
    for login in ("rita", "nobody"):
        with pytest.raises(CommandError, match=login):
            token_for(login)
