"""Invoices in the back-office."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, TabbedInterface
from wagtail.admin.ui.tables import Column

from billing.invoicing import services
from billing.invoicing.admin import actions
from billing.invoicing.admin.corrections import (
    CancelInvoice,
    CertifyWithholding,
    CreditInvoice,
    NoteExchange,
    UndoAdjustment,
    WriteOff,
)
from billing.invoicing.admin.deposits import ChooseDeposits, MakeFinal
from billing.invoicing.admin.filters import STATES, InvoiceFilterSet
from billing.invoicing.admin.forms import InvoiceForm
from billing.invoicing.admin.panels import head_panels, line_panels, text_panels
from billing.invoicing.admin.pay_link import ShareInvoice
from billing.invoicing.admin.sections import (
    adjustment_section,
    credit_note_section,
    event_section,
    paper_sections,
)
from billing.invoicing.models import Invoice
from billing.invoicing.queries import HEAVY
from billing.invoicing.states import CERTIFICATE, invoice_state
from core.accounts.models import Company
from core.backoffice.columns import FrenchDateColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, invoice_sections

LOOKS = {state.key: StatusLook(state.glyph, state.tone) for state in (*STATES, CERTIFICATE)}


def _state(invoice: Invoice) -> Any:
    return invoice_state(invoice, timezone.localdate())


class InvoiceViewSet(RecordViewSet):
    """Drafts to write, invoices to issue, send and follow."""

    model = Invoice
    icon = "doc-full"
    menu_label = _("Factures")
    add_label = _("Nouvelle facture")
    letter = "f"
    empty_text = _(
        "Une facture se prépare en brouillon, puis s’émet : elle prend alors son numéro, part chez "
        "le client et se paie en ligne."
    )
    locked_text = _("Cette facture est émise : elle se corrige par un avoir.")
    ordering = ("-updated_at", "-pk")
    has_bulk_actions = True
    list_display = [
        "short_name",
        Column("client", label=_("Client")),
        Column("subject", label=_("Objet")),
        StatusColumn(
            "status",
            label=_("État"),
            looks=LOOKS,
            accessor=lambda invoice: _state(invoice).key,
            word=lambda invoice: _state(invoice).label,
        ),
        FrenchDateColumn("issue_date", label=_("Émise le"), sort_key="issue_date"),
        FrenchDateColumn(
            "due_date",
            label=_("Échéance"),
            sort_key="due_date",
            is_late=lambda invoice: invoice.is_overdue(timezone.localdate()),
        ),
        MoneyColumn("total", label=_("Total TTC"), sort_key="total"),
        MoneyColumn("amount_due", label=_("Reste dû")),
    ]
    filterset_class = InvoiceFilterSet
    list_export = [
        "number", "client", "subject", "status", "issue_date", "due_date", "currency",
        "total_net", "total_vat", "total", "total_added", "total_withheld", "amount_paid",
        "amount_credited", "amount_adjusted", "amount_due",
    ]  # fmt: skip
    export_filename = "factures"
    money_fields = (
        "total_net",
        "total_vat",
        "total",
        "amount_paid",
        "amount_credited",
        "amount_adjusted",
        "total_added",
        "total_withheld",
        "amount_due",
    )
    inspect_view_fields = [
        "number", "client", "project", "subject", "kind", "status", "quote", "issue_date",
        "due_date", "external_reference", "total", "total_added", "total_withheld", "amount_paid",
        "amount_credited", "amount_adjusted", "amount_due", "sent_at", "seen_at", "settled_at",
    ]  # fmt: skip
    edit_handler = TabbedInterface(
        [
            head_panels(
                FieldRowPanel([FieldPanel("kind"), FieldPanel("due_date")]),
                FieldPanel("external_reference"),
            ),
            line_panels(),
            text_panels(),
        ],
        base_form_class=InvoiceForm,
    )
    actions = (
        actions.IssueInvoice,
        actions.SendInvoice,
        ShareInvoice,
        actions.DownloadPdf,
        ChooseDeposits,
        MakeFinal,
        CertifyWithholding,
        CreditInvoice,
        CancelInvoice,
        NoteExchange,
        WriteOff,
        UndoAdjustment,
        actions.DuplicateInvoice,
    )

    @classmethod
    def add_action(cls, action: type) -> None:
        """Give invoices one more button, of a module above."""
        cls.actions = (*cls.actions, action)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        return Invoice.objects.select_related("client", "company").defer(
            *HEAVY, "client__search_vector"
        )

    def new_record(self, request: HttpRequest) -> Invoice:
        company = Company.objects.order_by("pk").first()
        return Invoice(company=company, currency=company.currency if company else "XOF")

    def saved(self, record: Invoice, *, actor: Any, is_new: bool) -> None:
        services.save_totals(paper=record)

    def inspect_value(self, record: Invoice, name: str) -> Any:
        return _state(record).label if name == "status" else None

    def url_after_save(self, record: Invoice) -> str:
        # Its total, and « Émettre ».
        return reverse(self.get_url_name("inspect"), args=[record.pk])

    def sections(self, record: Invoice, request: HttpRequest) -> list[Section]:
        own = [*paper_sections(record), credit_note_section(record), event_section(record)]
        if record.amount_adjusted or record.adjustments.exists():
            own.append(adjustment_section(record))
        return sorted([*own, *invoice_sections(record)], key=lambda section: section.order)
