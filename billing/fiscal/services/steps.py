"""What every change of a certification does: a state, a step written down, who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.fiscal.models import Certification, CertificationEvent
from core.audit.log import record
from core.live.publishing import tell
from core.notify.team import tell_team
from core.outbox.services import owe

TOPIC = "fiscal_certify"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
State = Certification.State


@dataclass(frozen=True)
class Step:
    """What to write of a step beside its state."""

    kind: str
    at: datetime
    message: str = ""
    status: int = 0
    request: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    actor: Any = None


def locked(certification_id: int) -> Certification:
    """Read a certification again and hold it until the transaction ends."""
    rows = Certification.objects.select_for_update(of=("self",))
    return rows.select_related("invoice__company", "credit_note").get(pk=certification_id)


def move(row: Certification, state: str, step: Step, **changes: Any) -> None:
    """Put a locked certification in a state, with a step; `changes` are other columns."""
    before = row.state
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    write(row, step)
    if before != state:
        record(
            "certification_moved",
            row,
            actor=step.actor,
            changes={"state": [before, state]},
            reason=step.message,
        )
        tell("invoices", client_id=row.client_id, row=row.invoice_id)


def write(row: Certification, step: Step) -> None:
    """Write a step of a certification down."""
    actor = step.actor if step.actor is not None and step.actor.is_authenticated else None
    CertificationEvent.objects.create(
        client_id=row.client_id,
        certification=row,
        kind=step.kind,
        rank=row.rank,
        state=row.state,
        status=step.status,
        message=step.message,
        request=step.request,
        answer=step.answer,
        actor=actor,
        happened_at=step.at,
    )


def owe_sending(row: Certification, at: datetime, *, hour: datetime | None = None) -> None:
    """Owe the sending of a certification at a moment; the sweep owes it again, once an `hour`."""
    again = f":{hour:%Y%m%d%H}" if hour else ""
    owe(
        TOPIC,
        key=f"fiscal:{row.pk}:{row.rank}:{row.tries}{again}",
        payload={"certification_id": row.pk},
        client_id=row.client_id,
        at=at,
    )


def put_off(row: Certification, step: Step, *, state: str = State.TO_RETRY) -> None:
    """Have a locked certification tried again later, longer each time."""
    wait = min(FIRST_WAIT * 2 ** min(row.tries, 10), LONGEST_WAIT)
    row.tries += 1
    row.next_try_at = step.at + wait
    is_news = step.message != row.reason or state != row.state
    row.reason, row.sending_since = step.message, None
    if is_news:
        move(row, state, step)
    else:
        row.save()
    owe_sending(row, row.next_try_at)


def resume(row: Certification, at: datetime) -> None:
    """Have a locked certification tried now instead of later."""
    row.tries += 1
    row.next_try_at = at
    row.save(update_fields=["tries", "next_try_at"])
    owe_sending(row, at)


def alert(row: Certification, text: str) -> None:
    """Tell those of the team who follow the client, once per sending and state."""
    tell_team(
        "fiscal",
        client_id=row.client_id,
        text=_("%(paper)s : %(text)s") % {"paper": row.number, "text": text},
        detail=row.reason,
        url=reverse("wagtailsnippets_fiscal_certification:inspect", args=[row.pk]),
        key=f"{row.pk}:{row.rank}:{row.state}",
    )


def is_known_reference(row: Certification, reference: str) -> bool:
    """Tell whether another paper bears a reference already."""
    return Certification.objects.filter(reference=reference).exclude(pk=row.pk).exists()
