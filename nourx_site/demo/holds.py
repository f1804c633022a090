"""Late invoices that are not reminded of: one that a client contests, one promised for a day."""

from datetime import date, datetime, timedelta

from billing.dunning.services import contest_invoice, promise_payment
from billing.invoicing.models import Invoice
from nourx_site.demo.people import World

CONTESTED, PROMISED = "-0039", "-0040"


def make_holds(world: World, today: date, now: datetime) -> None:
    """Have one client contest an invoice, and another give the day on which it will pay."""
    invoices = Invoice.objects.filter(number__startswith=f"FAC-{today.year}")
    contest_invoice(
        invoice=invoices.get(number__endswith=CONTESTED),
        reason="Les rappels par SMS ne sont pas livrés : nous payons le reste à leur mise en route.",
        at=now,
        actor=world.members["awa@bandama.test"],
    )
    promise_payment(
        invoice=invoices.get(number__endswith=PROMISED),
        promised_for=today + timedelta(days=6),
        on=today,
        at=now,
        actor=world.members["ibrahim@savane.test"],
        is_by_client=True,
        note="Après la vente de la récolte.",
    )
