"""Saying what each movement of an account is. Each act is one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments.models import Payment, Refund, TransferDeclaration
from billing.payments.services import Slip, confirm_declaration, record_payment
from billing.payments.services.refusal import Refusal
from billing.treasury.models import LineMatch, Payout, StatementLine
from billing.treasury.queries import proposals
from core.accounts.models import Client, User
from core.audit.log import record
from core.money import format_amount

State = StatementLine.State


class CannotMatch(Refusal):
    """The line is dealt with, or the sums do not fit."""


@dataclass(frozen=True)
class Part:
    """So much of a line, in whole units, is this payment or this payout."""

    money: Payment | Payout
    amount: int


@transaction.atomic
def match_line(
    *, line: StatementLine, parts: Sequence[Part], actor: User | None, at: datetime
) -> StatementLine:
    """Say that a line is these payments or payouts, all of it. A line may be several of them,
    and a payment may have come by several lines.

    :raises CannotMatch: if the line is dealt with, or a sum is above what is left of either side.
    """
    line = _lock(line)
    if not parts:
        raise CannotMatch(_("Choisissez au moins un paiement."))
    if sum(part.amount for part in parts) != line.amount:
        whole = format_amount(line.amount, line.currency)
        raise CannotMatch(_("Les parts doivent faire %(whole)s.") % {"whole": whole})
    for part in sorted(parts, key=lambda each: (type(each.money).__name__, each.money.pk)):
        _match(line, part)
    return _decide(line, State.MATCHED, "", actor, at)


@transaction.atomic
def ignore_line(*, line: StatementLine, reason: str, actor: User, at: datetime) -> StatementLine:
    """Put a line aside that is no payment of a client, saying why.

    :raises CannotMatch: if it is dealt with, or no reason is given.
    """
    if not reason.strip():
        raise CannotMatch(_("Dites pourquoi cette ligne est ignorée."))
    return _decide(_lock(line), State.IGNORED, reason.strip()[:300], actor, at)


@transaction.atomic
def reopen_line(*, line: StatementLine, actor: User, at: datetime) -> StatementLine:
    """Take back what was said of a line; payments stay as they are.

    :raises CannotMatch: if it is open.
    """
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    if line.state == State.OPEN:
        raise CannotMatch(_("Cette ligne est déjà à rapprocher."))
    line.matches.all().delete()
    return _decide(line, State.OPEN, "", actor, at)


@transaction.atomic
def create_payment_from_line(
    *,
    line: StatementLine,
    client: Client,
    invoice: Invoice | None,
    actor: User,
    at: datetime,
) -> Payment:
    """Write the money of a line down as a payment, and match the two.

    :raises CannotMatch: if the line is dealt with, or no money came by it.
    :raises CannotRecord: if the payment cannot be, its reference having counted.
    """
    line, invoice = _lock_after(line, invoice)
    account = line.account
    if line.amount <= 0:
        raise CannotMatch(_("De l’argent est sorti par cette ligne : ce n’est pas un paiement."))
    key, reference = _names_of(line)
    payment = record_payment(
        client=client,
        invoice=invoice,
        amount=line.amount,
        method=account.method,
        received_on=line.booked_on,
        actor=actor,
        at=at,
        idempotency_key=key,
        currency=line.currency,
        slip=Slip(
            reference=reference,
            payer_name=line.sender,
            note=line.label,
            channel=account.get_kind_display() if account.kind in account.WALLETS else "",
            account=account,
        ),
    )
    match_line(line=line, parts=[Part(payment, line.amount)], actor=actor, at=at)
    return payment


@transaction.atomic
def confirm_proposal(
    *, line: StatementLine, kind: str, money_id: int, actor: User, at: datetime
) -> StatementLine:
    """Match a line with what was proposed; a declaration becomes a payment by it.

    :raises CannotMatch: if it is gone, or the sums do not fit.
    :raises DeclarationDecided: if the declaration was answered meanwhile.
    :raises CannotRecord: if its reference has counted.
    """
    money: Payment | Payout | None
    if kind == "declaration":
        declaration = TransferDeclaration.objects.filter(pk=money_id).first()
        if declaration is None:
            raise CannotMatch(_("Ce qui était proposé n’existe plus."))
        money = confirm_declaration(declaration=declaration, amount=line.amount, actor=actor, at=at)
    else:
        model = Payout if kind == "payout" else Payment
        money = model.objects.filter(pk=money_id).first()
    if money is None:
        raise CannotMatch(_("Ce qui était proposé n’existe plus."))
    return match_line(line=line, parts=[Part(money, line.amount)], actor=actor, at=at)


def confirm_certain(
    *, lines: Iterable[StatementLine], actor: User, at: datetime
) -> tuple[int, int]:
    """Match every line whose proposal is certain; return how many were, and how many refused.

    Each is a transaction of its own: one that refuses leaves the others be.
    """
    done = refused = 0
    by_pk = {line.pk: line for line in lines}
    for proposal in proposals(list(by_pk.values())):
        if not proposal.is_certain:
            continue
        try:
            confirm_proposal(
                line=by_pk[proposal.movement.key],
                kind=proposal.money.kind,
                money_id=proposal.money.key,
                actor=actor,
                at=at,
            )
        except Refusal:
            refused += 1
        else:
            done += 1
    return done, refused


def left_of(money: Payment | Payout) -> int:
    """Return what no line has yet of a payment or a payout, in whole units.

    Money that never really came came by no line.
    """
    matched = money.matches.aggregate(sum=Sum("amount"))["sum"] or 0
    undone = 0
    if isinstance(money, Payment):
        rows = money.refunds.filter(kind=Refund.Kind.REVERSAL)
        undone = rows.aggregate(sum=Sum("amount"))["sum"] or 0
    return max(money.amount - undone - matched, 0)


def _lock_after(
    line: StatementLine, invoice: Invoice | None
) -> tuple[StatementLine, Invoice | None]:
    """Lock an invoice, then a line, as whoever confirms a declaration does."""
    if invoice is not None:
        invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    return _lock(line), invoice


def _names_of(line: StatementLine) -> tuple[str, str]:
    """Return the key and the reference by which a line is one payment.

    Once that was undone, as for the wrong client, the line may be another one.
    """
    key = f"line:{line.pk}"
    mine = Q(idempotency_key=key) | Q(idempotency_key__startswith=f"{key}:")
    undone = Payment.objects.filter(mine, refunds__kind=Refund.Kind.REVERSAL).count()
    if not undone:
        return key, line.reference
    reference = f"{line.reference[:90]} ({undone + 1})" if line.reference else ""
    return f"{key}:{undone}", reference


def _lock(line: StatementLine) -> StatementLine:
    rows = StatementLine.objects.select_for_update(of=("self",)).select_related("account")
    locked = rows.get(pk=line.pk)
    if locked.state != State.OPEN:
        raise CannotMatch(_("Cette ligne est déjà traitée."))
    return locked


def _match(line: StatementLine, part: Part) -> None:
    money = type(part.money).objects.select_for_update().get(pk=part.money.pk)
    is_payment = isinstance(money, Payment)
    owner: Any = money if is_payment else money.account
    company_id = owner.company_id
    if money.currency != line.currency or company_id != line.account.company_id:
        raise CannotMatch(_("Ce paiement est d’une autre devise ou société."))
    left = left_of(money)
    if not 0 < part.amount <= left:
        text = _("Il ne reste que %(left)s à rapprocher de ce paiement.")
        raise CannotMatch(text % {"left": format_amount(left, line.currency)})
    side = {"payment": money} if is_payment else {"payout": money}
    LineMatch.objects.create(line=line, amount=part.amount, **side)


def _decide(
    line: StatementLine, state: str, reason: str, actor: User | None, at: datetime
) -> StatementLine:
    before = line.state
    line.state, line.reason, line.decided_by, line.decided_at = state, reason, actor, at
    line.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    changes = {"state": [before, state]}
    record("statement_line_decided", line, actor=actor, changes=changes, reason=reason)
    return line
