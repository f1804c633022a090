"""Billing the time of projects: each entry once, offered ones never."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.services import Refused, save_totals
from billing.sources.hours import Rate, Spent, TimeLine, group_time, hours_text, rate_of
from billing.sources.models import BilledTime, OfferedTime, RateCard
from billing.sources.rates import is_in_force
from core import rls
from core.accounts.models import Client, Company
from core.audit.log import record
from core.money import format_amount
from core.ui.formats import date_long
from portal.projects.models import Project, TimeEntry

NORMAL_RATE = Decimal(18)
MOST_ENTRIES = 5_000


class Grouping(StrEnum):
    """What a line of the draft stands for."""

    TASK = "task"
    PERSON = "person"
    DAY = "day"


class CannotBillTime(Refused):
    """There is no time to bill, it has no rate, or somebody was faster."""


@dataclass(frozen=True)
class Choice:
    """Which time is billed: of a client, of one project or all, between two days included."""

    client: Client
    start: date
    end: date
    grouping: Grouping
    project: Project | None = None


@dataclass(frozen=True)
class Preview:
    """What a choice would bill, in minor units of the client's currency."""

    lines: Sequence[TimeLine]
    without_rate: Sequence[Spent]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


def unbilled(choice: Choice) -> QuerySet[TimeEntry]:
    """Return the entries of a choice that may be billed: with minutes, not billed, not offered."""
    rows = TimeEntry.objects.filter(
        client=choice.client,
        spent_on__gte=choice.start,
        spent_on__lte=choice.end,
        minutes__gt=0,
        billed=None,
        offered=None,
    )
    return rows.filter(project=choice.project) if choice.project else rows


def preview_time(choice: Choice) -> Preview:
    """Return the lines that a choice would bill, and the entries that no rate covers.

    :raises CannotBillTime: if there are more entries than one invoice holds.
    """
    rows = unbilled(choice).select_related("project", "task", "user")
    return _preview(choice, list(rows.order_by("spent_on", "pk")[: MOST_ENTRIES + 1]))


def bill_time(*, choice: Choice, expected: int, on: date, actor: Any) -> Invoice:
    """Make a draft of the time of a choice; its entries are billed, and no longer edited.

    `expected` is the amount that the person saw, in minor units: another one is refused.

    :raises CannotBillTime: if there is nothing to bill, an entry has no rate, the amount changed,
        or somebody billed it meanwhile.
    """
    try:
        with transaction.atomic():
            return _bill(choice, expected, on, actor)
    except IntegrityError as error:
        if "sources_billedtime" not in str(error):
            raise
        raise CannotBillTime(_("Ce temps vient d’être facturé par quelqu’un d’autre.")) from error


@transaction.atomic
def offer_time(*, entry: TimeEntry, at: datetime, actor: Any) -> None:
    """Mark an entry as not to be billed; marking it twice changes nothing.

    :raises CannotBillTime: if it is billed.
    """
    entry = TimeEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if BilledTime.objects.filter(entry=entry).exists():
        raise CannotBillTime(_("Ce temps est déjà sur une facture."))
    facts = {"client_id": entry.client_id, "actor": actor, "offered_at": at}
    _mark, is_new = OfferedTime.objects.get_or_create(entry=entry, defaults=facts)
    if is_new:
        record("time_offered", entry, actor=actor)


@transaction.atomic
def charge_time(*, entry: TimeEntry, actor: Any) -> None:
    """Have an entry that was marked as not to be billed be billable again."""
    deleted, _rows = OfferedTime.objects.filter(entry=entry).delete()
    if deleted:
        record("time_charged", entry, actor=actor)


def release_cancelled(*, invoice: Invoice) -> int:
    """Free the time of an invoice, if it is cancelled; return how many entries."""
    if invoice.status != Invoice.Status.CANCELLED:
        return 0
    with rls.staff("sources: billed time is the team's, whoever credits"):
        released, _rows = BilledTime.objects.filter(line__invoice=invoice).delete()
    if released:
        record("time_released", invoice, entries=released)
    return released


def _bill(choice: Choice, expected: int, on: date, actor: Any) -> Invoice:
    rows = unbilled(choice).select_for_update(of=("self",), no_key=True)
    entries = list(rows.select_related("project", "task", "user").order_by("spent_on", "pk"))
    taken = set(BilledTime.objects.filter(entry__in=entries).values_list("entry_id", flat=True))
    preview = _preview(choice, [entry for entry in entries if entry.pk not in taken])
    _refuse(preview, expected)
    invoice = Invoice(
        company=choice.client.company,
        client=choice.client,
        project=choice.project,
        currency=choice.client.currency,
        subject=_("Temps passé du %(start)s au %(end)s")
        % {"start": date_long(choice.start), "end": date_long(choice.end)},
    )
    invoice.save()
    _write_lines(invoice, preview.lines, on)
    save_totals(paper=invoice, on=on)
    record("time_billed", invoice, actor=actor, minutes=preview.minutes, amount=preview.amount)
    return invoice


def _refuse(preview: Preview, expected: int) -> None:
    if preview.without_rate:
        names = sorted({str(each.entry.user) for each in preview.without_rate})
        text = _("Aucun tarif horaire pour : %(names)s. Ajoutez-le dans « Tarifs horaires ».")
        raise CannotBillTime(text % {"names": ", ".join(names)})
    if not preview.lines:
        raise CannotBillTime(_("Aucun temps à facturer sur cette période."))
    if preview.amount != expected:
        raise CannotBillTime(_("Le temps a changé depuis l’aperçu : relisez-le."))


def _preview(choice: Choice, entries: Sequence[TimeEntry]) -> Preview:
    if len(entries) > MOST_ENTRIES:
        raise CannotBillTime(_("Trop de saisies pour une facture : réduisez la période."))
    rates = [
        Rate(int(card.hourly_rate), card.project_id, card.user_id, card.valid_from)
        for card in RateCard.objects.filter(currency=choice.client.currency)
    ]
    spent = [_spent(entry, rates) for entry in entries]
    return Preview(
        lines=group_time(spent, KEYS[choice.grouping]),
        without_rate=[each for each in spent if each.rate is None],
    )


def _spent(entry: TimeEntry, rates: Sequence[Rate]) -> Spent:
    facts = {"project_id": entry.project_id, "user_id": entry.user_id}
    return Spent(
        entry_id=entry.pk,
        on=entry.spent_on,
        minutes=entry.minutes,
        rate=rate_of(rates, on=entry.spent_on, **facts),
        entry=entry,
        **facts,
    )


def _task_of(spent: Spent) -> str:
    entry = spent.entry
    return (
        entry.task.title
        if entry.task
        else _("Temps passé, %(project)s") % {"project": entry.project}
    )


KEYS: dict[Grouping, Callable[[Spent], Any]] = {
    Grouping.TASK: _task_of,
    Grouping.PERSON: lambda spent: str(spent.entry.user),
    Grouping.DAY: lambda spent: date_long(spent.on),
}


def _write_lines(invoice: Invoice, lines: Sequence[TimeLine], on: date) -> None:
    """Write each line and tie its entries to it; internal notes stay ours."""
    rate, code = _vat_of(invoice.company, on)
    rows = [
        InvoiceLine(
            invoice=invoice,
            client_id=invoice.client_id,
            label=str(line.key)[:300],
            detail=_detail(line, invoice.currency),
            quantity=line.quantity,
            unit="h" if line.is_in_hours else "",
            unit_price=line.unit_price,
            vat_rate=rate,
            vat_code=code,
            sort_order=rank,
        )
        for rank, line in enumerate(lines)
    ]
    InvoiceLine.objects.bulk_create(rows)
    BilledTime.objects.bulk_create(
        BilledTime(client_id=invoice.client_id, entry_id=entry_id, line=row)
        for row, line in zip(rows, lines, strict=True)
        for entry_id in line.entry_ids
    )


def _detail(line: TimeLine, currency: str) -> str:
    if line.is_in_hours:
        return hours_text(line.minutes)
    rate = format_amount(line.rate, currency)
    return _("%(time)s à %(rate)s de l’heure") % {"time": hours_text(line.minutes), "rate": rate}


def _vat_of(company: Company, on: date) -> tuple[Decimal, str]:
    """Return the rate that a new line bears: the one proposed first, if the regime has VAT."""
    if not company.charges_vat:
        return Decimal(0), ""
    rates = company.vat_rates.filter(is_default=True)
    today = [rate for rate in rates if is_in_force(rate, on)]
    return (today[0].rate, today[0].code) if today else (NORMAL_RATE, "")
