"""start_password: who is new here, or forgot, sets a password that nobody else knows."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit.record import record
from rmcrm.management.people import person_of
from staff.login import notices, starting
from staff.models import User


class Command(BaseCommand):
    help = (
        "Mail a person a code by which the person sets a new password. It works once and for half an hour, "
        "and is shown to nobody else; the second factor stays as it is. Make sure by another way than a mail "
        "that it is the person who asks. A demo, from which no mail leaves, prints the code."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--why", required=True, help="for the audit, such as the number of the ticket")

    def handle(self, *args: Any, **options: Any) -> None:
        start(self, person_of(options["login"]), options["why"])


def start(command: BaseCommand, person: User, why: str) -> None:
    """Likewise for who was made this moment (make_person)."""
    refusals = starting.refusals_to_start(person)
    shown = settings.DEMO and settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
    if refusals and not (shown and person.is_active):
        raise CommandError(" ".join(refusals))
    with transaction.atomic():
        record("password started by an administrator", by=None, subject=person, why=why)
        notices.tell(person, notices.What.STARTED)
        if shown:
            command.stdout.write(f"No mail leaves this demo. The code: {starting.make_code(person)}")
            return
        starting.ask_for_code(person)
    command.stdout.write(f"A code is on its way to {person.email}.")
