"""What the database knows of unpaid invoices, turned into the plain values of the engine."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import F, Sum

from billing.dunning.engine import Account, Decision, Hold, Step, decide
from billing.dunning.ladders import Ladder, ladder_for, read_ladders
from billing.dunning.models import Dispute, DunningNotice, Pause, PaymentPromise
from billing.dunning.reach import Reach, reach_of, ways_of
from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.queries import HEAVY
from billing.payments.models import Payment, PaymentAttempt
from core import hooks
from core.accounts.models import Client
from core.money import format_amount
from core.notify import sms
from core.workdays.days import working_days
from core.workdays.models import Holiday

PAYING_FOR = timedelta(hours=48)
HEAVY_ROWS = (*HEAVY, "client__search_vector")


@dataclass(frozen=True)
class Case:
    """An invoice, its ladder, what is known of it, and what a day calls for."""

    invoice: Invoice
    ladder: Ladder
    account: Account
    reach: Reach
    decision: Decision

    @property
    def step(self) -> Step:
        """Return the step that the day calls for; only asked of a case that has one."""
        return cast(Step, self.decision.step)

    @property
    def addresses(self) -> list[str]:
        return list(self.reach.addresses)

    @property
    def ways(self) -> dict[str, tuple[str, ...]]:
        return ways_of(self.step, self.reach, has_sms=sms.gateway() is not None)

    @property
    def amount(self) -> int:
        """Return what is asked for: the withholding alone when nothing else is left."""
        return self.account.asked or self.account.balance

    def __str__(self) -> str:
        amount = format_amount(self.amount, self.invoice.currency)
        return f"{self.invoice.number} {self.step.key} {amount} {', '.join(self.addresses)}"


def cases_on(on: date, *, at: datetime) -> list[Case]:
    """Return the invoices that a day calls for, to send or held, the oldest due date first.

    Run in the team's scope. The number of queries does not grow with the invoices.
    """
    ladders = read_ladders()
    first = max((-step.days for ladder in ladders for step in ladder.steps), default=0)
    rows = Invoice.objects.unpaid().filter(due_date__lte=on + timedelta(days=max(first, 0)))
    invoices = list(
        rows.select_related("client", "company").defer(*HEAVY_ROWS).order_by("due_date", "pk")
    )
    found = read_cases(invoices, on=on, at=at, ladders=ladders)
    return [case for case in found if case.decision.step is not None]


def read_cases(
    invoices: Sequence[Invoice],
    *,
    on: date,
    at: datetime,
    ladders: Sequence[Ladder] | None = None,
) -> list[Case]:
    """Return where invoices stand on a day. Each has a due date; run in the team's scope."""
    if not invoices:
        return []
    ladders = read_ladders() if ladders is None else ladders
    clients = {invoice.client_id: invoice.client for invoice in invoices}
    facts = _Facts(invoices, clients, on, at)
    reaches = reach_of(clients.values())
    tags = _tags(clients)
    is_open = working_days(corrections())
    found = []
    for invoice in invoices:
        ladder = ladder_for(invoice.client, ladders, tags)
        reach = reaches[invoice.client_id]
        account = facts.account(invoice, ladder, reach)
        decision = decide(account, ladder.steps, on=on, is_open=is_open)
        case = Case(invoice, ladder, account, reach, decision)
        if decision.is_to_send and not case.ways:
            case = replace(case, decision=replace(decision, hold=Hold.UNREACHABLE))
        found.append(case)
    return found


def corrections() -> dict[date, bool]:
    """Return the days that the team knows better than the calendar; True when off."""
    return dict(Holiday.objects.values_list("on", "is_off"))


class _Facts:
    """The rows around some invoices, read at once."""

    def __init__(
        self, invoices: Sequence[Invoice], clients: dict[int, Client], on: date, at: datetime
    ):
        ids = [invoice.pk for invoice in invoices]
        self.told: dict[int, list[DunningNotice]] = defaultdict(list)
        for notice in DunningNotice.objects.filter(invoice__in=ids):
            self.told[notice.invoice_id].append(notice)
        disputes = Dispute.objects.filter(invoice__in=ids, closed_at=None)
        self.disputed = set(disputes.values_list("invoice_id", flat=True))
        promises = PaymentPromise.objects.filter(invoice__in=ids, state=PaymentPromise.State.OPEN)
        self.promised = dict(promises.values_list("invoice_id", "promised_for"))
        self.paying = hooks.invoices_being_paid(ids) | _just_tried(ids, at)
        drafts = CreditNote.objects.filter(invoice__in=ids, status=CreditNote.Status.DRAFT)
        self.drafts = set(drafts.values_list("invoice_id", flat=True))
        self.pauses = _pauses(clients, on)
        self.withheld = _withheld(invoices)
        self.credits = _credits(clients)

    def account(self, invoice: Invoice, ladder: Ladder, reach: Reach) -> Account:
        due: Any = invoice.due_date
        told = {
            notice.step: notice.created_at.date() if notice.is_sent else None
            for notice in self.told[invoice.pk]
            if notice.due_date in (None, due)
        }
        pauses = [self.pauses.get((invoice.client_id, pk)) for pk in (None, invoice.pk)]
        return Account(
            due_date=due,
            issue_date=invoice.issue_date,
            balance=invoice.amount_due,
            tolerance=ladder.tolerance,
            withheld=self.withheld.get(invoice.pk, 0),
            told=told,
            is_disputed=invoice.pk in self.disputed,
            promised_for=self.promised.get(invoice.pk),
            is_being_paid=invoice.pk in self.paying,
            credit=self.credits.get(invoice.pk, 0),
            has_draft_credit=invoice.pk in self.drafts,
            paused_until=max((day for day in pauses if day), default=None),
            is_archived=invoice.client.stage == Client.Stage.ARCHIVED,
            is_reachable=bool(reach.addresses or reach.phones or reach.house_phone),
        )


def _just_tried(ids: list[int], at: datetime) -> set[int]:
    state = PaymentAttempt.State
    rows = PaymentAttempt.objects.filter(
        invoice__in=ids, state__in=(state.PENDING, state.REVIEW), created_at__gt=at - PAYING_FOR
    )
    return set(rows.values_list("invoice_id", flat=True))


def _pauses(clients: Iterable[int], on: date) -> dict[tuple[int, int | None], date]:
    """Return the last day of pause by client and invoice; None for all invoices of a client."""
    rows = Pause.objects.filter(client__in=list(clients), ended_at=None, until__gt=on)
    found: dict[tuple[int, int | None], date] = {}
    for client_id, invoice_id, until in rows.values_list("client_id", "invoice_id", "until"):
        key = (client_id, invoice_id)
        found[key] = max(until, found.get(key, until))
    return found


def _withheld(invoices: Sequence[Invoice]) -> dict[int, int]:
    """Return what each client keeps for the tax office and has not yet proved."""
    kept = [invoice.pk for invoice in invoices if invoice.total_withheld]
    if not kept:
        return {}
    rows = Invoice.objects.filter(pk__in=kept).defer(*HEAVY).with_certificates()
    return {invoice.pk: invoice.withheld_left for invoice in rows}


def _credits(clients: Iterable[int]) -> dict[int, int]:
    """Return what a client's credit leaves to each unpaid invoice, the oldest served first."""
    paid = Payment.objects.filter(client__in=list(clients), amount_unallocated__gt=0)
    left: dict[tuple[int, str], int] = {
        (client_id, currency): amount
        for client_id, currency, amount in paid.values_list("client_id", "currency")
        .annotate(sum=Sum("amount_unallocated"))
        .order_by()
    }
    if not left:
        return {}
    rows = Invoice.objects.unpaid().filter(client__in={client_id for client_id, _code in left})
    found = {}
    for invoice in rows.defer(*HEAVY).order_by(F("due_date").asc(nulls_last=True), "pk"):
        key = (invoice.client_id, invoice.currency)
        found[invoice.pk] = left.get(key, 0)
        left[key] = max(left.get(key, 0) - invoice.amount_due, 0)
    return found


def _tags(clients: Iterable[int]) -> dict[int, set[int]]:
    links = Client.tags.through.objects.filter(client_id__in=list(clients))
    found: dict[int, set[int]] = defaultdict(set)
    for client_id, tag_id in links.values_list("client_id", "clienttag_id"):
        found[client_id].add(tag_id)
    return found
