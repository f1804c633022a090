"""What issuing asks of any paper: lines, sums, both parties copied, and a number taken last."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models.lines import Paper, PaperLine
from billing.invoicing.numbering import NumberOutOfOrder, next_number
from billing.invoicing.services.drafts import keep_sums
from billing.invoicing.services.refusal import Refused
from billing.invoicing.snapshots import buyer_snapshot, seller_snapshot
from core.accounts.models import Company

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
    "version",
    "updated_at",
)


class CannotIssue(Refused):
    """The paper is not a draft with something to bill, or breaks a rule of issuing."""


def check_lines(paper: Paper) -> list[PaperLine]:
    """Compute and keep the sums of a locked draft, and return its lines.

    :raises CannotIssue: if there is nothing to bill, or VAT where our regime charges none.
    """
    try:
        lines = keep_sums(paper)
    except InvalidFigure as refusal:
        raise CannotIssue(_(refusal.message)) from refusal
    if not lines:
        raise CannotIssue(_("Ajoutez au moins une ligne."))
    if paper.total <= 0:
        raise CannotIssue(_("Le total est nul : il n’y a rien à facturer."))
    if any(line.vat_rate for line in lines) and not paper.company.charges_vat:
        raise CannotIssue(_vat_not_charged(paper.company))
    return lines


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
        raise CannotIssue(
            _("Un document de cette série porte déjà une date plus récente.")
        ) from refusal


def _vat_not_charged(company: Company) -> str:
    return _("Le régime %(regime)s ne facture pas la TVA : mettez les lignes à 0 %%.") % {
        "regime": company.get_tax_regime_display()
    }
