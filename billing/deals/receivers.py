"""What becomes of won opportunities when payments and quotes announce something."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.deals import services
from billing.invoicing.models import Quote
from billing.payments.models import Payment, Refund
from billing.payments.signals import money_received, money_returned
from billing.quoting.signals import quote_transformed
from portal.projects.models import Project


@receiver(money_received, dispatch_uid="deals.paid")
def pay_deal(*, payment: Payment, at: datetime, **_sent: Any) -> None:
    """Mark the opportunity that the money is for."""
    services.mark_paid(payment=payment, at=at)


@receiver(money_returned, dispatch_uid="deals.returned")
def return_deal(*, refund: Refund, **_sent: Any) -> None:
    """Take the mark off when all of the money went back."""
    services.mark_returned(refund=refund)


@receiver(quote_transformed, dispatch_uid="deals.transformed")
def follow_quote(*, quote: Quote, project: Project, actor: Any, **_sent: Any) -> None:
    """Win the client of a quote that became work, and keep the project of its opportunity."""
    services.follow_transformation(quote=quote, project=project, actor=actor)
