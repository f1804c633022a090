"""What follows here from an act of invoicing."""

from typing import Any

from django.dispatch import receiver

from billing.invoicing import signals
from billing.sources.services.time import release_cancelled


@receiver(signals.invoice_credited)
def free_time(*, invoice: Any, **_: Any) -> None:
    """Let the time of a cancelled invoice be billed again."""
    release_cancelled(invoice=invoice)
