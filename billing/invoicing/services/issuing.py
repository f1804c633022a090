"""What issuing asks of any paper: lines, sums, both parties copied, and a number taken last."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models import Invoice
from billing.invoicing.models.lines import Paper, PaperLine
from billing.invoicing.numbering import NumberOutOfOrder, last_date, next_number
from billing.invoicing.portions import ExceedsInvoice
from billing.invoicing.services.drafts import keep_sums
from billing.invoicing.services.refusal import Refused
from billing.invoicing.snapshots import buyer_snapshot, seller_snapshot
from billing.invoicing.taxes import RuleNotInForce, check_rates, check_rules
from core.accounts.models import Company
from core.money import format_amount
from core.ui.formats import date_long

ISSUED_FIELDS = (
    "status",
    "number",
    "issue_date",
    "issued_at",
    "seller",
    "buyer",
    "vat_groups",
    "total_net",
    "total_vat",
    "total",
    "taxes",
    "total_added",
    "total_withheld",
    "version",
    "updated_at",
)


class CannotIssue(Refused):
    """The paper is not a draft with something to bill, or breaks a rule of issuing."""


class SumsChanged(CannotIssue):
    """What the draft comes to is no longer what the person saw; nothing was issued."""


def check_lines(paper: Paper, *, on: date, seen: int | None = None) -> list[PaperLine]:
    """Compute and keep the sums of a locked draft on a day, and return its lines.

    `seen` is the net to pay that the person read, in units of the paper’s currency.

    :raises CannotIssue: if there is nothing to bill, VAT where our regime charges none, a rate or
        a tax that is not in force, or no rate for a foreign currency.
    :raises SumsChanged: if it comes to another sum than what was seen.
    """
    try:
        lines = keep_sums(paper, on=on)
        check_rules(paper, on)
        check_rates(paper.company, lines, on)
    except (InvalidFigure, ExceedsInvoice) as refusal:
        raise CannotIssue(_(refusal.message)) from refusal
    except RuleNotInForce as refusal:
        raise CannotIssue(_not_in_force(refusal.label, on)) from refusal
    if not lines:
        raise CannotIssue(_("Ajoutez au moins une ligne."))
    is_paid_before = isinstance(paper, Invoice) and paper.deductions.exists()
    if paper.total <= 0 and not is_paid_before:
        raise CannotIssue(_("Le total est nul : il n’y a rien à facturer."))
    if any(line.vat_rate for line in lines) and not paper.company.charges_vat:
        raise CannotIssue(_vat_not_charged(paper.company))
    if paper.currency != paper.company.currency and not paper.exchange_rate:
        raise CannotIssue(_("Indiquez le cours de la devise : il est gardé sur le document."))
    if seen is not None and seen != payable(paper):
        raise SumsChanged(_sums_changed(paper))
    return lines


def payable(paper: Any) -> int:
    """Return what a paper asks to be paid: TTC, taxes added, less what the client keeps back."""
    return paper.total + paper.total_added - paper.total_withheld


def freeze(paper: Any, *, prefix: str, on: date, at: datetime) -> None:
    """Copy both parties onto a paper, date it and number it; the caller saves it.

    The number comes last: the counter stays locked from here to the end of the transaction.

    :raises CannotIssue: if a paper of a later date is numbered already.
    """
    paper.seller = seller_snapshot(paper.company)
    paper.buyer = buyer_snapshot(paper.client)
    paper.issue_date, paper.issued_at = on, at
    paper.version += 1
    try:
        paper.number = next_number(company=paper.company, prefix=prefix, on=on)
    except NumberOutOfOrder as refusal:
        raise CannotIssue(_too_early(paper.company, prefix, on)) from refusal


def _too_early(company: Company, prefix: str, on: date) -> str:
    last = last_date(company=company, prefix=prefix, on=on)
    return _(
        "Un document de cette série porte déjà une date plus récente (%(last)s) : la numérotation "
        "suit l’ordre des dates."
    ) % {"last": date_long(last) if last else ""}


def _sums_changed(paper: Any) -> str:
    return _(
        "Un taux, une taxe ou un acompte a changé depuis que vous avez ouvert cette page : le "
        "total devient %(amount)s. Relisez le document, puis recommencez."
    ) % {"amount": format_amount(payable(paper), paper.currency)}


def _not_in_force(label: str, on: date) -> str:
    return _(
        "« %(label)s » n’est pas en vigueur le %(day)s : ouvrez le brouillon et choisissez-en un "
        "autre."
    ) % {"label": label, "day": date_long(on)}


def _vat_not_charged(company: Company) -> str:
    return _("Le régime %(regime)s ne facture pas la TVA : mettez les lignes à 0 %%.") % {
        "regime": company.get_tax_regime_display()
    }
