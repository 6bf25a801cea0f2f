"""The container's probe: `python deploy/alive.py web|sealer|worker|beat` ends with 0 when that part lives."""

import os
import ssl
import sys
import urllib.request
from urllib.error import HTTPError

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def web_answers() -> bool:
    """Any answer of /healthz is the web's: it also names what else is missing."""
    try:
        ours = ssl.create_default_context(cafile="/run/secrets/ca_cert")
        with urllib.request.urlopen("https://localhost:8000/healthz", timeout=4, context=ours) as answer:
            return answer.status == 200
    except HTTPError as error:
        return error.code == 503
    except OSError:
        return False


def has_sign(part: str) -> bool:
    """Worker and beat leave a sign in Redis that fades (rmcrm/celery.py)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")
    from django.core.cache import cache

    return cache.get(f"alive:{part}") is not None


def seals() -> bool:
    """The sealer says once a second in the database that it lives."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")
    os.environ.setdefault("RMCRM_DATABASE_ROLE", "sealer")  # which has no keys of clients' numbers here
    import django
    from django.db import connection

    django.setup()
    from audit.seals.checking import standing

    return standing(connection, with_anchors=False).alarm != "stopped"


PROBES = {"web": web_answers, "sealer": seals}

if __name__ == "__main__":
    asked = sys.argv[1]
    sys.exit(0 if PROBES.get(asked, lambda: has_sign(asked))() else 1)
