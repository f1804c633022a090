"""The words of a step, with closed placeholders such as {{ montant }}: filled, never run."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.dunning.engine import WITHHELD_KEY, Step
from billing.invoicing.models import Invoice
from core.money import format_amount, format_short
from core.notify.sms_text import parts, plain
from core.notify.wordings import Wording, fill, unknown_placeholders
from core.ui.formats import date_long

BUILT_IN = {  # mails of ours, in the reader's language, for a step without words of its own
    "before": "invoicing/reminder_before",
    "late": "invoicing/reminder_late",
    WITHHELD_KEY: "dunning/withheld",
}
OWN_WORDS = "dunning/step"
WORDING = Wording(
    OWN_WORDS,
    _("Relance"),
    placeholders={
        "client": ("client", _("nom du client"), "Acme Distribution"),
        "societe": ("brand_name", _("notre nom"), "NOURX"),
        "facture": ("number", _("numéro de la facture"), "FAC-2026-0042"),
        "objet": ("subject", _("objet de la facture"), "Maquettes"),
        "montant": ("amount", _("reste à régler"), "118 000 F CFA"),
        "echeance": ("due", _("échéance"), "4 décembre 2026"),
        "retard": ("late", _("jours de retard"), "8 jours"),
        "lien": ("pay_url", _("lien de paiement"), "https://…"),
        "page": ("url", _("page de la facture"), "https://…"),
    },
    button=("pay_url", _("Payer en ligne")),
)
COMPACT = "{{ societe }}: {{ facture }}, {{ montant }}. {{ lien }}"


def template_of(step: Step) -> str:
    """Return the template of a step's mail: the team's own words, or the built-in mail."""
    return BUILT_IN.get(step.key, OWN_WORDS) if not step.body else OWN_WORDS


def unknown_in(text: str) -> list[str]:
    """Return what a text has between braces that a reminder does not know."""
    return unknown_placeholders(text, WORDING)


def late_text(days: int) -> str:
    """Say how late an invoice is: « 8 jours »."""
    return ngettext("%(days)s jour", "%(days)s jours", days) % {"days": days}


def mail_context(step: Step, words: dict[str, Any]) -> dict[str, Any]:
    """Return what the template of a step's mail reads; `words` are those of the invoice."""
    if not step.body:
        return words
    subject = " ".join(fill(step.subject or step.label, WORDING, words).split())
    return {**words, "own_subject": subject, "own_body": fill(step.body, WORDING, words)}


def short_text(step: Step, invoice: Invoice, words: dict[str, Any], *, amount: int) -> str:
    """Return the text of a step for a telephone: one SMS when it can be, with the pay link."""
    brief = {
        **words,
        "amount": format_short(amount, invoice.currency),
        "due": f"{invoice.due_date:%d/%m/%Y}" if invoice.due_date else "",
    }
    text = fill(step.short_text, WORDING, brief)
    return text if parts(plain(text)) == 1 else _compact(text, brief)


def _compact(text: str, words: dict[str, Any]) -> str:
    compact = fill(COMPACT, WORDING, words)
    return compact if parts(plain(compact)) < parts(plain(text)) else text


def words_about(
    invoice: Invoice, words: dict[str, Any], *, amount: int, days: int
) -> dict[str, Any]:
    """Add what reminders say to the words of an invoice's mail: the amount asked, the lateness."""
    return {
        **words,
        "client": invoice.client.name,
        "amount": format_amount(amount, invoice.currency),
        "due": date_long(invoice.due_date) if invoice.due_date else "",
        "late": late_text(max(days, 0)),
    }
