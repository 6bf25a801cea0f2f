"""THE TABLE of every door: URL name, the object it is about, who may read it and who may write there.

A new URL is one line here. In words:

    Door("clients:task_new", on="client", get=SEERS, post=DESK, send={...})

on     the object on the stage (tests/house/stage.py) whose id the address carries, or ""
       Rita's is "own"; for Otto the same one is foreign; 999999 is missing for everyone.
sees   who can see that object; for all others it does not exist: 404, the same as missing
get    who is answered 200
post   who gets through: 303 done, 409 refused by a rule, 422 the form again; who sees but is not named: 403
send   what a POST carries, as the form would send it

Who is not logged in, or disabled, is sent to the login by every door but those named OPEN.
"""

from dataclasses import dataclass, field
from typing import Any

PEOPLE = (
    "rita",
    "theo",
    "cora",
    "otto",
    "ada",
    "udo",
    "lena",
)  # udo: auditor; lena: assistant in Rita's book
OUTSIDE = ("anonymous", "dora")  # dora: disabled

EVERYONE = " ".join(PEOPLE)
SEERS = "rita theo cora udo lena"  # who sees Rita's clients
DESK = "rita theo lena"  # who serves them
ADVISERS = "rita theo"  # who advises them
FRONT = "rita theo otto lena"  # everyone with clients to serve, for addresses without an object
SAVERS = "rita theo cora otto udo lena"  # everyone but the administrator has lists to come back to
OFFICERS = "cora"
AUDITORS = "cora udo"
LEADS = "theo"


@dataclass(frozen=True)
class Door:
    name: str
    on: str = ""
    get: str = ""
    post: str = ""
    sees: str = ""
    send: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    done: tuple[int, ...] = (303, 409, 422)
    gone_is_done: bool = False  # what is not there (or not mine) need not be removed: the same answer for all

    def seers(self) -> set[str]:
        if self.sees:
            return set(self.sees.split())
        return set((SEERS if self.on else EVERYONE).split())

    def expected(self, person: str, method: str, missing: bool) -> tuple[int, ...]:
        """The statuses that are right, one or few."""
        if person in OUTSIDE:
            return (302,)  # to the login
        allowed = set((self.get if method == "GET" else self.post).split())
        if not allowed:
            return (405,)
        if self.on and not self.gone_is_done and (missing or person not in self.seers()):
            return (404,)
        if person not in allowed:
            return (403,)
        return (200,) if method == "GET" else self.done


@dataclass(frozen=True)
class Open:
    """A door that is open to who is not logged in, and why. `status`: (outside, inside) for a GET."""

    name: str
    because: str
    status: tuple[tuple[int, ...], tuple[int, ...]]


A_CALL = {"channel": "call", "purpose": "service", "summary": "Asked about a card", "at": "2026-01-05T10:00"}

A_TASK = {"kind": "call", "title": "Call", "due_on": "2027-01-04"}
A_MOVE = {"to": "need_confirmed", "seen": "identified"}
A_VIEW = {"name": "Mine", "page": "clients:list"}

DOORS = [
    # --- what a person sees first
    Door("home", get=EVERYONE),
    Door("client", on="client", get=SEERS),
    # --- clients
    Door("clients:list", get=EVERYONE),
    Door("clients:interaction_new", on="client", get=SEERS, post=DESK, send=A_CALL),
    Door("clients:task_new", on="client", get=SEERS, post=DESK, send=A_TASK),
    Door("clients:task_completion", on="task", post=DESK),
    Door("clients:view_new", post=SAVERS, send=A_VIEW),
    Door("clients:view_removal", on="saved_view", post=SAVERS, sees=EVERYONE, gone_is_done=True),
    # --- opportunities
    Door("opportunities:pipeline", get="rita theo otto"),
    Door("opportunities:suggestions", get="rita theo otto"),
    Door("opportunities:client", on="client", get=SEERS),
    Door("opportunities:new", on="client", post=ADVISERS, send={"product_kind": "pension"}),
    Door("opportunities:opportunity", on="opportunity", get=SEERS),
    Door("opportunities:stage", on="opportunity", post=ADVISERS, send=A_MOVE),
    Door("opportunities:closure", on="opportunity", post=ADVISERS, send={"reason": "price"}),
    # --- portfolios
    Door("portfolios:client", on="client", get=SEERS),
]  # fmt: skip

OPEN = [
    Open("healthz", "probes have no login; it tells nothing of a client", ((200, 503), (200, 503))),
    Open("account_login", "allauth: the login itself", ((200,), (302,))),
    Open("account_logout", "allauth: asks first, and goes by POST only", ((302,), (200,))),
    Open("account_reauthenticate", "allauth: asks for the password again", ((302,), (200,))),
    Open("account_change_password", "allauth: a person's own password", ((302,), (200,))),
    Open("account_inactive", "allauth: says that an account is disabled", ((200,), (200,))),
    Open("account_signup", "allauth: says that nobody signs up here", ((200,), (302,))),
]  # fmt: skip
