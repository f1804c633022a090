"""The letter of a reminder as a PDF: the words of the step, and what is left to pay."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.dunning.engine import Step
from billing.dunning.reading import Case
from billing.dunning.wording import WORDING, late_text, words_about
from billing.invoicing.documents import Fact, PartyBlock, PaymentBox, Seller
from billing.invoicing.logos import logo_of
from billing.invoicing.models import Invoice
from billing.invoicing.papers import page_url, pay_url, payment_box
from billing.invoicing.pdf import code_of, print_html
from billing.invoicing.queries import HEAVY
from billing.invoicing.snapshots import buyer_of, buyer_snapshot, seller_of, seller_snapshot
from core.money import format_amount, format_figure
from core.notify.wordings import fill
from core.ui.formats import date_long


@dataclass(frozen=True)
class Row:
    """An unpaid invoice of the statement under the letter, in words ready to be read."""

    number: str
    subject: str
    due: str
    late: str
    total: str
    left: str
    is_subject: bool


@dataclass(frozen=True)
class LetterView:
    """Everything a letter shows. `rows` are its invoice alone, or all that are unpaid."""

    title: str
    number: str
    place: str
    paragraphs: tuple[str, ...]
    seller: Seller
    buyer: PartyBlock
    thread: tuple[Fact, ...]
    rows: tuple[Row, ...]
    is_statement: bool
    sum_due: str
    payment: PaymentBox


def draw_letter(case: Case, step: Step, *, at: datetime) -> bytes:
    """Draw the letter of a step for an invoice; `at` is the moment it is dated from.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    with translation.override(settings.LANGUAGE_CODE):
        view = view_of(case, step, on=timezone.localdate(at))
        context = {"document": view, "payment_code": code_of(view.payment.url)}
        html = render_to_string("pdf/reminder.html", context)
        title = f"{view.title} {view.number}"
        subject = _("%(title)s : %(amount)s") % {"title": title, "amount": view.sum_due}
    return print_html(html, title=title, subject=subject, seller=view.seller, at=at)


def view_of(case: Case, step: Step, *, on: date) -> LetterView:
    """Return what the letter of a step says on a day."""
    invoice, company = case.invoice, case.invoice.company
    unpaid = [invoice]
    if step.with_statement:
        rows = Invoice.objects.unpaid().filter(
            client_id=invoice.client_id, currency=invoice.currency, due_date__lt=on
        )
        others = rows.exclude(pk=invoice.pk).defer(*HEAVY).order_by("due_date", "pk")
        unpaid = [invoice, *others]
    days = max((on - case.account.due_date).days, 0)
    words = words_about(invoice, _words(invoice), amount=case.amount, days=days)
    total = sum(each.amount_due for each in unpaid)
    seller = seller_snapshot(company)
    return LetterView(
        title=str(step.label),
        number=invoice.number,
        place=_("%(city)s, le %(day)s") % {"city": company.city or "Abidjan", "day": date_long(on)},
        paragraphs=tuple(_paragraphs(step, words)),
        seller=seller_of(seller, logo=logo_of(company)),
        buyer=buyer_of(buyer_snapshot(invoice.client)),
        thread=(
            Fact(_("Facture"), invoice.number),
            Fact(_("Échéance"), words["due"]),
            Fact(_("Retard"), late_text(days)),
            Fact(_("À régler"), words["amount"], is_current=True),
        ),
        rows=tuple(_row(each, on, is_subject=each is invoice) for each in unpaid),
        is_statement=step.with_statement,
        sum_due=format_amount(total, invoice.currency),
        payment=payment_box(seller, url=pay_url(invoice)),
    )


def _words(invoice: Invoice) -> dict[str, str]:
    return {
        "number": invoice.number,
        "subject": invoice.subject,
        "brand_name": invoice.company.name,
        "url": page_url(invoice),
        "pay_url": page_url(invoice),
    }


def _paragraphs(step: Step, words: dict[str, str]) -> list[str]:
    text = step.body or _(
        "Bonjour,\n\nSauf erreur de notre part, la facture {{ facture }} (« {{ objet }} »), échue "
        "le {{ echeance }}, reste à régler à hauteur de {{ montant }}.\n\nMerci de procéder à son "
        "règlement, ou de nous écrire si une difficulté explique ce retard."
    )
    return [part.strip() for part in fill(text, WORDING, words).split("\n\n") if part.strip()]


def _row(invoice: Invoice, on: date, *, is_subject: bool) -> Row:
    due = invoice.due_date
    return Row(
        number=invoice.number,
        subject=invoice.subject,
        due=f"{due:%d/%m/%Y}" if due else "",
        late=late_text(max((on - due).days, 0)) if due else "",
        total=format_figure(invoice.total, invoice.currency),
        left=format_figure(invoice.amount_due, invoice.currency),
        is_subject=is_subject,
    )
