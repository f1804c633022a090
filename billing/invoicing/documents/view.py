"""A quote, an invoice or a credit note as it is drawn: plain values and how they read."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.invoicing.documents.kinds import WORDINGS, DocumentKind, Wording
from billing.invoicing.documents.parties import PartyBlock, Seller
from billing.invoicing.documents.parts import (
    Acceptance,
    Deduction,
    DocumentLine,
    Fact,
    FiscalSeal,
    PaymentBox,
    PlanRow,
    Row,
)
from billing.invoicing.totals import Totals, VatGroup
from core.accounts.models.companies import VatCode
from core.money import amount_in_words, format_amount, format_figure, format_percent
from core.ui.formats import date_long


@dataclass(frozen=True)
class DocumentView:
    """Everything a document shows. Amounts are in minor units of `currency`.

    `facts` follow the two dates on the thread (the first two are drawn), `deductions` come off
    what is to pay (`vat_left` is the VAT in it then), and `mentions` are what the law wants under
    the sums.
    """

    kind: DocumentKind
    number: str
    issue_date: date
    seller: Seller
    buyer: PartyBlock
    lines: tuple[DocumentLine, ...]
    totals: Totals
    currency: str = "XOF"
    due_date: date | None = None
    facts: tuple[Fact, ...] = ()
    subject: str = ""
    introduction: str = ""
    price_includes_tax: bool = False
    deductions: tuple[Deduction, ...] = ()
    vat_left: int | None = None
    withheld_label: str = ""
    mentions: tuple[str, ...] = ()
    payment: PaymentBox | None = None
    fiscal: FiscalSeal | None = None
    acceptance: Acceptance | None = None
    paid_on: date | None = None
    notes: str = ""
    terms: str = ""
    plan: tuple[PlanRow, ...] = ()

    @property
    def wording(self) -> Wording:
        """The words of this kind of document."""
        return WORDINGS[self.kind]

    @property
    def thread(self) -> tuple[Fact, ...]:
        """The dates first, then what the document follows from."""
        has_due_date = self.due_date is not None
        facts = [Fact(self.wording.issued, date_long(self.issue_date), not has_due_date)]
        if has_due_date:
            facts.append(Fact(self.wording.due, date_long(self.due_date), True))
        return (*facts, *self.facts[:2])

    @property
    def has_vat(self) -> bool:
        """Whether any line bears VAT; else the words HT and TTC are left out."""
        return any(group.rate for group in self.totals.groups)

    @property
    def has_open_options(self) -> bool:
        """Whether there are options that nobody took."""
        return any(line.is_option and not line.is_chosen for line in self.lines)

    @property
    def has_several_rates(self) -> bool:
        """Whether each line must show its rate."""
        return len(self.totals.groups) > 1

    @property
    def exemption(self) -> str:
        """The sentence which says why there is no VAT, or nothing."""
        return "" if self.has_vat else self.seller.vat_exemption

    @property
    def tax_word(self) -> str:
        """What prices and amounts of lines are in: HT, TTC, or nothing."""
        if not self.has_vat:
            return ""
        return _("TTC") if self.price_includes_tax else _("HT")

    @property
    def payable(self) -> int:
        """What is left to pay once deductions are taken off."""
        return self.totals.payable - sum(deduction.amount for deduction in self.deductions)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The sums between the lines and the amount to pay."""
        return (*self._discount_rows(), *self._vat_rows(), *self._payable_rows())

    @property
    def net_label(self) -> str:
        """The label of the amount to pay."""
        word = _("TTC") if self.has_vat and not self._payable_rows() else ""
        return f"{self.wording.net} {word}".rstrip()

    @property
    def net_words(self) -> str:
        """What the amount to pay is made of, after its letters."""
        return _("toutes taxes comprises") if self.has_vat and not self._payable_rows() else ""

    @property
    def seal_title(self) -> str:
        """The heading of the tax office's seal."""
        is_credit = self.kind == DocumentKind.CREDIT_NOTE
        return _("Certifié FNE") if is_credit else _("Certifiée FNE")

    @property
    def paid_text(self) -> str:
        """The mark of a paid invoice, or nothing."""
        if self.paid_on is None:
            return ""
        return _("Acquittée le %(day)s") % {"day": date_long(self.paid_on)}

    @property
    def payable_text(self) -> str:
        """The amount to pay with its currency."""
        return format_amount(self.payable, self.currency)

    @property
    def words(self) -> str:
        """The amount to pay in letters."""
        return amount_in_words(self.payable, self.currency)

    def _discount_rows(self) -> tuple[Row, ...]:
        if not self.totals.discount:
            return ()
        gross = f"{_('Total brut')} {self.tax_word}".rstrip()
        return (
            Row(gross, self._figure(self.totals.subtotal)),
            Row(_("Remise"), self._figure(-self.totals.discount)),
        )

    def _vat_rows(self) -> tuple[Row, ...]:
        if not self.has_vat:
            return (Row(_("Total"), self._figure(self.totals.total_net)),)
        groups = (self._vat_row(group) for group in self.totals.groups)
        return (Row(_("Total hors taxes"), self._figure(self.totals.total_net)), *groups)

    def _vat_row(self, group: VatGroup) -> Row:
        label = _("TVA %(rate)s") % {"rate": format_percent(group.rate)}
        if group.code in VatCode.values:
            label = str(VatCode(group.code).label)
        if self.has_several_rates:
            base = self._figure(group.base)
            label = _("%(vat)s sur %(base)s") % {"vat": label, "base": base}
        return Row(label, self._figure(group.vat))

    def _payable_rows(self) -> tuple[Row, ...]:
        totals = self.totals
        rows = [Row(taken.label, self._figure(-taken.amount)) for taken in self.deductions]
        if self.deductions and self.vat_left is not None:
            label = _("Solde TTC, dont TVA\u00a0%(vat)s") % {"vat": self._figure(self.vat_left)}
            rows.append(Row(label, self._figure(self._balance)))
        rows += [Row(tax.label, self._figure(tax.amount)) for tax in totals.other_taxes]
        if totals.cash_stamp:
            rows.append(Row(_("Timbre de quittance"), self._figure(totals.cash_stamp)))
        if totals.withholding:
            label = self.withheld_label or _("Retenue à la source")
            rows.append(Row(label, self._figure(-totals.withholding)))
        if rows and self.has_vat:
            rows.insert(0, Row(_("Total TTC"), self._figure(totals.total)))
        return tuple(rows)

    @property
    def _balance(self) -> int:
        return self.totals.total - sum(taken.amount for taken in self.deductions)

    def _figure(self, amount: int) -> str:
        return format_figure(amount, self.currency)
