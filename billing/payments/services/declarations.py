"""« J’ai payé autrement »: what clients say to have paid, and what the team answers."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.invoicing.models import Invoice
from billing.payments.models import MoneyAccount, Payment, TransferDeclaration
from billing.payments.references import squeeze_reference
from billing.payments.services.notices import announce_declaration_refused
from billing.payments.services.recording import (
    Slip,
    find_same_reference,
    keep_proof,
    record_payment,
)
from billing.payments.services.refusal import Refusal
from core import rls
from core.access.grants import require
from core.access.roles import Grant
from core.accounts.models import User
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount
from core.notify.team import tell_team

State = TransferDeclaration.State
HOLDS_FOR = timedelta(hours=48)  # a declaration holds reminders back for so long
MOST_PENDING = 5  # on one invoice
OLDEST = timedelta(days=366)


class CannotDeclare(Refusal):
    """What a client says to have paid cannot be taken as said."""


class DeclarationDecided(Refusal):
    """Somebody of the team has answered already."""


@transaction.atomic
def declare_transfer(
    *,
    invoice: Invoice,
    account: MoneyAccount,
    amount: int,
    paid_on: date,
    actor: User,
    at: datetime,
    slip: Slip,
) -> TransferDeclaration:
    """Keep what a client says to have paid outside the portal; tell the team. Counts no money.

    `amount` is in whole units of the invoice's currency. A reference or a proof is needed.

    :raises PermissionDenied: if the person may not pay for that client.
    :raises CannotDeclare: if the invoice, the account, the day, the amount or the reference
        cannot be.
    :raises ValidationError: if the proof is not a file that may be kept.
    """
    require(actor, Grant.PAY_INVOICES, invoice.client_id)
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _require_sound(invoice, account, amount, paid_on, at, slip)
    declaration = _new_declaration(invoice, account, amount, paid_on, slip)
    declaration.declared_by, declaration.declared_at = actor, at
    _refuse_used(declaration)
    declaration.proof = keep_proof(slip.proof, invoice.client_id, actor)
    try:
        with transaction.atomic():
            declaration.save()
    except IntegrityError as error:
        raise CannotDeclare(_("Cette référence a déjà été déclarée.")) from error
    record("payment_declared", declaration, actor=actor, amount=amount)
    tell("payments", client_id=invoice.client_id)
    _tell_team(declaration)
    return declaration


def _new_declaration(
    invoice: Invoice, account: MoneyAccount, amount: int, paid_on: date, slip: Slip
) -> TransferDeclaration:
    """Make the row of what was told; the caller says by whom and when, and keeps the proof."""
    return TransferDeclaration(
        client_id=invoice.client_id,
        invoice=invoice,
        account=account,
        amount=amount,
        currency=invoice.currency,
        paid_on=paid_on,
        reference=slip.reference.strip()[:100],
        reference_key=squeeze_reference(slip.reference),
        payer_name=slip.payer_name.strip()[:120],
        payer_phone=slip.payer_phone.strip()[:30],
    )


@transaction.atomic
def confirm_declaration(
    *, declaration: TransferDeclaration, actor: User, at: datetime, amount: int | None = None
) -> Payment:
    """Count what was declared as a payment, or the `amount` that really came; return it.

    What the invoice does not need stays to the client's credit.

    :raises DeclarationDecided: if it was answered before.
    :raises CannotRecord: if the money cannot be written down, its reference having counted.
    """
    declaration = _lock(declaration)
    invoice, account = declaration.invoice, declaration.account
    payment = record_payment(
        client=declaration.invoice.client,
        invoice=invoice if invoice.amount_due > 0 else None,
        amount=declaration.amount if amount is None else amount,
        method=account.method,
        received_on=declaration.paid_on,
        actor=actor,
        at=at,
        idempotency_key=f"declaration:{declaration.pk}",
        currency=declaration.currency,
        slip=Slip(
            reference=declaration.reference,
            payer_name=declaration.payer_name,
            payer_phone=declaration.payer_phone,
            channel=account.get_kind_display() if account.kind in account.WALLETS else "",
            account=account,
            proof=declaration.proof,
        ),
    )
    declaration.payment = payment
    _decide(declaration, State.CONFIRMED, actor, at)
    record("declaration_confirmed", declaration, actor=actor, payment=payment.pk)
    return payment


@transaction.atomic
def refuse_declaration(
    *, declaration: TransferDeclaration, reason: str, actor: User, at: datetime
) -> TransferDeclaration:
    """Say that the money was not found, and why; the client is told and may declare again.

    :raises DeclarationDecided: if it was answered before.
    :raises CannotDeclare: if no reason is given.
    """
    if not reason.strip():
        raise CannotDeclare(_("Dites au client pourquoi."))
    declaration = _lock(declaration)
    declaration.answer = reason.strip()[:300]
    _decide(declaration, State.REFUSED, actor, at)
    record("declaration_refused", declaration, actor=actor, reason=declaration.answer)
    announce_declaration_refused(declaration)
    return declaration


def _lock(declaration: TransferDeclaration) -> TransferDeclaration:
    """Lock the invoice, then the declaration.

    :raises DeclarationDecided: if it was answered before.
    """
    Invoice.objects.select_for_update().get(pk=declaration.invoice_id)
    rows = TransferDeclaration.objects.select_for_update(of=("self",))
    locked = rows.select_related("invoice__client", "account", "proof").get(pk=declaration.pk)
    if locked.state != State.PENDING:
        raise DeclarationDecided(_("Cette déclaration a déjà sa réponse."))
    return locked


def _decide(declaration: TransferDeclaration, state: str, actor: User, at: datetime) -> None:
    declaration.state, declaration.decided_by, declaration.decided_at = state, actor, at
    declaration.save(update_fields=["state", "answer", "payment", "decided_by", "decided_at"])
    tell("payments", client_id=declaration.client_id)


def _require_sound(
    invoice: Invoice,
    account: MoneyAccount,
    amount: int,
    paid_on: date,
    at: datetime,
    slip: Slip,
) -> None:
    if invoice.amount_due <= 0:
        raise CannotDeclare(_("Il n’y a rien à payer sur cette facture."))
    if not (account.is_active and account.is_shown) or account.company_id != invoice.company_id:
        raise CannotDeclare(_("Choisissez un des comptes proposés."))
    if amount <= 0:
        raise CannotDeclare(_("Le montant doit être positif."))
    if amount > 10 * invoice.amount_asked:
        raise CannotDeclare(_("Ce montant dépasse de loin la facture : vérifiez-le."))
    if paid_on > at.date():
        raise CannotDeclare(_("La date est dans le futur."))
    if paid_on < at.date() - OLDEST:
        raise CannotDeclare(_("Cette date est trop ancienne : écrivez-nous."))
    if not slip.reference.strip() and slip.proof is None:
        raise CannotDeclare(_("Donnez la référence de l’opération ou joignez une capture."))
    if invoice.declarations.filter(state=State.PENDING).count() >= MOST_PENDING:
        raise CannotDeclare(_("Cinq paiements déclarés attendent déjà d’être vérifiés."))


def _refuse_used(declaration: TransferDeclaration) -> None:
    """Refuse a reference that counted, or that waits. Says nothing of whose payment it was."""
    key = declaration.reference_key
    if not key:
        return
    waiting = TransferDeclaration.objects.filter(account=declaration.account, reference_key=key)
    probe = Payment(
        company_id=declaration.account.company_id,
        method=declaration.account.method,
        reference_key=key,
        provider_reference=declaration.reference,
    )
    with rls.staff("payments: a reference counts once, whoever said it"):
        is_used = waiting.exclude(state=State.REFUSED).exists() or find_same_reference(probe)
    if is_used:
        raise CannotDeclare(_("Cette référence a déjà été déclarée ou enregistrée."))


def _tell_team(declaration: TransferDeclaration) -> None:
    client, amount = (
        declaration.invoice.client,
        format_amount(declaration.amount, declaration.currency),
    )
    words = gettext_lazy("{client} dit avoir payé {amount} pour la facture {number}")
    tell_team(
        "payment_declared",
        client_id=declaration.client_id,
        text=format_lazy(
            words, client=client.name, amount=amount, number=declaration.invoice.number
        ),
        url=reverse("wagtailsnippets_payments_transferdeclaration:inspect", args=[declaration.pk]),
        key=str(declaration.pk),
        detail=f"{declaration.account} {declaration.reference}".strip(),
    )
