"""What machines ask of the site: alive, ready, and its figures."""

import pytest
from django.core.checks import run_checks

from core.access.tasks import heartbeat
from core.outbox.services import owe


def test_alive_needs_neither_database_nor_session(client):
    """Without the `db` fixture, a query would fail this test."""
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_ready_when_every_part_answers(client, db):
    heartbeat()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": True, "redis": True, "storage": True, "worker": True}


def test_not_ready_without_a_worker(client, db):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": True, "redis": True, "storage": True, "worker": False}


def test_not_ready_without_redis(client, db, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}
    }

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": True, "redis": False, "storage": True, "worker": False}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic c2VjcmV0", "s3cret"])
def test_figures_are_for_the_holder_of_the_token(client, db, settings, header):
    settings.METRICS_TOKEN = "s3cret"

    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer None"])
def test_without_a_token_in_the_settings_there_are_no_figures(client, db, settings, header):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_figures_count_what_is_owed(client, db, settings):
    settings.METRICS_TOKEN = "s3cret"
    owe("test", key="a", payload={})
    owe("test", key="b", payload={})

    page = client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).content.decode()

    assert 'nourx_owed_work{state="owed"} 2.0' in page
    assert 'nourx_owed_work{state="dead"} 0.0' in page
    assert "nourx_worker_up 0.0" in page


# --- Checks at start ------------------------------------------------------------------------


def ids_of(settings, **values):
    for name, value in values.items():
        setattr(settings, name, value)
    return {message.id for message in run_checks(tags=["security"])}


def test_production_may_not_turn_the_second_factor_off(settings):
    found = ids_of(
        settings, DEBUG=False, DEMO_ACCOUNTS_ALLOWED=False, STAFF_SECOND_FACTOR_REQUIRED=False
    )

    assert "nourx.E003" in found


@pytest.mark.parametrize(
    "values",
    [
        {"DEMO_ACCOUNTS_ALLOWED": False, "STAFF_SECOND_FACTOR_REQUIRED": True},
        {"DEMO_ACCOUNTS_ALLOWED": True, "STAFF_SECOND_FACTOR_REQUIRED": False},
    ],
)
def test_demonstration_and_development_may(settings, values):
    assert "nourx.E003" not in ids_of(settings, DEBUG=False, **values)


def test_a_cache_of_one_process_is_refused(settings):
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

    assert "nourx.E002" in ids_of(settings, CACHES={"default": cache})
