"""The certificate of a quote's acceptance, as it is drawn beside the PDF that was accepted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.documents.parties import PartyBlock, Seller
from billing.invoicing.documents.parts import Fact, Row
from core.ui.formats import date_long


@dataclass(frozen=True)
class CertificateView:
    """Everything a certificate shows. `pdf_sha256` is the fingerprint of the PDF accepted.

    `options` are those that were taken, or None when the quote offered none.
    """

    number: str
    subject: str
    total: str
    issued_on: str
    seller: Seller
    buyer: PartyBlock
    name: str
    account: str
    statement: str
    answered_at: datetime
    ip: str
    user_agent: str
    pdf_sha256: str
    options: tuple[str, ...] | None = None

    @property
    def thread(self) -> tuple[Fact, ...]:
        """When, by whom, and for how much."""
        return (
            Fact(_("Accepté le"), date_long(timezone.localdate(self.answered_at)), is_current=True),
            Fact(_("Par"), self.name),
            Fact(_("Montant"), self.total),
        )

    @property
    def options_text(self) -> str:
        """The options taken, one after the other, or a word when none was."""
        if self.options is None:
            return ""
        return " ; ".join(self.options) or _("Aucune")

    @property
    def rows(self) -> tuple[Row, ...]:
        """The facts of the acceptance, one by one."""
        moment = timezone.localtime(self.answered_at).strftime("%d/%m/%Y %H:%M:%S %Z")
        facts = (
            (_("Devis"), f"{self.number} · {self.issued_on}"),
            (_("Objet"), self.subject),
            (_("Options retenues"), self.options_text),
            (_("Nom écrit par le signataire"), self.name),
            (_("Compte utilisé"), self.account),
            (_("Date et heure"), moment),
            (_("Adresse IP"), self.ip),
            (_("Navigateur"), self.user_agent),
            (_("Empreinte SHA-256 du PDF accepté"), self.pdf_sha256),
        )
        return tuple(Row(label, text) for label, text in facts if text)
