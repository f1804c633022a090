"""The tables under a paper in the back-office: its lines, its sums, what happened to it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice, Quote, QuoteAnswer
from billing.invoicing.papers import document_of
from billing.invoicing.queries import HEAVY
from billing.invoicing.services import adjustments_of
from billing.invoicing.states import invoice_state, quote_state
from billing.invoicing.steps import event_title
from core.files.links import signed_link
from core.hooks import Section
from core.money import format_amount
from core.ui.formats import date_long, moment


def paper_sections(paper: Any) -> list[Section]:
    """Return the lines of a paper, and its sums per VAT rate."""
    document = document_of(paper)
    lines = Section(
        title=_("Lignes"),
        headings=(_("Désignation"), _("Quantité"), _("Prix unitaire"), _("TVA"), _("Montant")),
        rows=[
            (
                _described(line),
                line.quantity_text,
                _figure(line.price_text),
                line.vat_text,
                _figure(line.amount_text),
            )
            for line in document.lines
        ],
        empty=_("Aucune ligne : ce document ne peut pas être émis."),
        order=10,
    )
    rows = [(row.label, _figure(row.text)) for row in document.rows]
    rows.append((document.net_label, _figure(document.payable_text)))
    sums = Section(title=_("Totaux"), headings=(_("Somme"), _("Montant")), rows=rows, order=20)
    return [lines, sums]


def event_section(invoice: Invoice) -> Section:
    """Return what happened to an invoice, newest first."""
    now = timezone.localtime()
    events = invoice.events.select_related("actor").order_by("-happened_at", "-pk")
    rows = [
        (
            moment(timezone.localtime(event.happened_at), now),
            event_title(event, invoice.currency),
            event.detail,
            str(event.actor or ""),
        )
        for event in events
    ]
    headings = (_("Quand"), _("Quoi"), _("Détail"), _("Qui"))
    return Section(
        title=_("Suivi"), headings=headings, rows=rows, empty=_("Pas encore émise."), order=40
    )


def credit_note_section(invoice: Invoice) -> Section:
    """Return the credit notes of an invoice."""
    notes = invoice.credit_notes.defer(*HEAVY).order_by("pk")
    rows = [
        (
            _link("wagtailsnippets_invoicing_creditnote:inspect", note, note.number),
            date_long(note.issue_date) if note.issue_date else "",
            note.reason,
            format_amount(note.total, note.currency),
        )
        for note in notes
    ]
    headings = (_("Avoir"), _("Émis le"), _("Motif"), _("Montant"))
    return Section(title=_("Avoirs"), headings=headings, rows=rows, empty=_("Aucun."), order=30)


def adjustment_section(invoice: Invoice) -> Section:
    """Return what lowered an invoice beside payments and credit notes, and what was undone."""
    rows = [
        (
            row.get_kind_display(),
            date_long(row.dated_on),
            row.reference,
            row.reason,
            format_amount(row.amount, invoice.currency),
            str(row.recorded_by or ""),
            _file(row.file),
        )
        for row in adjustments_of(invoice)
    ]
    headings = (
        _("Nature"), _("Date"), _("Référence"), _("Motif"), _("Montant"), _("Par"), _("Pièce"),
    )  # fmt: skip
    return Section(title=_("Retenues et ajustements"), headings=headings, rows=rows, order=35)


def _file(file: Any) -> SafeString | str:
    if file is None:
        return ""
    return format_html('<a href="{}">{}</a>', signed_link(file), file.name)


def decision_section(quote: Quote) -> Section:
    """Return who answered a quote, when, from where, and the invoices made of it."""
    proof = QuoteAnswer.objects.select_related("actor").filter(quote=quote).first()
    headings = (_("Preuve"), _("Relevé"))
    links = [
        (
            _("Facture %(name)s") % {"name": invoice},
            reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk]),
        )
        for invoice in quote.invoices.defer(*HEAVY).order_by("pk")
    ]
    return Section(
        title=_("Réponse du client"),
        headings=headings,
        rows=_proof_rows(quote, proof),
        empty=_("Pas encore de réponse."),
        links=links,
        order=5,
    )


def _proof_rows(quote: Quote, proof: QuoteAnswer | None) -> list[tuple[Any, Any]]:
    """Return what was kept of an answer, one fact a row; older answers have fewer."""
    if not quote.decided_at:
        return []
    now = timezone.localtime()
    facts = [
        (_("Réponse"), quote_state(quote, timezone.localdate()).label),
        (_("Par"), quote.decided_name),
        (_("Quand"), moment(timezone.localtime(quote.decided_at), now)),
        (_("Adresse IP"), quote.decided_ip or ""),
        (_("Motif"), _reason(quote)),
    ]
    if proof is not None:
        facts += [
            (_("Compte"), proof.actor.email if proof.actor else ""),
            (_("Navigateur"), proof.user_agent),
            (_("Déclaration"), proof.statement if not quote.refusal_reason else ""),
            (_("Empreinte SHA-256 du PDF"), proof.pdf_sha256),
        ]
    return [(label, text) for label, text in facts if text]


def invoices_of_client(client: Any) -> Section:
    """Return the last invoices of a client, for the client’s page."""
    url = f"{reverse('wagtailsnippets_invoicing_invoice:list')}?client={client.pk}"
    headings = (_("Numéro"), _("Objet"), _("Échéance"), _("État"), _("Total TTC"))
    return Section(
        title=_("Factures"),
        headings=headings,
        rows=lambda: _client_invoices(client),
        empty=_("Aucune facture."),
        links=[(_("Toutes les factures"), url)],
        order=20,
        tab="argent",
    )


def _client_invoices(client: Any) -> list[Any]:
    today = timezone.localdate()
    invoices = Invoice.objects.filter(client=client).defer(*HEAVY)
    return [
        (
            _link("wagtailsnippets_invoicing_invoice:inspect", invoice, str(invoice)),
            invoice.subject,
            date_long(invoice.due_date) if invoice.due_date else "",
            invoice_state(invoice, today).label,
            format_amount(invoice.total, invoice.currency),
        )
        for invoice in invoices.order_by("-issue_date", "-pk")[:10]
    ]


def note_heading(note: CreditNote) -> Section:
    """Return the invoice that a credit note corrects."""
    link = _link("wagtailsnippets_invoicing_invoice:inspect", note.invoice, note.invoice.number)
    return Section(
        title=_("Facture corrigée"),
        headings=(_("Numéro"), _("Objet")),
        rows=[(link, note.invoice.subject)],
        order=5,
    )


def _described(line: Any) -> SafeString | str:
    notes = (line.section, line.option_text, line.detail, line.discount_text)
    extra = " · ".join(text for text in notes if text)
    if not extra:
        return line.designation
    return format_html("{}<br><small>{}</small>", line.designation, extra)


def _figure(text: str) -> SafeString:
    return format_html('<span class="nx-number">{}</span>', text)


def _link(name: str, row: Any, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), text)


def _reason(quote: Quote) -> str:
    return quote.refusal_reason
