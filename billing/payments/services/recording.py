"""Money that came without us: cash, a transfer, a cheque, Mobile Money outside the portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments.models import MoneyAccount, Payment, PaymentMethod
from billing.payments.references import squeeze_reference
from billing.payments.services.ledger import RecordedAlready, Share, write_payment
from billing.payments.services.refusal import Refusal
from core.accounts.models import Client, User
from core.files.models import StoredFile
from core.files.uploads import Attachment, take


class CannotRecord(Refusal):
    """The money cannot be written down."""


class ReferenceUsed(CannotRecord):
    """The reference told by hand has counted once already, for `payment`."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(_("Cette référence a déjà servi : le paiement est enregistré."))
        self.payment = payment


@dataclass(frozen=True)
class Slip:
    """What came with money: its reference, who paid, where it went to, and its proof."""

    reference: str = ""
    payer_name: str = ""
    payer_phone: str = ""
    note: str = ""
    channel: str = ""
    account: MoneyAccount | None = None
    proof: Attachment | StoredFile | None = None


@transaction.atomic
def record_payment(
    *,
    client: Client,
    invoice: Invoice | None,
    amount: int,
    method: str,
    received_on: date,
    actor: User,
    at: datetime,
    reference: str = "",
    idempotency_key: str = "",
    note: str = "",
    shares: Mapping[int, int] | None = None,
    slip: Slip | None = None,
    currency: str = "",
) -> Payment:
    """Write down money received, pay invoices with it, keep the rest to the client's credit.

    `amount` is in whole units. `shares` gives amounts by id of invoice, of one company and
    currency; without it `invoice` takes what it needs, and None makes an advance in `currency`,
    the client's own unless told. One `idempotency_key`, one payment.

    :raises ReferenceUsed: if the reference has counted once, for this means or through a provider.
    :raises CannotRecord: if the amount, the day or an invoice cannot be.
    :raises ValidationError: if the proof is not a file that may be kept.
    """
    slip = slip or Slip(reference=reference, note=note)
    ids = sorted(shares) if shares else [invoice.pk] if invoice else []
    invoices = _lock_invoices(ids)
    if told := _told_before(idempotency_key):
        return told
    _require_sound(amount, method, received_on, at)
    _require_all(invoices, ids)
    wanted = _shares(invoices, shares, amount)
    _require_invoices(client, list(invoices.values()))
    main = invoices[ids[0]] if ids else None
    payment = _new_payment(client, main, slip, currency)
    payment.method, payment.amount, payment.received_on = method, amount, received_on
    payment.recorded_at, payment.idempotency_key = at, idempotency_key
    return _write_once(payment, main, wanted, slip.proof, actor)


def _lock_invoices(ids: Sequence[int]) -> dict[int, Invoice]:
    """Lock invoices in the order of their ids, and return those that exist by id."""
    rows = Invoice.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def _require_all(invoices: Mapping[int, Invoice], ids: Sequence[int]) -> None:
    if len(invoices) < len(ids):
        raise CannotRecord(_("Une des factures n’existe plus."))


def _write_once(
    payment: Payment,
    main: Invoice | None,
    wanted: list[Share] | None,
    proof: Attachment | StoredFile | None,
    actor: User,
) -> Payment:
    """Write a payment by hand, unless its key or its reference has counted before."""
    payment.recorded_by, at = actor, payment.recorded_at
    if payment.method == PaymentMethod.CHEQUE:
        payment.cheque_state = Payment.Cheque.RECEIVED
    _require_account(payment)
    if first := find_same_reference(payment):
        raise ReferenceUsed(first)
    payment.proof = keep_proof(proof, payment.client_id, actor)
    try:
        done = write_payment(payment=payment, invoice=main, shares=wanted, at=at, actor=actor)
    except RecordedAlready:
        if told := _told_before(payment.idempotency_key):
            return told
        raise ReferenceUsed(_first_of(payment)) from None
    return done.payment


def _new_payment(client: Client, main: Invoice | None, slip: Slip, currency: str) -> Payment:
    """Make the row with what came beside the money; the caller fills in the rest."""
    return Payment(
        company_id=_company_of(client, main, slip),
        client=client,
        channel=slip.channel[:60],
        provider_reference=slip.reference.strip()[:100],
        reference_key=squeeze_reference(slip.reference),
        payer_name=slip.payer_name.strip()[:120],
        payer_phone=slip.payer_phone.strip()[:30],
        account=slip.account,
        currency=main.currency if main else currency or client.currency,
        note=slip.note.strip()[:300],
    )


def _company_of(client: Client, main: Invoice | None, slip: Slip) -> int:
    """Return whose money it is: of who issued the invoice, else of who owns the account."""
    if main is not None:
        return main.company_id
    return slip.account.company_id if slip.account else client.company_id


def _require_account(payment: Payment) -> None:
    account = payment.account
    if account is None:
        return
    if (account.company_id, account.currency) != (payment.company_id, payment.currency):
        raise CannotRecord(_("Ce compte est d’une autre devise ou société que le paiement."))


def find_same_reference(payment: Payment) -> Payment | None:
    """Return the payment that has this reference already: by hand, or through a provider."""
    if not payment.reference_key:
        return None
    by_hand = Q(method=payment.method, reference_key=payment.reference_key)
    by_provider = ~Q(provider="") & Q(provider_reference__iexact=payment.provider_reference)
    rows = Payment.objects.filter(by_hand | by_provider, company_id=payment.company_id)
    return rows.order_by("pk").first()


def _first_of(payment: Payment) -> Payment:
    first = find_same_reference(payment)
    if first is None:
        raise CannotRecord(_("Ce paiement n’a pas pu être enregistré."))
    return first


def _told_before(idempotency_key: str) -> Payment | None:
    rows = Payment.objects.filter(idempotency_key=idempotency_key)
    return rows.first() if idempotency_key else None


def keep_proof(
    proof: Attachment | StoredFile | None, client_id: int, actor: User
) -> StoredFile | None:
    """Keep what was joined as a file of a client; one that is kept already is returned."""
    if proof is None or isinstance(proof, StoredFile):
        return proof
    return take([proof], client_id=client_id, actor=actor)[0]


def _shares(
    invoices: Mapping[int, Invoice], asked: Mapping[int, int] | None, amount: int
) -> list[Share] | None:
    """Return what goes where, or None to give the one invoice what it needs."""
    if not asked:
        return None
    shares = [Share(invoices[pk], part) for pk, part in sorted(asked.items()) if part]
    if any(share.amount < 0 for share in shares):
        raise CannotRecord(_("Une part ne peut pas être négative."))
    if sum(share.amount for share in shares) > amount:
        raise CannotRecord(_("Les parts dépassent le montant reçu."))
    for share in shares:
        if share.amount > share.invoice.amount_due:
            text = _("La facture %(number)s ne doit plus autant : revoyez sa part.")
            raise CannotRecord(text % {"number": share.invoice.number})
    return shares


def _require_sound(amount: int, method: str, received_on: date, at: datetime) -> None:
    if amount <= 0:
        raise CannotRecord(_("Le montant doit être positif."))
    if method not in PaymentMethod.values:
        raise CannotRecord(_("Choisissez un moyen de paiement."))
    if received_on > at.date():
        raise CannotRecord(_("La date de réception est dans le futur."))


def _require_invoices(client: Client, invoices: list[Invoice]) -> None:
    for invoice in invoices:
        if invoice.client_id != client.pk:
            raise CannotRecord(_("Cette facture est celle d’un autre client."))
        if invoice.amount_due <= 0:
            raise CannotRecord(_("Rien n’est dû sur cette facture : enregistrez une avance."))
    if len({(invoice.company_id, invoice.currency) for invoice in invoices}) > 1:
        raise CannotRecord(_("Ces factures ne sont pas de la même devise ou société."))
