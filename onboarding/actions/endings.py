"""A relationship ends: asked for by who serves the client, confirmed or returned by a second person.

A lead comes to nothing by the word of one, who may take it up again.
"""

from datetime import UTC

from django.utils import timezone

from alerts.actions import look_at_client
from clients.actions.closing import close_file
from clients.models import Client
from clients.models import State as ClientState
from onboarding.actions.steps import hold_client, move
from onboarding.models import Ending, Onboarding, SetAside
from onboarding.rules import endings as rules
from onboarding.selectors import endings as selectors
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.carrying import NIGHT_SHIFT, transaction_for
from ui.refusals import refuse_if

State = Ending.State


@action(May.CLIENTS_EDIT, "end of the relationship asked for", on="clients.Client", remember=("cause",))
def ask_end(client: Client, *, by: User, cause: str, reason: str) -> Ending:
    """Nothing happens before a second person confirms it. Until then the client is served as ever."""
    found = selectors.to_see_to(by, client)
    refuse_if(selectors.refusals_to_ask(by, client, found, selectors.waits(client)))
    refuse_if(rules.refusals_to_give_cause(cause, reason))
    made: Ending = Ending.objects.create(
        client=client,
        cause=cause,
        reason=reason.strip(),
        fingerprint=selectors.fingerprint_of(client),
        asked_by=by,
    )
    return made


@action(May.ONBOARDING_APPROVE, "relationship ended", on="onboarding.Ending", step_up=True)
def confirm_end(ending: Ending, *, by: User) -> Ending:
    """The second person's word: the file is closed today, and its years begin."""
    client = _hold_client(ending)
    refuse_if(selectors.refusals_to_confirm(ending, by, selectors.to_see_to(by, client)))
    _decide(ending, State.CONFIRMED, by)
    close_file(client, by=by)
    with transaction_for(None, NIGHT_SHIFT):  # what was due of a client who is served is due no more
        look_at_client(client.pk, timezone.localdate())
    return ending


@action(May.ONBOARDING_APPROVE, "end of the relationship returned", on="onboarding.Ending")
def return_end(ending: Ending, *, by: User, answer: str) -> Ending:
    """The second person's no, with what is to be done: the client is served as before."""
    refuse_if(rules.refusals_to_return_end(selectors.refusals_to_decide(ending, by), answer))
    ending.answer = answer.strip()
    _decide(ending, State.REFUSED, by)
    return ending


@action(May.CLIENTS_EDIT, "request to end the relationship taken back", on="onboarding.Ending")
def take_back_end(ending: Ending, *, by: User) -> Ending:
    """By who asked for it."""
    own = by.is_same_person(ending.asked_by_id)
    refuse_if(rules.refusals_to_take_back_end(ending.stands, own=own))
    _decide(ending, State.WITHDRAWN, by)
    return ending


@action(May.CLIENTS_EDIT, "lead set aside", on="clients.Client", remember=("cause",))
def set_aside(client: Client, *, by: User, cause: str, reason: str) -> SetAside:
    """It came to nothing: the file is closed. What is frozen by a confirmed match stays as it is."""
    refuse_if(selectors.refusals_to_set_aside(by, client, selectors.to_see_to(by, client)))
    refuse_if(rules.refusals_to_say_why_aside(cause, reason))
    return _aside(client, by, cause, reason)


@action(May.CLIENTS_EDIT, "opening set aside", on="onboarding.Onboarding", remember=("cause",))
def set_opening_aside(onboarding: Onboarding, *, by: User, cause: str, reason: str) -> SetAside:
    """It comes to nothing, or was a mistake: the file is closed, as of a lead, and no second person asked."""
    client = hold_client(onboarding)
    found = selectors.to_see_to(by, client)
    refuse_if(selectors.refusals_to_set_opening_aside(by, onboarding, found))
    refuse_if(rules.refusals_to_say_why_aside(cause, reason))
    move(onboarding, Onboarding.State.SET_ASIDE)
    return _aside(client, by, cause, reason)


def _aside(client: Client, by: User, cause: str, reason: str) -> SetAside:
    made: SetAside = SetAside.objects.create(client=client, cause=cause, reason=reason.strip(), by=by)
    close_file(client, by=by)
    return made


@action(May.CLIENTS_EDIT, "lead taken up again", on="onboarding.SetAside")
def take_up(aside: SetAside, *, by: User) -> SetAside:
    """A lead again, or an opening, as before: PostgreSQL takes the day on which it was closed away."""
    client = _hold_client(aside)
    refuse_if(
        rules.refusals_to_take_up(
            client.state,
            taken_up=aside.taken_up_at is not None,
            set_aside_on=aside.at.astimezone(UTC).date(),
            closed_on=client.closed_on,
        )
    )
    opening = Onboarding.objects.filter(client=client, state=Onboarding.State.SET_ASIDE).first()
    if opening is not None:
        opening.hold_reason, opening.held_by = "", None
        opening.save(update_fields=["hold_reason", "held_by"])
        move(opening, Onboarding.State.COLLECTING)
    client.state = ClientState.LEAD if opening is None else ClientState.ONBOARDING
    client.save(update_fields=["state"])
    aside.taken_up_at, aside.taken_up_by = timezone.now(), by
    aside.save(update_fields=["taken_up_at", "taken_up_by"])
    return aside


def _hold_client(of: Ending | SetAside) -> Client:
    """Nobody changes who the client is while this verb runs: changes of a file lock its client too."""
    client: Client = Client.objects.select_for_update(no_key=True).get(pk=of.client_id)
    of.client = client
    return client


def _decide(ending: Ending, state: str, by: User) -> None:
    ending.decide(state, by)
    ending.save(update_fields=["state", "decided_by", "decided_at", "answer"])
