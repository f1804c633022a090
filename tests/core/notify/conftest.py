"""Events of the tests, people to tell, and what was told."""

from datetime import UTC, datetime

import pytest

from core.access.roles import Grant
from core.notify import events
from core.notify.announcing import announce

FRIDAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # Abidjan has no summer time: UTC all year


@pytest.fixture(autouse=True)
def some_events(monkeypatch):
    """Only these events, whatever the product declares."""
    monkeypatch.setattr(events, "_events", {})
    events.declare_event(
        "document_shared",
        label="Nouveau document",
        group="Documents",
        grant=Grant.VIEW_PROJECTS,
    )
    events.declare_event(
        "invoice_issued", label="Facture", group="Factures", grant=Grant.VIEW_BILLING, kept=True
    )
    events.declare_event("task_moved", label="Tâche déplacée", group="Tâches", mails=False)


@pytest.fixture
def tell(acme):
    """Return a function that announces something at Acme."""

    def send(*people, event="document_shared", key="1", **more):
        facts = {
            "client_id": acme.pk,
            "text": f"Document {key}",
            "url": f"/client/documents/{key}/",
        }
        announce(event, to=people, key=key, **{**facts, **more})

    return send
