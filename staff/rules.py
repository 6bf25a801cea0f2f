"""How often one may try to come in, how long a session lasts, who has which role, who is second. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta


def window(tries: int, minutes: int) -> tuple[int, timedelta]:
    return tries, timedelta(minutes=minutes)


# What an attacker gets: so many tries are looked at in so many minutes, and not one more (NIST SP 800-63B).
# A person on a device that he or she has logged in from before has a budget apart, so that nobody who tries
# from elsewhere, however often, keeps the rightful person out.
Budget = Sequence[tuple[int, timedelta]]
PER_PLACE: Budget = (window(5, 5), window(10, 15))  # one login from one address, or on one known device
PER_LOGIN: Budget = (window(60, 60),)  # one login from everywhere, the known devices left out
PER_ADDRESS: Budget = (window(100, 15),)  # all logins from one address, likewise: an office may share it
PER_CODE: Budget = (window(5, 5),)  # codes of one person: six digits are few
LONGEST = timedelta(hours=1)

PASSWORD_CODE_MINUTES = 30  # a code by which somebody sets a password works for so long, and once


def refusals_to_start_password(active: bool, by_bank: bool, has_mail: bool, mail_leaves: bool) -> list[str]:
    """Why no code for a new password goes to this person."""
    if not active:
        return ["Who is disabled gets no new password. Let the person in again first."]
    if by_bank:
        return ["This person logs in by the bank's identity provider and needs no password here."]
    if not mail_leaves:
        return ["No mail leaves here (SMTP_HOST is not set), and nobody else may see the code."]
    if not has_mail:
        return ["No mail address of this person is known here, and nobody else may see the code."]
    return []


def wait(failed: Iterable[datetime], budget: Budget, now: datetime) -> timedelta:
    """How long until one more try may be looked at; zero when it may now.

    A try that lies in the future was made before the clock was put back: it counts as one of this moment.
    """
    times = sorted((min(at, now) for at in failed), reverse=True)
    longest = timedelta()
    for tries, span in budget:
        if len(times) >= tries:
            longest = max(longest, times[tries - 1] + span - now)
    return longest


# A clock may differ by this much from one server to the next; what is further ahead was put back.
CLOCKS_DIFFER = 60


def session_is_over(begun: int, seen: int, now: int, *, idle: int, total: int) -> bool:
    """Idle too long, too long in all, or the clock went back, which would prolong it. All in seconds."""
    if now < max(begun, seen) - CLOCKS_DIFFER:
        return True
    return now - seen > idle or now - begun > total


def is_fresh(confirmed: int | None, now: int, *, within: int) -> bool:
    """Was it confirmed a short while ago that it is really this person? All in seconds."""
    return confirmed is not None and -CLOCKS_DIFFER <= now - confirmed <= within


def role_given(claim: object, roles: Mapping[str, str]) -> str | None:
    """The one role that a claim of the bank's identity provider gives: none and several give none."""
    said = claim if isinstance(claim, list) else [claim]
    given = {roles[each] for each in said if isinstance(each, str) and each in roles}
    return given.pop() if len(given) == 1 else None


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def device_named(user_agent: str) -> tuple[str, str]:
    """(browser, system) in words, each "" where the browser does not say. It says what it likes: no proof."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return browser, system


# --- reasons ---------------------------------------------------------------------------------------------
def refusals_of_another_reason(reason: str, words: str) -> list[str]:
    """ "Another reason" of a list says nothing by itself. One answer for every list that has it."""
    if reason != "other" or words.strip():
        return []
    return ["Say it in words: the list does not know the reason."]


# --- four eyes -------------------------------------------------------------------------------------------
def refusals_to_be_second(state: str, *, own: bool, stale: bool = False) -> list[str]:
    """Who asked never confirms, in whatever role or login; nor does anybody confirm what is no longer so.

    EBA/GL/2021/05; ASVS 5.0 V2.3.5. One answer for every `Proposal` (ADR 0022), for the approval of
    an opening and for a rating set by hand; screening hits and rule packs have states of their own.
    """
    if refusals := refusals_to_end(state):
        return refusals
    if own:
        return ["You asked for this: a second person confirms."]
    if stale:
        return ["What this is about has changed since it was asked for: refuse it, and let it be asked anew."]
    return []


def refusals_to_end(state: str) -> list[str]:
    """To refuse a proposal, or to take back what one asked for oneself."""
    if state == "fallen":
        return ["It has fallen: what it was about has changed meanwhile. Ask anew."]
    if state == "expired":
        return ["It is void: nobody confirmed it by its last day. Ask anew."]
    return [] if state == "waiting" else ["This was decided already."]


def refusals_to_change_person(
    *, oneself: bool, changes: bool, role_by_bank: bool, waits: bool, needs_team: bool
) -> list[str]:
    """To ask for a role, a team, or the way back of somebody disabled.

    role_by_bank: the role would change, and the bank's identity provider is who says it. needs_team: a role
    that is nothing without a team.
    """
    if oneself:
        return ["Nobody changes oneself: ask a colleague."]
    refusals = [] if changes else ["Nothing would change."]
    if role_by_bank:
        refusals.append("The role comes from the bank's identity provider at each log-in: change it there.")
    if needs_team:
        refusals.append("Choose a team: this role sees the books of one.")
    if waits:
        refusals.append("A change of this colleague waits already: take it back, or let it be confirmed.")
    return refusals


def refusals_to_confirm_person(
    state: str, *, own: bool, oneself: bool, reports: bool, by_is_reporting: bool, stale: bool
) -> list[str]:
    """reports: it is about who is a money laundering reporting officer, before whom suspicions lie."""
    refusals = refusals_to_be_second(state, own=own, stale=stale and not oneself)
    if not refusals and oneself:
        return ["This is about you: somebody else confirms."]
    if not refusals and reports and not by_is_reporting:
        return ["Who is to see suspicions is confirmed by a money laundering reporting officer."]
    return refusals


def refusals_to_disable(*, oneself: bool, is_active: bool, last_officer: bool) -> list[str]:
    """By one person and at once, for it only takes away."""
    if not is_active:
        return ["This colleague is disabled already."]
    if oneself:
        return ["Nobody disables oneself: ask a colleague."]
    return ["Nobody would be left to confirm a way back: name another officer first."] if last_officer else []
