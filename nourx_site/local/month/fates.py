"""What becomes of an invoice. Each fate is a story that clients and providers really tell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from billing.dunning import services as dunning
from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice
from billing.payments import services as payments
from billing.payments.models import Payment
from billing.payments.services import refund_power
from nourx_site.local.month import desk, online, papers
from nourx_site.local.month.course import Month

Act = Callable[[Month, Invoice], None]


@dataclass(frozen=True)
class Fate:
    """A story, and the invoice it wants: its currency, a tax rule, a price HT, days until due."""

    act: Act
    currency: str = "XOF"
    rule: str = ""
    wanted: int | None = None
    days: int = 1
    term: int = 10


def by_channel(channel: str, story: str = "success") -> Act:
    """Return a fate: paid online by a channel, with a story."""
    return lambda month, invoice: _online(month, invoice, channel, story)


def by_hand(method: str) -> Act:
    """Return a fate: paid by hand, all of it."""

    def act(month: Month, invoice: Invoice) -> None:
        if invoice.amount_due > 0:
            desk.receive(month, invoice, invoice.amount_payable_now, method)

    return act


def _online(month: Month, invoice: Invoice, channel: str, story: str) -> None:
    if invoice.amount_payable_now < 100:
        return
    if invoice.currency == "EUR":
        online.pay(month, invoice, "card", story)
    elif invoice.amount_payable_now > 1_400_000:
        desk.receive(month, invoice, invoice.amount_payable_now)
    else:
        online.pay(month, invoice, channel, story)


def _then_pay_the_rest(month: Month, invoice: Invoice, method: str = "cash") -> None:
    invoice = month.fresh(invoice)
    if invoice.amount_payable_now > 0:
        desk.receive(month, invoice, invoice.amount_payable_now, method)


def refused_then_other(month: Month, invoice: Invoice) -> None:
    """Refused by one operator, paid by another."""
    online.pay(month, invoice, "moov", "refused")
    _online(month, month.fresh(invoice), "mtn", "success")


def pending_then_cash(month: Month, invoice: Invoice) -> None:
    """The operator never answers; the client comes with cash."""
    online.pay(month, invoice, "mtn", "pending")
    month.later(2, lambda: _then_pay_the_rest(month, invoice))


def no_page_then_paid(month: Month, invoice: Invoice) -> None:
    """The provider cuts the line when asked for a page; an hour later all goes well."""
    online.fail_to_open(month, invoice, "mtn")
    month.tick(minutes=20)
    _online(month, month.fresh(invoice), "moov", "success")


def less_then_rest(month: Month, invoice: Invoice) -> None:
    """500 less than asked: a person accepts it in the evening, the rest comes in cash."""
    online.pay(month, invoice, "mtn", "amount")
    month.later(1, lambda: _then_pay_the_rest(month, invoice))


def taken_back_then_paid(month: Month, invoice: Invoice) -> None:
    """Paid, then taken back by the operator; a transfer comes days later."""
    online.pay(month, invoice, "mtn", "reversal")
    month.later(2, lambda: _then_pay_the_rest(month, invoice, "transfer"))


def cheque_cashed(month: Month, invoice: Invoice) -> None:
    """A cheque, taken to the bank, then cashed."""
    cheque = desk.receive(month, invoice, invoice.amount_due, "cheque")
    month.later(1, lambda: _move(month, cheque, "deposited"))
    month.later(2, lambda: _move(month, cheque, "cashed"))


def cheque_bounced(month: Month, invoice: Invoice) -> None:
    """A cheque that bounces; the client pays in cash."""
    cheque = desk.receive(month, invoice, invoice.amount_due, "cheque")
    month.later(1, lambda: _move(month, cheque, "deposited"))
    month.later(2, lambda: _move(month, cheque, "bounced"))
    month.later(3, lambda: _then_pay_the_rest(month, invoice))


def _move(month: Month, cheque: Payment, state: str) -> None:
    payments.move_cheque(
        payment=cheque, state=state, on=month.on, actor=month.actor, at=month.tick(),
        reason="Provision insuffisante",
    )  # fmt: skip
    month.count(f"chèques : {state}")


def in_parts(month: Month, invoice: Invoice) -> None:
    """A part in cash, a part online of what is left, the end online."""
    desk.receive(month, invoice, invoice.amount_due // 3, "cash", payer="Awa Koné")
    left = month.fresh(invoice)
    online.pay(month, left, "mtn", "success", left.amount_due // 10 * 5)
    month.later(1, lambda: _online(month, month.fresh(invoice), "orange", "success"))


def three_tranches(month: Month, invoice: Invoice) -> None:
    """A large sum, by three transfers of three payers."""
    part = invoice.amount_due // 3
    for days, payer in enumerate(("Awa Koné", "Yao SARL")):
        month.later(
            days,
            lambda payer=payer: desk.receive(month, month.fresh(invoice), part, payer=payer),
        )
    month.later(2, lambda: _then_pay_the_rest(month, invoice, "transfer"))


def too_much_then_used(month: Month, invoice: Invoice) -> None:
    """More than is due; the credit pays another invoice of the client in part."""
    desk.receive(month, invoice, invoice.amount_due + 41_001)
    other = papers.issue(month, papers.draft(month, invoice.client, wanted=60_000))
    payments.use_credit(invoice=other, at=month.tick(), actor=month.actor)
    month.count("crédits utilisés")
    month.later(1, lambda: _then_pay_the_rest(month, other))


def two_invoices_at_once(month: Month, invoice: Invoice) -> None:
    """One transfer for two invoices and an advance, given back in part."""
    other = papers.issue(month, papers.draft(month, invoice.client))
    sums = {invoice.pk: invoice.amount_due, other.pk: other.amount_due}
    payment = desk.receive(
        month, invoice, sum(sums.values()) + 30_000, client=invoice.client, shares=sums
    )
    month.later(2, lambda: desk.give_back(month, payment, 12_500))


def freed_then_placed_again(month: Month, invoice: Invoice) -> None:
    """Money put on the wrong invoice: taken off, then put on it again."""
    payment = desk.receive(month, invoice, invoice.amount_due)
    payments.release_allocation(
        payment=payment, invoice=month.fresh(invoice), amount=10_007, reason="Autre facture",
        at=month.tick(), actor=month.actor,
    )  # fmt: skip
    payments.use_credit(
        invoice=invoice, at=month.tick(), actor=month.actor, amount=10_007, payment=payment
    )
    month.count("désaffectations")


def declared(month: Month, invoice: Invoice) -> None:
    """Declared by the client, confirmed by the team."""
    told = desk.declare(month, invoice, invoice.amount_due)
    month.later(1, lambda: desk.confirm(month, told))


def declared_for_more(month: Month, invoice: Invoice) -> None:
    """Declared whole, but less came; the rest is paid in cash."""
    told = desk.declare(month, invoice, invoice.amount_due)
    month.later(1, lambda: desk.confirm(month, told, told.amount - 5_000))
    month.later(2, lambda: _then_pay_the_rest(month, invoice))


def declared_for_nothing(month: Month, invoice: Invoice) -> None:
    """Declared, refused, then paid in cash."""
    told = desk.declare(month, invoice, invoice.amount_due)
    month.later(1, lambda: desk.refuse(month, told))
    month.later(2, lambda: _then_pay_the_rest(month, invoice))


def withheld(month: Month, invoice: Invoice) -> None:
    """Paid less the tax kept back, whose certificate comes three days later."""
    desk.receive(month, invoice, invoice.amount_payable_now)
    kept = invoice.withheld_left
    month.later(3, lambda: adjust(month, invoice, "withheld", kept))


def written_off(month: Month, invoice: Invoice) -> None:
    """All but a little is paid; the little is given up."""
    desk.receive(month, invoice, invoice.amount_due - 1_450)
    month.later(2, lambda: adjust(month, invoice, "write_off", 1_450))


def short_in_euros(month: Month, invoice: Invoice) -> None:
    """A transfer in euros comes a little short: the difference is one of exchange."""
    desk.receive(month, invoice, invoice.amount_due - 37)
    adjust(month, invoice, "exchange", 37)


def adjust(month: Month, invoice: Invoice, kind: str, amount: int) -> None:
    """Write an adjustment down, told twice."""
    facts = {
        "invoice": invoice, "kind": kind, "amount": amount, "reason": "Constaté",
        "reference": month.reference("ATT"), "dated_on": month.on, "on": month.on,
        "actor": month.actor, "idempotency_key": f"{kind}:{invoice.pk}",
    }  # fmt: skip
    first = invoicing.record_adjustment(at=month.tick(), **facts)
    if invoicing.record_adjustment(at=month.tick(), **facts).pk != first.pk:
        raise AssertionError("an adjustment told twice was noted twice")
    month.count(f"ajustements : {first.get_kind_display().lower()}")


def credited_in_part(month: Month, invoice: Invoice) -> None:
    """Credited by a tenth, then paid."""
    papers.credit(month, invoice, Decimal("0.1"))
    month.later(1, lambda: _then_pay_the_rest(month, invoice, "transfer"))


def cancelled(month: Month, invoice: Invoice) -> None:
    """Issued by mistake: credited whole."""
    papers.credit(month, invoice)


def paid_then_cancelled(month: Month, invoice: Invoice) -> None:
    """Paid, then credited whole: the money is the client's again, and given back."""
    payment = desk.receive(month, invoice, invoice.amount_due)
    month.later(1, lambda: papers.credit(month, invoice))
    month.later(2, lambda: desk.give_back(month, payment, payment.amount))


def refunded(month: Month, invoice: Invoice) -> None:
    """Paid online, then given back: by the provider where it can, else by hand."""
    attempt = online.pay(month, invoice, "card" if invoice.currency == "EUR" else "wave")
    payment = Payment.objects.get(attempt=attempt)
    month.later(1, lambda: _refund(month, payment))


def _refund(month: Month, payment: Payment) -> None:
    power = refund_power(payment)
    if power in ("full", "partial"):
        amount = payment.amount if power == "full" else payment.amount // 3
        online.give_back_by_provider(month, payment, amount)
    else:
        desk.give_back(month, payment, payment.amount // 4, with_credit_note=True)


def wrong_currency(month: Month, invoice: Invoice) -> None:
    """Another currency than asked: a person takes the amount as paid, after a look."""
    online.pay(month, invoice, "card", "currency")


def disputed(month: Month, invoice: Invoice) -> None:
    """Contested, so no longer reminded; credited in part, then paid."""
    dispute = dunning.open_dispute(
        invoice=invoice, reason="Heures en trop", at=month.tick(), actor=month.actor
    )
    month.count("litiges")
    month.later(2, lambda: papers.credit(month, invoice, Decimal("0.2")))
    month.later(
        3,
        lambda: dunning.close_dispute(
            dispute=dispute, outcome="Avoir", at=month.tick(), actor=month.actor
        ),
    )
    month.later(4, lambda: _then_pay_the_rest(month, invoice))


def promised(month: Month, invoice: Invoice) -> None:
    """Promised for a day, and never paid."""
    dunning.promise_payment(
        invoice=invoice, promised_for=month.on + timedelta(days=3), on=month.on, at=month.tick(),
        actor=month.people[invoice.client_id], is_by_client=True,
    )  # fmt: skip
    month.count("promesses de paiement")


def never_paid(month: Month, invoice: Invoice) -> None:
    """Nothing comes: reminders do."""
    month.count("jamais payées")


PLAIN: tuple[Act, ...] = (
    by_hand("transfer"), by_channel("orange"), by_channel("mtn"), by_hand("cash"),
    by_channel("wave"), by_hand("transfer"), by_channel("moov"), by_channel("card"),
)  # fmt: skip
FATES: tuple[Fate, ...] = (
    Fate(by_channel("orange")), Fate(by_channel("mtn", "double")), Fate(never_paid, term=1),
    Fate(in_parts), Fate(by_channel("wave", "late")),
    Fate(withheld, rule="withheld"), Fate(by_hand("cash"), rule="added"), Fate(cheque_bounced),
    Fate(by_channel("card", "success"), "EUR"), Fate(too_much_then_used),
    Fate(less_then_rest), Fate(declared), Fate(promised, term=1), Fate(credited_in_part),
    Fate(by_channel("card", "silent")),
    Fate(refunded, "EUR"), Fate(paid_then_cancelled), Fate(no_page_then_paid),
    Fate(three_tranches, wanted=2_150_001), Fate(taken_back_then_paid),
    Fate(cheque_cashed), Fate(declared_for_nothing), Fate(written_off), Fate(cancelled),
    Fate(by_channel("moov", "forged")),
    Fate(short_in_euros, "EUR"), Fate(pending_then_cash), Fate(two_invoices_at_once),
    Fate(refused_then_other), Fate(by_hand("mobile_money")),
    Fate(refunded), Fate(by_channel("wave", "double")), Fate(by_channel("orange", "silent")),
    Fate(declared_for_more), Fate(wrong_currency, "EUR"),
    Fate(freed_then_placed_again), Fate(disputed, term=1), Fate(by_channel("mtn", "down")),
    Fate(by_channel("orange", "disorder")), Fate(by_channel("wave", "forged"), rule="added"),
)  # fmt: skip
