"""What payments hold on a person: those they started."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from billing.payments.models import PaymentAttempt
from core.hooks import PersonalData


@hooks.register("nourx_personal_data")
def data_of_payments(person: Any) -> Iterator[PersonalData]:
    attempts = PaymentAttempt.objects.filter(started_by=person).order_by("pk")
    yield PersonalData(
        "paiements-lances",
        list(attempts.values("reference", "invoice__number", "amount", "state", "created_at")),
    )
