"""revoke_factors: a lost key, a lost phone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from audit.record import record
from rmcrm.management.people import person_of
from staff.login import factors, notices, sessions


class Command(BaseCommand):
    help = (
        "Take all second factors and recovery codes of a person away, end the person's sessions and remove "
        "the API token. The password stays; where a factor is demanded, the next login leads to setting up "
        "a new one. Make sure by another way than a mail that it is the person who asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--why", required=True, help="for the audit, such as the number of the ticket")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_of(options["login"])
        with transaction.atomic():
            taken, ended = factors.revoke(person), sessions.end_all(person)
            told = {"factors": taken, "sessions": ended.sessions, "tokens_ended": ended.tokens}
            record("second factors revoked", by=None, subject=person, why=options["why"], payload=told)
            notices.tell(person, notices.What.REVOKED)
        self.stdout.write(
            f"{taken} factors taken away, {ended.sessions} sessions ended, {ended.tokens} API tokens removed."
        )
