"""What a provider settled of each payment, and the payouts that brought it to our accounts."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.payments.models import MoneyAccount, Payment
from billing.payments.providers.base import Snapshot
from billing.payments.services.refusal import Refusal
from billing.treasury.fees import Fee, fee_of, find_terms, split_fee
from billing.treasury.models import FeeTerms, Payout, Settlement
from core.accounts.models import User
from core.audit.log import record
from core.money import format_amount

Basis = Settlement.Basis
RANK = {Basis.ESTIMATED: 0, Basis.TERMS: 1, Basis.PROVIDER: 2}
MOST_FILLED = 1000  # payments settled by one run


class CannotPayOut(Refusal):
    """The payout cannot be noted."""


@transaction.atomic
def settle_payment(
    *, payment: Payment, at: datetime, snapshot: Snapshot | None = None
) -> Settlement:
    """Keep what the provider settled of a payment; told better, it is corrected.

    What the provider says wins over the table of fees, and the table over an estimate of nothing.
    A settlement that was paid out is not touched any more.
    """
    fee, basis = _fee_of(payment, snapshot)
    found = Settlement.objects.select_for_update().filter(payment=payment).first()
    if found is None:
        try:
            with transaction.atomic():
                return Settlement.objects.create(
                    client_id=payment.client_id,
                    payment=payment,
                    currency=payment.currency,
                    **_sums(payment, fee, basis, at),
                )
        except IntegrityError:
            found = Settlement.objects.select_for_update().get(payment=payment)
    if found.payout_id is None and RANK[Basis(found.basis)] <= RANK[basis]:
        for name, value in _sums(payment, fee, basis, at).items():
            setattr(found, name, value)
        found.save()
    return found


def fill_missing_settlements(*, at: datetime) -> int:
    """Settle, from the table of fees, payments by providers that have no settlement yet."""
    rows = Payment.objects.exclude(provider="").filter(settlement=None).select_related("company")
    missing = list(rows.order_by("pk")[:MOST_FILLED])
    for payment in missing:
        settle_payment(payment=payment, at=at)
    return len(missing)


@transaction.atomic
def record_payout(
    *,
    provider: str,
    reference: str,
    account: MoneyAccount,
    paid_on: date,
    amount: int,
    settlements: Iterable[Settlement],
    actor: User,
    at: datetime,
    explanation: str = "",
) -> Payout:
    """Note money a provider sent to one of our accounts, and what it settles.

    `amount` is what came, in whole units; a difference with the nets must be explained.

    :raises CannotPayOut: if nothing is settled by it, the difference has no explanation, a
        settlement was paid out before, or the reference is known.
    """
    chosen = sorted(row.pk for row in settlements)
    rows = _lock_unpaid(chosen)
    _require_payable(rows, chosen, provider, account)
    payout = Payout(
        provider=provider,
        reference=reference.strip()[:100],
        account=account,
        paid_on=paid_on,
        amount=amount,
        expected=sum(row.net for row in rows),
        currency=account.currency,
        explanation=explanation.strip()[:300],
        recorded_by=actor,
        recorded_at=at,
    )
    _require_explained(payout)
    _save_once(payout)
    Settlement.objects.filter(pk__in=chosen).update(payout=payout, updated_at=at)
    record("payout_recorded", payout, actor=actor, amount=amount, expected=payout.expected)
    return payout


def _lock_unpaid(ids: list[int]) -> list[Settlement]:
    """Lock the settlements that no payout has brought yet, in the order of their ids."""
    rows = Settlement.objects.select_for_update(of=("self",)).filter(pk__in=ids, payout=None)
    return list(rows.select_related("payment").order_by("pk"))


def _require_explained(payout: Payout) -> None:
    """Refuse a payout of nothing, of a day to come, or whose difference is not explained."""
    if payout.amount <= 0:
        raise CannotPayOut(_("Le montant doit être positif."))
    if payout.paid_on > payout.recorded_at.date():
        raise CannotPayOut(_("La date est dans le futur."))
    if payout.amount != payout.expected and not payout.explanation:
        gap = format_amount(payout.amount - payout.expected, payout.currency)
        raise CannotPayOut(_("Expliquez l’écart de %(gap)s avec les nets.") % {"gap": gap})


def _save_once(payout: Payout) -> None:
    try:
        with transaction.atomic():
            payout.save()
    except IntegrityError as error:
        raise CannotPayOut(_("Ce versement est déjà noté.")) from error


def _require_payable(
    rows: list[Settlement], chosen: list[int], provider: str, account: MoneyAccount
) -> None:
    if not chosen:
        raise CannotPayOut(_("Choisissez ce que ce versement règle."))
    if len(rows) < len(chosen):
        raise CannotPayOut(_("Un de ces règlements vient d’être versé : revoyez la liste."))
    for row in rows:
        if row.payment.provider != provider:
            raise CannotPayOut(_("Un de ces règlements est d’un autre prestataire."))
        if row.currency != account.currency or row.payment.company_id != account.company_id:
            raise CannotPayOut(_("Un de ces règlements est d’une autre devise ou société."))


def _fee_of(payment: Payment, snapshot: Snapshot | None) -> tuple[Fee, Basis]:
    terms = find_terms(
        FeeTerms.objects.filter(provider=payment.provider),
        provider=payment.provider,
        channel=payment.channel,
        currency=payment.currency,
        on=payment.received_on,
    )
    planned = fee_of(terms, payment.amount, payment.received_on) if terms else Fee(0, 0, None)
    if snapshot is None or (snapshot.fee is None and snapshot.available_on is None):
        return planned, Basis.TERMS if terms else Basis.ESTIMATED
    available_on = snapshot.available_on or planned.available_on
    if snapshot.fee is None:
        return Fee(
            planned.fee, planned.vat, available_on
        ), Basis.TERMS if terms else Basis.ESTIMATED
    fee, vat = split_fee(min(snapshot.fee, payment.amount), terms.vat_percent if terms else 0)
    return Fee(fee, vat, available_on), Basis.PROVIDER


def _sums(payment: Payment, fee: Fee, basis: Basis, at: datetime) -> dict[str, object]:
    return {
        "gross": payment.amount,
        "fee": fee.fee,
        "fee_vat": fee.vat,
        "net": payment.amount - fee.total,
        "basis": basis,
        "available_on": fee.available_on,
        "updated_at": at,
    }
