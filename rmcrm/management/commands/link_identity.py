"""link_identity: whose an account at the bank's identity provider is."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from audit.record import record
from rmcrm.management.people import person_of
from staff.login import oidc


class Command(BaseCommand):
    help = "Let a person who is here already log in by the bank's identity provider, by one account there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("issuer", help="iss, as the provider's configuration says it")
        parser.add_argument("subject", help="sub, the provider's number of the person, no mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_of(options["login"])
        try:
            with transaction.atomic():
                oidc.link(person, options["issuer"], options["subject"])
                record("identity linked", by=None, subject=person, why="link_identity")
        except IntegrityError as error:
            raise CommandError("This account of the bank is linked to somebody else.") from error
        self.stdout.write(f"{person.login} logs in as {options['subject']} of {options['issuer']}.")
