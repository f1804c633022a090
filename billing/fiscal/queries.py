"""What is read of certifications: by papers, by the home page, by the page of an invoice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.fiscal.drivers import find_settings
from billing.fiscal.models import Certification
from billing.fiscal.providers.fne.payload import NCC, phone_of, template_of
from billing.fiscal.sales import customer_of
from billing.invoicing.models import CreditNote, Invoice
from core.accounts.models import Client
from core.hooks import FiscalState

State = Certification.State
TEST_MARK = "ESSAI"


def fiscal_state_of(paper: Any) -> FiscalState | None:
    """Tell where a paper stands with the tax office; None if it never had to be certified."""
    row = certification_of(paper)
    if row is None:
        return None
    number = f"{row.reference} ({TEST_MARK})" if row.is_test and row.reference else row.reference
    return FiscalState(
        is_proforma=not row.is_certified,
        is_final=not row.is_pending,
        number=number,
        verification_url=row.verification_url,
        certified_at=row.certified_at,
    )


def certification_of(paper: Any) -> Certification | None:
    """Return the certification of an invoice or a credit note that counts, or None."""
    if isinstance(paper, CreditNote):
        rows = Certification.objects.filter(credit_note_id=paper.pk)
    elif isinstance(paper, Invoice):
        rows = Certification.objects.filter(invoice_id=paper.pk, kind=Certification.Kind.SALE)
    else:
        return None
    found = list(rows.defer("items", "held_mail").order_by("pk"))
    return next((row for row in found if row.state != State.VOID), found[-1] if found else None)


def to_decide() -> QuerySet[Certification]:
    """Return what waits for a person: lost or refused."""
    return Certification.objects.filter(state__in=[State.UNCERTAIN, State.REJECTED])


def missing_identity(client: Any) -> Iterator[tuple[str, Any]]:
    """Return what the FNE demands of a client and that is not there: (field, sentence)."""
    if client.stage != Client.Stage.WON or not client.company_id:
        return
    if find_settings(client.company_id) is None:
        return
    customer = customer_of(client, {})
    if template_of(customer) == "B2B" and not NCC.fullmatch(customer.ncc.replace(" ", "")):
        yield (
            "ncc",
            _(
                "La FNE exige le NCC d’une entreprise ivoirienne : sept chiffres et une lettre. "
                "Pour un particulier ou une administration, changez le secteur."
            ),
        )
    if not phone_of(customer.phone):
        yield "phone", _("La FNE exige le téléphone du client.")
    if not customer.email:
        yield "email", _("La FNE exige l’adresse e-mail du client.")
