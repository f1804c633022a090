"""A statement of account as a PDF and as a table for a spreadsheet."""

import csv
import io
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoicing.documents import Fact
from billing.invoicing.documents.statement import StatementView
from billing.invoicing.logos import logo_of
from billing.invoicing.pdf import print_html
from billing.invoicing.snapshots import buyer_of, buyer_snapshot, seller_of, seller_snapshot
from billing.payments.statement import Statement
from core.accounts.models import Client
from core.backoffice.exports import harmless
from core.money import format_amount, format_figure, to_major
from core.ui.formats import date_long

BOM = "\ufeff"  # Excel reads UTF-8 with it


def file_name(statement: Statement, extension: str) -> str:
    """Return the name a statement is kept under."""
    name = _("releve-%(start)s-%(end)s") % {"start": statement.start, "end": statement.end}
    return f"{name}.{extension}"


def statement_pdf(statement: Statement, client: Client, *, at: datetime) -> bytes:
    """Draw the statement of a client; `at` is the moment it is made.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    with translation.override(settings.LANGUAGE_CODE):
        view = _view_of(statement, client)
        html = render_to_string("pdf/statement.html", {"document": view, "statement": statement})
        title = _("Relevé de compte de %(client)s") % {"client": client.name}
    return print_html(html, title=title, subject=view.number, seller=view.seller, at=at)


def _view_of(statement: Statement, client: Client) -> StatementView:
    return StatementView(
        number=_("Du %(start)s au %(end)s")
        % {"start": date_long(statement.start), "end": date_long(statement.end)},
        seller=seller_of(seller_snapshot(client.company), logo=logo_of(client.company)),
        buyer=buyer_of(buyer_snapshot(client)),
        thread=(
            Fact(_("Solde d’ouverture"), _amount(statement.opening, statement)),
            Fact(_("Facturé"), _amount(statement.invoiced, statement)),
            Fact(_("Réglé"), _amount(statement.settled, statement)),
            Fact(_("Solde de clôture"), _amount(statement.closing, statement), is_current=True),
        ),
        opening=format_figure(statement.opening, statement.currency),
        closing=_amount(statement.closing, statement),
        rows=tuple(
            (
                f"{entry.on:%d/%m/%Y}",
                entry.number,
                entry.label,
                _figure(entry.debit, statement),
                _figure(entry.credit, statement),
                format_figure(entry.balance, statement.currency),
            )
            for entry in statement.entries
        ),
        ages=tuple((age.label, _amount(age.amount, statement)) for age in statement.ages),
        aged_on=date_long(statement.today),
        credit=_amount(statement.credit, statement) if statement.credit else "",
        due=_amount(statement.due, statement),
    )


def _amount(amount: int, statement: Statement) -> str:
    return format_amount(amount, statement.currency)


def _figure(amount: int, statement: Statement) -> str:
    return format_figure(amount, statement.currency) if amount else ""


def statement_csv(statement: Statement) -> str:
    """Write a statement for a spreadsheet: semicolons, ISO dates, figures without spaces."""
    out = io.StringIO()
    out.write(BOM)
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(
        [_("Date"), _("Pièce"), _("Libellé"), _("Débit"), _("Crédit"), _("Solde"), _("Devise")]
    )
    plain = [str(to_major(statement.opening, statement.currency)), statement.currency]
    table.writerow([statement.start.isoformat(), "", _("Solde d’ouverture"), "", "", *plain])
    for entry in statement.entries:
        figures = (entry.debit, entry.credit, entry.balance)
        table.writerow(
            [
                entry.on.isoformat(),
                harmless(entry.number),
                harmless(entry.label),
                *(str(to_major(figure, statement.currency)) for figure in figures),
                statement.currency,
            ]
        )
    plain = [str(to_major(statement.closing, statement.currency)), statement.currency]
    table.writerow([statement.end.isoformat(), "", _("Solde de clôture"), "", "", *plain])
    return out.getvalue()
