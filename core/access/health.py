"""What machines ask: is the site alive, is everything it stands on ready, how much work waits."""

import secrets
from collections.abc import Callable
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    generate_latest,
)
from redis.exceptions import RedisError

from core.outbox.models import OwedWork

HEARTBEAT = "worker-heartbeat"
HEARTBEAT_SECONDS = 120  # without a beat for so long, the worker or its schedule is down


def beat(at: datetime) -> None:
    """Say that the schedule runs and that a worker answers it."""
    cache.set(HEARTBEAT, at.timestamp(), HEARTBEAT_SECONDS)


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process does: no database, no Redis."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything the site stands on answers, else 503 with what does not."""
    found = {name: is_ready() for name, is_ready in PARTS.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give figures to Prometheus, against the token of the settings; 404 to anybody else."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Http404
    page = generate_latest(REGISTRY) + generate_latest(_figures(timezone.now()))
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        cache.get(HEARTBEAT)
    except RedisError:
        return False
    return True


def _storage() -> bool:
    try:
        storages["private"].exists("docs/none")
    except (OSError, BotoCoreError, ClientError):
        return False
    return True


def _worker() -> bool:
    try:
        return cache.get(HEARTBEAT) is not None
    except RedisError:
        return False


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "storage": _storage,
    "worker": _worker,
}


def _figures(now: datetime) -> CollectorRegistry:
    """Return what the whole installation shows; the default registry holds this process."""
    registry = CollectorRegistry()
    work = Gauge("nourx_owed_work", "Pieces of owed work", ["state"], registry=registry)
    counts = dict(OwedWork.objects.values_list("state").annotate(Count("pk")))
    for state in OwedWork.State.values:
        work.labels(state).set(counts.get(state, 0))
    waiting = OwedWork.objects.filter(state=OwedWork.State.OWED, next_try_at__lte=now)
    oldest = waiting.aggregate(at=Min("next_try_at"))["at"] or now
    Gauge(
        "nourx_owed_work_oldest_seconds", "How long the oldest due work waits", registry=registry
    ).set((now - oldest).total_seconds())
    Gauge("nourx_worker_up", "1 when a worker answered lately", registry=registry).set(_worker())
    return registry
