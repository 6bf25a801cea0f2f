#!/usr/bin/env python3
"""Django's command line; each command runs as the database role that it needs and no more."""

import os
import sys

# The owner makes tables, the loader fills them by COPY, the sealer seals the audit; everything else is the
# application.
ROLE_OF_COMMAND = {
    "migrate": "owner",
    "sqlmigrate": "owner",
    "retire_audit": "owner",
    "seal": "sealer",
    "verify_audit": "sealer",
    "make_bank": "loader",
    "import_bank": "loader",
    "import_rates": "loader",
    "import_prices": "loader",
}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")
    os.environ.setdefault("RMCRM_DATABASE_ROLE", ROLE_OF_COMMAND.get(command, "app"))
    import django
    from django.core.management import execute_from_command_line

    from rmcrm.standing import OtherKeys, StandsTooHigh, look_now

    try:
        if command == "shell":  # the others are looked at when they first ask the database
            django.setup()
            look_now()
        execute_from_command_line(sys.argv)
    except (StandsTooHigh, OtherKeys) as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
