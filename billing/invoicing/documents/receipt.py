"""The receipt of a payment as it is drawn."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.invoicing.documents.parties import PartyBlock, Seller
from billing.invoicing.documents.parts import Fact, Row
from core.money import amount_in_words, format_amount, format_figure
from core.ui.formats import date_long


@dataclass(frozen=True)
class ReceiptView:
    """Everything a receipt shows. Amounts are in minor units of `currency`.

    `amount_left` is what remains to pay of the invoice after this payment.
    """

    number: str
    paid_on: date
    seller: Seller
    payer: PartyBlock
    method: str
    amount: int
    invoice_number: str
    invoice_total: int
    amount_left: int
    operator_reference: str = ""
    invoice_subject: str = ""
    currency: str = "XOF"
    verification_url: str = ""
    notes: str = ""

    @property
    def thread(self) -> tuple[Fact, ...]:
        """The payment, step by step."""
        facts = [
            Fact(_("Reçu le"), date_long(self.paid_on), is_current=True),
            Fact(_("Moyen de paiement"), self.method),
            Fact(_("Facture"), self.invoice_number),
        ]
        if self.operator_reference:
            facts.insert(2, Fact(_("Référence de l’opérateur"), self.operator_reference))
        return tuple(facts)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Where the invoice stands, apart from this payment."""
        earlier = self.invoice_total - self.amount - self.amount_left
        total = Row(
            _("Montant de la facture %(number)s") % {"number": self.invoice_number},
            format_figure(self.invoice_total, self.currency),
        )
        paid = Row(_("Réglé auparavant"), format_figure(earlier, self.currency))
        return (total, paid) if earlier else (total,)

    @property
    def amount_text(self) -> str:
        """The amount paid, with its currency."""
        return format_amount(self.amount, self.currency)

    @property
    def left_text(self) -> str:
        """What is left to pay, with its currency."""
        return format_amount(self.amount_left, self.currency)

    @property
    def verification_page(self) -> str:
        """The address of the page that verifies, as a person types it."""
        return self.verification_url.split("#")[0].split("://")[-1]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to pay."""
        return self.amount_left <= 0

    @property
    def words(self) -> str:
        """The amount paid, in letters."""
        return amount_in_words(self.amount, self.currency)
