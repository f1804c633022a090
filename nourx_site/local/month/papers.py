"""What the agency writes: quotes and what comes of them, invoices, time, batches."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice, InvoiceLine, Quote, QuoteInstalment, QuoteLine
from billing.quoting import services as quoting
from billing.sources.models import InvoiceBatch
from billing.sources.services import batches, time
from core.accounts.models import Client, TaxRule, VatCode
from nourx_site.local.month.course import Month
from nourx_site.local.month.world import EURO
from portal.projects.models import Milestone, Project, TimeEntry

PARTS = (("deposit", "30"), ("milestone", "45"), ("balance", None))
WORDS = ("Site", "Maquettes", "Application", "Formation", "Hébergement", "Conseil")


def write_lines(month: Month, paper: Any, model: type, parent: str, wanted: int | None) -> None:
    """Put one to three lines of odd prices on a draft; `wanted` is one price HT instead."""
    is_foreign = paper.currency == "EUR"
    count = 1 if wanted else month.random.randint(1, 3)
    for rank in range(count):
        price = wanted or month.random.randint(9_001, 250_003)
        rate, code = month.random.choice((("18", "TVA"), ("18", "TVA"), ("9", "TVAB")))
        if is_foreign:
            rate, code = "0", VatCode.EXPORT.value
        model.objects.create(
            **{parent: paper},
            label=month.random.choice(WORDS),
            quantity=Decimal(1 if wanted else month.random.choice(("1", "2", "1.5"))),
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
            vat_code=code,
            discount_percent=Decimal(0 if wanted else month.random.choice((0, 0, 5))),
            sort_order=rank,
        )
    invoicing.save_totals(paper=paper, on=month.on)


def draft(
    month: Month, client: Client, *, wanted: int | None = None, rule: str = "", term: int = 10
) -> Invoice:
    """Write an invoice by hand; `rule` adds a tax, or has the client keep one back."""
    kept = TaxRule.objects.filter(company=month.company, kind=rule).first() if rule else None
    invoice = Invoice.objects.create(
        company=month.company,
        client=client,
        subject=f"Prestation {month.reference('P')}",
        currency=client.currency,
        exchange_rate=EURO if client.currency == "EUR" else None,
        due_date=month.on + timedelta(days=term),
        **({f"{rule}_rule": kept} if kept else {}),
    )
    write_lines(month, invoice, InvoiceLine, "invoice", wanted)
    return invoice


def issue(month: Month, invoice: Invoice) -> Invoice:
    """Issue a draft, and hand it over."""
    at = month.tick()
    invoice = invoicing.issue_invoice(invoice=invoice, on=month.on, at=at, actor=month.actor)
    invoicing.mark_sent(invoice=invoice, at=month.tick(), actor=month.actor, detail="WhatsApp")
    month.count(f"factures : {invoice.get_kind_display().lower()}")
    return month.fresh(invoice)


def credit(month: Month, invoice: Invoice, share: Decimal | None = None) -> None:
    """Credit an invoice whole, or a share of the HT of each of its rates."""
    invoice, bases = month.fresh(invoice), None
    if share is not None:
        bases = {
            (Decimal(group["rate"]), group.get("code", "")): int(group["base"] * share)
            for group in invoice.vat_groups
        }
    invoicing.issue_credit_note(
        invoice=invoice, reason="Prestation réduite", on=month.on, at=month.tick(),
        actor=month.actor, bases=bases,
    )  # fmt: skip
    month.count("avoirs partiels" if share else "avoirs entiers")


def offer(month: Month, client: Client, *, with_plan: bool = True) -> Quote:
    """Send a quote, with an option, and a plan of a deposit, a milestone and a balance."""
    quote = Quote.objects.create(
        company=month.company, client=client, subject=f"Projet {month.reference('Q')}",
        currency=client.currency, exchange_rate=EURO if client.currency == "EUR" else None,
        valid_until=month.on + timedelta(days=365),
    )  # fmt: skip
    write_lines(month, quote, QuoteLine, "quote", None)
    QuoteLine.objects.create(
        quote=quote, label="En option", unit_price=Decimal(35_000), is_option=True, sort_order=9
    )
    for rank, (kind, percent) in enumerate(PARTS if with_plan else ()):
        QuoteInstalment.objects.create(
            quote=quote, kind=kind, label=f"Part {rank + 1}", percent=percent, sort_order=rank
        )
    invoicing.save_totals(paper=quote, on=month.on)
    quote = invoicing.send_quote(quote=quote, on=month.on, at=month.tick(), actor=month.actor)
    month.count("devis envoyés")
    return quote


def accept(month: Month, quote: Quote, *, takes_option: bool) -> None:
    """Have the client accept a quote, and turn it into a project with its deposit."""
    person = month.people[quote.client_id]
    options = tuple(quote.lines.filter(is_option=True).values_list("pk", flat=True))
    quote = invoicing.accept_quote(
        quote=quote, name=str(person), at=month.tick(), actor=person,
        options=options if takes_option else (),
    )  # fmt: skip
    month.count("devis acceptés")
    done = quoting.transform_quote(
        quote=quote, project=None, title="", on=month.on, at=month.tick(), actor=month.actor,
        issues_deposit=True,
    )  # fmt: skip
    if done.deposit is None:
        raise AssertionError("a plan with a deposit bills one")
    month.count("factures : facture d’acompte")
    pay_some_day(month, done.deposit)
    first, *others = list(quote.instalments.order_by("sort_order"))[1:]
    month.later(2, lambda: bill_part(month, first))
    for rank, part in enumerate(others):
        month.later(4 + rank, lambda part=part: bill_part(month, part))


def bill_part(month: Month, part: QuoteInstalment) -> None:
    """Bill a part of a quote, and have it paid one day."""
    invoice = quoting.bill_instalment(instalment=part, at=month.tick(), actor=month.actor)
    pay_some_day(month, issue(month, invoice))


def pay_some_day(month: Month, invoice: Invoice) -> None:
    """Plan that an invoice is paid in the plainest way, turn and turn about."""
    fate = month.plain[invoice.pk % len(month.plain)]
    month.later(1 + invoice.pk % 3, lambda: fate(month, month.fresh(invoice)))


def refuse(month: Month, quote: Quote) -> None:
    """Have the client refuse a quote."""
    invoicing.refuse_quote(
        quote=quote, reason="Trop cher", at=month.tick(), actor=month.people[quote.client_id]
    )
    month.count("devis refusés")


def spend_time(month: Month) -> None:
    """Work two days for a client on a project, to be billed at the end of the week."""
    client = month.clients[0]
    project, _is_new = Project.objects.get_or_create(client=client, title="Régie")
    for minutes in (95, 150):
        TimeEntry.objects.create(
            client=client, project=project, user=month.actor, spent_on=month.on, minutes=minutes,
            note="Réunion",
        )  # fmt: skip


def bill_the_time(month: Month) -> None:
    """Bill the time of a week."""
    start = month.on - timedelta(days=6)
    choice = time.Choice(month.clients[0], start, month.on, time.Grouping.PERSON)
    seen = time.preview_time(choice).amount
    invoice = time.bill_time(choice=choice, expected=seen, on=month.on, actor=month.actor)
    month.count("relevés de temps facturés")
    pay_some_day(month, issue(month, invoice))


def bill_a_milestone(month: Month) -> None:
    """Bill a milestone that no quote bills."""
    project, _is_new = Project.objects.get_or_create(client=month.clients[0], title="Régie")
    milestone = Milestone.objects.create(project=project, title=f"Lot {month.reference('L')}")
    invoice = quoting.bill_milestone(
        milestone=milestone, amount=123_457, rate=Decimal(18), code=VatCode.NORMAL.value,
        at=month.tick(), actor=month.actor,
    )  # fmt: skip
    month.count("jalons facturés")
    pay_some_day(month, issue(month, invoice))


def ask_batch(month: Month) -> InvoiceBatch:
    """Write drafts and ask that they be issued together."""
    home = [client for client in month.clients if client.currency == "XOF"]
    drafts = [draft(month, home[rank % len(home)]) for rank in range(month.scale.batch)]
    rows = Invoice.objects.filter(pk__in=[one.pk for one in drafts]).order_by("pk")
    return batches.ask_batch(
        act=InvoiceBatch.Act.ISSUE, invoices=list(rows), at=timezone.now(), actor=month.actor
    )


def follow_batch(month: Month, batch: InvoiceBatch) -> None:
    """Have what a batch issued paid one day."""
    ids = list(batch.items.filter(state="done").values_list("invoice_id", flat=True))
    if len(ids) != month.scale.batch:
        raise AssertionError(f"{len(ids)} of {month.scale.batch} issued")
    month.count("factures : en lot", len(ids))
    for pk in ids:
        pay_some_day(month, Invoice.objects.get(pk=pk))
