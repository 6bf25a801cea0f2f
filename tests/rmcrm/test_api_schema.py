"""The API does what its own description says, whatever is sent: schemathesis asks every operation."""

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from rest_framework.authtoken.models import Token
from schemathesis.config import SchemathesisConfig

from tests.cast import make_client

OURS = 2_000_000_000  # the id of a client of Rita's
DESCRIPTION = SchemaGenerator().get_schema(public=True)


def asked(times):
    """So many made-up requests an operation, besides those at each parameter's bounds."""
    return settings(
        max_examples=times,
        derandomize=True,  # the same requests on every run
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),  # the cast stands still while the examples run
    )


def described(**known):
    """The API as it describes itself; `known` are path parameters that are not made up."""
    config = {
        "parameters": {f"path.{name}": value for name, value in known.items()},
        "generation": {"allow-x00": False},  # PostgreSQL stores no NUL; it is asked for by hand below
    }
    api = schemathesis.openapi.from_dict(DESCRIPTION, config=SchemathesisConfig.from_dict(config))
    api.app = get_wsgi_application()
    return api


ANY_FILE, OUR_FILE = described(), described(client_id=OURS)


@pytest.fixture(autouse=True)
def one_transaction():
    """A server opens and closes connections with each request; here all share the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def ours(cast):
    return make_client("Nora Lind", cast.rita_book, id=OURS)


def token_of(person):
    return {"Authorization": f"Token {Token.objects.get_or_create(user=person)[0].key}"}


@ANY_FILE.include(path_regex="client_id").parametrize()
@asked(times=10)
def test_rita_is_answered_as_described_about_any_client(case, rita):
    case.call_and_validate(headers=token_of(rita))


@OUR_FILE.parametrize()
@asked(times=25)
def test_rita_is_answered_as_described(case, rita, ours):
    case.call_and_validate(headers=token_of(rita))


@OUR_FILE.parametrize()
@asked(times=10)
def test_cora_is_answered_as_described(case, cora, ours):
    case.call_and_validate(headers=token_of(cora))


@OUR_FILE.parametrize()
@asked(times=5)
def test_who_is_not_logged_in_is_told_so_and_nothing_else(case, ours):
    assert case.call().status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"channel":', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (r'{"channel": "\ud800", "purpose": "service", "summary": "x"}', "application/json", 400),
        (r'{"channel": "call", "purpose": "service", "summary": "\u0000"}', "application/json", 400),
        (
            '{"channel": "call", "purpose": "service", "summary": "x", "minutes": 1e99}',
            "application/json",
            400,
        ),
        ("[]", "application/json", 400),
        (b'{"summary": "\xff"}', "application/json", 400),
        ("channel=call", "application/x-www-form-urlencoded", 415),
        ("no part", "multipart/form-data; boundary=x", 415),
        ("no part", "multipart/form-data", 415),
        ("x" * 4_000_000, "application/json", 400),
    ],
)
@pytest.mark.parametrize("key", ["", "k"])
def test_what_is_no_json_is_refused_in_json(client, rita, ours, body, kind, status, key):
    headers = token_of(rita) | ({"Idempotency-Key": key} if key else {})
    answer = client.post(f"/api/v1/clients/{OURS}/interactions/", body, content_type=kind, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    assert answer.json()["reasons"]


def test_an_empty_filter_and_a_blank_text_are_as_described(client, rita, ours):
    for path, verbs in DESCRIPTION["paths"].items():
        for each in verbs.get("get", {}).get("parameters", []):
            if each["in"] == "query":
                jsonschema.validate("", each["schema"])
                url = path.replace("{client_id}", str(OURS))
                assert client.get(url, {each["name"]: ""}, headers=token_of(rita)).status_code == 200
    summary = DESCRIPTION["components"]["schemas"]["InteractionRequest"]["properties"]["summary"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(" \x1f", summary)


def test_an_address_that_leads_nowhere_is_a_404_in_json(client, rita):
    for path in ("", "nothing/", "clients/x/", f"clients/{'9' * 5000}/", f"clients/{'9' * 40}/"):
        answer = client.get(f"/api/v1/{path}", headers=token_of(rita))
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_a_mistake_of_ours_is_told_in_json(client, rita, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("clients.selectors.client_page", lambda *_: 1 / 0)
    answer = client.get("/api/v1/clients/", headers=token_of(rita))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")
