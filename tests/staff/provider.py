"""An identity provider of the tests' own: its pages say what a test lets them say, its tokens what it makes.

Where oidc-provider-mock plays a good one (test_bank_login.py), this one plays every bad one: it signs
whatever it is told with keys of its own.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "rm-crm"
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def as_jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    return jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}


class Provider:
    """Running at `url`. What `says` holds stands in its configuration, what `token` holds it hands out."""

    def __init__(self) -> None:
        self.key, self.other = new_key(), new_key()
        self.says: dict[str, Any] = {}
        self.token = ""
        self.asked: list[str] = []
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                known = {"/.well-known/openid-configuration": provider.config, "/keys": provider.keys}
                # What lies under /evil/ is the attacker's own, wherever a token points.
                self.answer(known.get(self.path, provider.evil_keys)())

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer({"access_token": ACCESS, "token_type": "Bearer", "id_token": provider.token})

            def answer(self, what: dict[str, Any]) -> None:
                body = json.dumps(what).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("localhost", 0), Answers)
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def config(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.url, **{name: self.url + path for name, path in ends.items()}} | self.says

    def keys(self) -> dict[str, Any]:
        return {"keys": [as_jwk(self.key, "ours")]}

    def evil_keys(self) -> dict[str, Any]:
        return {"keys": [as_jwk(self.other, "ours")]}

    def about_rita(self, **claims: Any) -> dict[str, Any]:
        now = int(time.time())
        right = {
            "iss": self.url, "sub": "r-17", "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now,
            "groups": ["crm-rm"], "sid": "there-1",
        }  # fmt: skip
        return {name: value for name, value in (right | claims).items() if value is not None}

    def signed(self, claims: dict[str, Any], *, key: Any = None, alg: str = "RS256", **headers: Any) -> str:
        return jwt.encode(claims, key or self.key, alg, headers={"kid": "ours", **headers})

    def logout_token(self, *, key: Any = None, typ: str = "logout+jwt", **claims: Any) -> str:
        now = int(time.time())
        right = {
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "1", "sub": "r-17",
            "events": {LOGGED_OUT: {}},
        }  # fmt: skip
        kept = {name: value for name, value in (right | claims).items() if value is not None}
        return self.signed(kept, key=key, typ=typ)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


ACCESS = "an-access-token-that-nobody-else-needs"


def sent_to(answer: Any) -> dict[str, str]:
    """What our answer asks the provider, by name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
