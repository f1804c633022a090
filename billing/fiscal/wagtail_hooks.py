"""What certification adds elsewhere: names of acts, admin screens, the seal of papers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.fiscal import (
    queries,
    screens,  # noqa: F401  registers them
    services,
)
from billing.fiscal.models import Certification
from billing.invoicing.models import Invoice
from core.audit import log
from core.backoffice.pages import readable
from core.hooks import FiscalState, Section

log.declare(
    certification_moved=_("Certification : changement d’état"),
    certification_typed=_("Référence FNE saisie à la main"),
    certification_sent_again=_("Certification à renvoyer"),
    fiscal_key_changed=_("Clé d’API fiscale remplacée"),
    fiscal_connection_tried=_("Connexion à la DGI essayée"),
)


@hooks.register("nourx_invoice_marks")
def is_for_tax_office() -> Iterator[tuple[str, Exists]]:
    yield "is_for_tax_office", Exists(Certification.objects.filter(invoice=OuterRef("pk")))


@hooks.register("nourx_fiscal_state")
def state_of_paper(paper: Any) -> Iterator[FiscalState]:
    if not getattr(paper, "is_for_tax_office", True):
        return
    if state := queries.fiscal_state_of(paper):
        yield state


@hooks.register("nourx_mail_is_held")
def mail_waits(invoice: Invoice, payload: dict) -> list[bool]:
    return [services.hold_mail(invoice=invoice, payload=payload)]


@hooks.register("nourx_client_problems")
def identity_for_fne(client: Any) -> Iterable[tuple[str, Any]]:
    return queries.missing_identity(client)


@hooks.register("nourx_invoice_sections")
def certifications_of_invoice(invoice: Invoice) -> Iterator[Section]:
    """Show the team where an invoice and its credit notes stand with the tax office."""
    rows = list(Certification.objects.filter(invoice=invoice).defer("items").order_by("pk"))
    if rows:
        yield Section(
            title=_("Certification fiscale"),
            headings=[_("Document"), _("État"), _("Référence"), _("Certifiée le"), _("Remarque")],
            rows=[_cells(row) for row in rows],
            order=15,
        )


def _cells(row: Certification) -> list[Any]:
    url = reverse("wagtailsnippets_fiscal_certification:inspect", args=[row.pk])
    return [
        format_html('<a href="{}">{}</a>', url, row.number),
        row.get_state_display(),
        row.reference or "—",
        readable(row.certified_at) if row.certified_at else "—",
        row.reason or row.note,
    ]
