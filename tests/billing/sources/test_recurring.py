"""Contracts billed by the night: each period once, whatever happens."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from billing.invoicing.models import Invoice
from billing.sources.models import RecurringLine, RecurringRun
from billing.sources.queries import find_due, monthly_recurring_revenue, next_periods
from billing.sources.services import plans, recurring
from core.accounts.models import VatRate
from core.notify.models import OutgoingMail
from tests.conftest import AT

pytestmark = pytest.mark.usefixtures("team")
TODAY = date(2026, 11, 20)


def night(on=TODAY, **options):
    return recurring.bill_due(on=on, at=AT, **options)


def starts(schedule):
    return list(schedule.runs.order_by("period_start").values_list("period_start", flat=True))


def test_a_stop_of_months_is_caught_up_in_order_dated_today(contract):
    done = night()

    invoices = Invoice.objects.order_by("number")
    assert [invoice.subject for invoice in invoices] == [
        "Maintenance septembre 2026",
        "Maintenance octobre 2026",
        "Maintenance novembre 2026",
    ]
    assert {invoice.issue_date for invoice in invoices} == {TODAY}
    assert [invoice.total for invoice in invoices] == [118_000] * 3
    assert len(done.billed) == 3
    line = invoices[0].lines.get()
    assert line.label == "Maintenance du 1er septembre 2026 au 30 septembre 2026"


def test_the_night_run_again_bills_nothing_more(contract):
    night()

    again = night()

    assert again.billed == []
    assert Invoice.objects.count() == 3


def test_a_day_by_day_run_makes_the_same_periods(acme, make_contract):
    daily, late = make_contract(acme), make_contract(acme)
    for day in range(4):
        for due in find_due(on=date(2026, 9, 1) + timedelta(days=30 * day)):
            if due.schedule_id == daily.pk:
                recurring.bill_now(
                    schedule=daily, start=due.period.start, on=TODAY, at=AT, actor=None
                )
    night(on=date(2026, 11, 30))

    assert starts(daily) == starts(late) != []


def test_a_night_has_its_limit_and_says_what_is_left(contract):
    done = night(most=2)

    assert (len(done.billed), done.left) == (2, 1)
    assert OutgoingMail.objects.filter(key__startswith="team:recurring_left").count() == 1
    assert len(night().billed) == 1


def test_a_failure_stops_the_contract_alone_and_is_told_once(acme, company, make_contract):
    broken, sound = make_contract(acme), make_contract(acme, line={"vat_rate": 0})
    company.tax_regime = "rme"
    company.save()

    first, second = night(), night()

    broken.refresh_from_db()
    assert "ne facture pas la TVA" in broken.failure
    assert starts(broken) == []
    assert len(starts(sound)) == 3
    assert [schedule.pk for schedule, _reason in first.failed] == [broken.pk]
    assert [schedule.pk for schedule, _reason in second.failed] == [broken.pk]
    assert OutgoingMail.objects.filter(key__startswith="team:recurring_failed").count() == 1


def test_a_failure_mended_is_billed_the_next_night(contract, company):
    company.tax_regime = "rme"
    company.save()
    night()
    company.tax_regime = "rsi"
    company.save()

    night()

    contract.refresh_from_db()
    assert (contract.failure, contract.failed_at) == ("", None)
    assert len(starts(contract)) == 3


def test_a_client_who_left_suspends_the_contract_and_the_team_knows(contract, acme):
    acme.stage = "archived"
    acme.save()

    night()
    night()

    pause = contract.pauses.get()
    assert (pause.reason, pause.ends_on) == ("Client archivé", None)
    assert Invoice.objects.count() == 0
    assert OutgoingMail.objects.filter(key__startswith="team:recurring_suspended").count() == 1


def test_resumed_without_the_missed_periods_bills_the_next_one(contract):
    night(on=date(2026, 9, 1))
    plans.pause_schedule(schedule=contract, reason="Travaux", on=date(2026, 9, 10), actor=None)
    assert night().billed == []

    plans.resume_schedule(schedule=contract, bill_missed=False, on=TODAY, at=AT, actor=None)
    night(on=date(2026, 12, 1))

    skipped = contract.runs.filter(is_skipped=True).order_by("period_start")
    assert [run.period_start for run in skipped] == [date(2026, 10, 1), date(2026, 11, 1)]
    billed = contract.runs.exclude(invoice=None).order_by("period_start")
    assert [run.period_start for run in billed] == [date(2026, 9, 1), date(2026, 12, 1)]


def test_a_period_due_before_the_pause_is_still_billed(contract):
    plans.pause_schedule(schedule=contract, reason="Travaux", on=date(2026, 9, 10), actor=None)

    plans.resume_schedule(schedule=contract, bill_missed=False, on=TODAY, at=AT, actor=None)
    night()

    assert contract.runs.get(period_start=date(2026, 9, 1)).invoice is not None


def test_a_new_price_holds_for_periods_from_its_day_on(contract):
    line = contract.lines.get()

    plans.change_price(line=line, unit_price=Decimal(150_000), start=date(2026, 11, 1), actor=None)
    night()

    totals = Invoice.objects.order_by("number").values_list("total_net", flat=True)
    assert list(totals) == [100_000, 100_000, 150_000]
    assert RecurringLine.objects.filter(schedule=contract).count() == 2


def test_a_new_price_cannot_reach_what_is_billed(contract):
    night()

    with pytest.raises(plans.CannotPlan, match="déjà facturée"):
        plans.change_price(
            line=contract.lines.get(), unit_price=Decimal(1), start=date(2026, 11, 1), actor=None
        )

    assert contract.lines.get().unit_price == 100_000


def test_two_clicks_on_bill_now_bill_one_period(contract, manager):
    first = date(2026, 9, 1)
    recurring.bill_now(schedule=contract, start=first, on=TODAY, at=AT, actor=manager)

    with pytest.raises(recurring.CannotBill):
        recurring.bill_now(schedule=contract, start=first, on=TODAY, at=AT, actor=manager)

    assert starts(contract) == [first]


def test_a_period_whose_draft_was_deleted_is_done_again_on_demand(acme, make_contract):
    contract = make_contract(acme, outcome="draft", times=1)
    night()
    Invoice.objects.get().delete()
    run = RecurringRun.objects.get()
    assert night().billed == []

    plans.free_period(run=run, actor=None)
    night()

    assert starts(contract) == [date(2026, 9, 1)]
    assert contract.runs.get().invoice.status == "draft"


def test_a_rate_that_ended_gives_way_to_its_successor(contract, company):
    VatRate.objects.create(
        company=company, label="Normal", rate=18, code="TVA", valid_until=date(2026, 10, 31)
    )
    VatRate.objects.create(
        company=company, label="Normal 2", rate=20, code="TVA", valid_from=date(2026, 11, 1)
    )

    night()

    assert set(Invoice.objects.values_list("total_vat", flat=True)) == {20_000}


def test_sent_at_once_when_the_contract_says_so(acme, make_contract, do_owed_work):
    make_contract(acme, outcome="send", times=1, term_days=30)

    night()

    invoice = Invoice.objects.get()
    assert invoice.due_date == date(2026, 12, 20)
    from core.outbox.models import OwedWork

    assert OwedWork.objects.filter(key=f"invoice-mail:{invoice.pk}:1").exists()


def test_the_command_foretells_then_bills(contract):
    foretold, done, again = StringIO(), StringIO(), StringIO()

    call_command("issue_recurring", "--date", "2026-10-15", "--dry-run", stdout=foretold)
    assert Invoice.objects.count() == 0
    call_command("issue_recurring", "--date", "2026-10-15", stdout=done)
    call_command("issue_recurring", "--date", "2026-10-15", stdout=again)

    assert len(foretold.getvalue().splitlines()) == 2
    assert len(done.getvalue().splitlines()) == 2
    assert again.getvalue() == ""


def test_two_retainers_bring_their_sum(acme, rival, make_contract):
    make_contract(acme)
    make_contract(rival)

    assert monthly_recurring_revenue(TODAY) == {"XOF": 200_000}


def test_shares_are_added_exactly_and_rounded_once(acme, make_contract):
    for _rank in range(3):
        make_contract(acme, 50_000, unit="year")
    make_contract(acme, 10_000, currency="EUR", every=3)

    assert monthly_recurring_revenue(TODAY) == {"EUR": 3_333, "XOF": 12_500}


def test_a_paused_contract_brings_nothing_while_it_lasts(contract):
    plans.pause_schedule(schedule=contract, reason="Travaux", on=date(2026, 10, 10), actor=None)
    plans.resume_schedule(
        schedule=contract, bill_missed=True, on=date(2026, 11, 5), at=AT, actor=None
    )

    found = [monthly_recurring_revenue(date(2026, month, 15)) for month in (9, 10, 11)]

    assert found == [{"XOF": 100_000}, {}, {"XOF": 100_000}]


def test_the_next_twelve_dates_begin_with_what_is_late(contract):
    found = next_periods(contract)

    assert len(found) == 12
    assert (found[0].start, found[-1].start) == (date(2026, 9, 1), date(2027, 8, 1))
