"""end_sessions: a lost device, a dismissal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from audit.record import record
from rmcrm.management.people import person_of
from staff.login import sessions


class Command(BaseCommand):
    help = (
        "End all sessions of a person and remove the API token: whatever is clicked next leads to the login, "
        "and programs are turned away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--why", required=True, help="for the audit")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_of(options["login"])
        with transaction.atomic():
            ended = sessions.end_all(person)
            record(
                "sessions ended by an administrator",
                by=None,
                subject=person,
                why=options["why"],
                payload={"sessions": ended.sessions, "tokens_ended": ended.tokens},
            )
        self.stdout.write(f"{ended.sessions} sessions ended, {ended.tokens} API tokens removed.")
