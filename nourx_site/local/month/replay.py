"""The month, day after day: who issues what, who pays how, what breaks, what runs at night."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

from billing.accounting.services import ensure_books
from nourx_site.local.month import desk, online, papers, world
from nourx_site.local.month.course import LAST, Month
from nourx_site.local.month.crashes import crash
from nourx_site.local.month.fates import FATES, PLAIN, Fate
from nourx_site.local.month.nights import night

CERTIFIES_FROM = 0.6  # of the month, in business days
INBOX_DIES_AT, BATCH_DIES_AT = 35, 70  # statements that a worker lives for


def replay(month: Month, say: Callable[[str], None] = lambda text: None) -> None:
    """Live the whole month, saying each day; what goes wrong is in `month.problems`."""
    ensure_books(company=month.company)
    month.plain = PLAIN
    fates = cycle(FATES)
    people = {code: cycle(_clients(month, code)) for code in ("XOF", "EUR")}
    others = {code: cycle(_clients(month, code)) for code in ("XOF", "EUR")}  # who ask for quotes
    for rank in range(len(month.days)):
        month.begin_day(rank)
        _change_ground(month)
        night(month)
        for _number in range(month.scale.invoices):
            _issue_one(month, next(fates), people)
        _quotes(month, others)
        _weekly(month)
        if rank == len(month.days) // 3:
            _kill_inbox(month)
        if rank == len(month.days) // 2:
            _kill_batch(month)
        while due := month.plan.pop(rank, []):
            for act in due:
                act()
        online.end_of_day(month)
        say(f"{month.days[rank]:%d/%m/%Y} vécu")
    _end(month)


def _clients(month: Month, currency: str) -> list:
    return [client for client in month.clients if client.currency == currency]


def _change_ground(month: Month) -> None:
    if month.rank == len(month.days) // 2:
        world.change_providers(month)
    if month.rank == int(len(month.days) * CERTIFIES_FROM):
        world.begin_certifying(month)
        month.fne.fne.faults.extend(["", "error_after_create", "", "unavailable"])


def _issue_one(month: Month, fate: Fate, people: dict) -> None:
    client = next(people[fate.currency])
    draft = papers.draft(month, client, wanted=fate.wanted, rule=fate.rule, term=fate.term)
    invoice = papers.issue(month, draft)
    month.later(fate.days, lambda: fate.act(month, month.fresh(invoice)))


def _quotes(month: Month, people: dict) -> None:
    """Send quotes; one in four is refused, one stays without answer, the others are accepted."""
    wanted = month.scale.quotes or int(month.rank == 0)
    for number in range(wanted):
        turn = month.rank * wanted + number
        quote = papers.offer(month, next(people["EUR" if turn % 7 == 6 else "XOF"]))
        if turn % 4 == 2:
            month.later(1, lambda quote=quote: papers.refuse(month, quote))
        elif turn % 4 != 1:
            month.later(
                1,
                lambda quote=quote, turn=turn: papers.accept(
                    month, quote, takes_option=turn % 2 == 0
                ),
            )


def _weekly(month: Month) -> None:
    papers.spend_time(month)
    if month.rank % 5 == 4:
        papers.bill_the_time(month)
        papers.bill_a_milestone(month)
        desk.pay_out(month)
        desk.match_statement(month)


def _kill_inbox(month: Month) -> None:
    """Have three payments notified, and the worker that looks at them killed in the middle."""
    home = _clients(month, "XOF")
    for client, channel in zip(cycle(home), ("orange", "mtn", "wave"), strict=False):
        invoice = papers.issue(month, papers.draft(month, client, wanted=75_000))
        attempt = online.open_page(month, invoice, channel)
        online.play(month, attempt, "success")
    online.hear(month)
    crash(month, "inbox", statements=INBOX_DIES_AT)


def _kill_batch(month: Month) -> None:
    """Have invoices issued together, and the worker that does so killed in the middle."""
    batch = papers.ask_batch(month)
    crash(month, "batch", statements=BATCH_DIES_AT, batch_id=batch.pk)
    papers.follow_batch(month, batch)


def _end(month: Month) -> None:
    """Live the last evening, then the three days after which nothing is waited for."""
    night(month)
    for _day in range(3):
        month.tick(days=1)
        online.end_of_day(month)
    desk.match_statement(month)
    month.move_to(month.at.replace(month=LAST.month, day=LAST.day) + timedelta(days=1))
    night(month)
