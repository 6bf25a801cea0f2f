"""GET /healthz: 200 when database, sealer, Redis, worker and beat are alive, else 503 naming which is not."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

from audit.seals.checking import standing

PARTS = ("database", "sealer", "redis", "worker", "beat")


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    alive = dict.fromkeys(PARTS, False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        alive["database"] = True
        # Within five seconds after sealing has stopped, or stands still, this says so.
        alive["sealer"] = standing(connection, with_anchors=False).alarm not in ("stopped", "late")
    except DatabaseError:
        pass
    try:
        signs = cache.get_many(["alive:worker", "alive:beat"])
        alive |= {"redis": True, "worker": "alive:worker" in signs, "beat": "alive:beat" in signs}
    except RedisError:
        pass
    missing = [part for part in PARTS if not alive[part]]
    return JsonResponse({"ok": not missing, "missing": missing}, status=503 if missing else 200)
