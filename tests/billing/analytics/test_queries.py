"""What the database adds up is what the definitions say, on a handful of rows."""

from datetime import date, timedelta
from fractions import Fraction

from billing.analytics import figures
from billing.analytics.choice import Choice, moment
from billing.analytics.models import ClientVisit
from billing.analytics.periods import DAY, Period, whole
from billing.analytics.queries import activity, receivables, revenue
from billing.analytics.services import note_visit
from billing.dunning.models import Dispute, PaymentPromise
from billing.invoicing.models import InvoiceLine
from billing.sources.models import RecurringInvoice, RecurringLine
from core import rls
from portal.projects.models import Milestone, Task
from portal.projects.services.projects import note_milestone

TODAY = date(2026, 9, 30)
QUARTER = Choice(whole("trimestre", TODAY), TODAY)
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def days_ago(count):
    return TODAY - timedelta(days=count)


def test_what_was_owed_is_rebuilt_for_any_day_and_sorted_by_age(team, bill, pay):
    late = (0, 1, 30, 31, 60, 61, 90, 91, -15)
    amounts = (100_000, 50_000, 70_000, 60_000, 60_000, 80_000, 90_000, 30_000, 20_000)
    for days, amount in zip(late, amounts, strict=True):
        bill(amount, days_ago(120), days_ago(days))
    settled = bill(500_000, days_ago(120), days_ago(100))
    pay(settled, 500_000, days_ago(10))

    now, before, long_ago = receivables.standing(QUARTER, [TODAY, days_ago(11), days_ago(121)])

    assert now.classes == (120_000, 120_000, 120_000, 170_000, 30_000)
    assert before.total == 1_060_000
    assert long_ago.total == 0
    ends = receivables.month_ends(QUARTER, [JULY, AUGUST, date(2026, 9, 1)])
    assert list(ends.values()) == [1_060_000, 1_060_000, 560_000]


def test_the_period_and_the_filters_change_the_dso(team, bill, pay, rival, project):
    first = bill(4_000_000, date(2026, 7, 10), date(2026, 8, 9), project=project)
    bill(5_000_000, date(2026, 8, 15), date(2026, 9, 14))
    bill(1_000_000, date(2026, 9, 5), date(2026, 10, 5), client=rival)
    pay(first, 4_000_000, date(2026, 8, 20))

    def dso(choice):
        [owed] = receivables.standing(choice, [choice.seen.last])
        return figures.simple_dso(owed.total, revenue.sold(choice)[0].gross, choice.seen.days)

    assert dso(QUARTER) == Fraction(6 * 92, 10)
    assert dso(Choice(whole("mois", AUGUST), TODAY)) == 31
    assert dso(Choice(whole("mois", AUGUST), TODAY, client=rival.pk)) is None
    assert dso(Choice(QUARTER.period, TODAY, client=rival.pk)) == 92
    assert dso(Choice(QUARTER.period, TODAY, project=project.pk)) == 0
    assert dso(Choice(QUARTER.period, TODAY, currency="EUR")) is None


def test_three_of_five_paid_invoices_online_are_sixty_per_cent(team, bill, pay):
    for rank in range(5):
        invoice = bill(100_000, JULY, AUGUST)
        pay(invoice, 100_000, date(2026, 7, 11 + rank), provider="cinetpay" if rank < 3 else "")
    bill(100_000, JULY, AUGUST)  # not paid
    half = bill(100_000, JULY, AUGUST)  # paid in equal halves: not online
    pay(half, 50_000, date(2026, 7, 11), provider="cinetpay")

    paid, before = revenue.settled(QUARTER)

    assert figures.ratio(paid.online, paid.count) == Fraction(3, 5)
    assert (before.count, figures.ratio(before.online, before.count)) == (0, None)
    pay(half, 50_000, date(2026, 7, 12))
    assert revenue.settled(QUARTER)[0].count == 6
    assert revenue.settled(QUARTER)[0].online == 3


def test_days_to_be_paid_run_from_issue_to_the_last_payment(team, bill, pay):
    for amount, days in ((300_000, 30), (100_000, 20), (100_000, 25)):
        invoice = bill(amount, JULY, AUGUST)
        pay(invoice, amount // 2, JULY + timedelta(days=3))
        pay(invoice, amount // 2, JULY + timedelta(days=days))

    paid, _before = revenue.settled(QUARTER)

    assert (paid.days.weighted, paid.days.plain) == (27, 25)


def test_revenue_and_money_in_are_told_by_month_client_and_project(
    team, bill, pay, acme, rival, project
):
    invoice = bill(100_000, JULY, AUGUST, project=project)
    bill(40_000, AUGUST, AUGUST, client=rival)
    pay(invoice, 100_000, AUGUST)
    sandbox = bill(7_000, AUGUST, AUGUST)
    pay(sandbox, 7_000, AUGUST, is_test=True)

    months = revenue.sold_by_month(QUARTER, [JULY, AUGUST])
    cash = revenue.collected_by_month(QUARTER, [JULY, AUGUST])

    assert [months[month].gross for month in months] == [100_000, 47_000]
    assert list(cash.values()) == [0, 100_000]
    assert revenue.collected(QUARTER) == {
        "amount": 100_000, "amount_before": 0, "given_back": 0, "sandbox": 1,
    }  # fmt: skip
    clients = [
        (row["name"], row["gross"], row["collected"]) for row in revenue.by_client(QUARTER, 9)
    ]
    assert clients == [(acme.name, 107_000, 100_000), (rival.name, 40_000, 0)]
    projects = [(row["name"], row["net"]) for row in revenue.by_project(QUARTER, 9)]
    assert projects == [(project.title, 100_000), (None, 47_000)]
    of_project = Choice(QUARTER.period, TODAY, project=project.pk)
    assert revenue.collected(of_project)["amount"] == 100_000


def test_services_share_the_net_of_their_invoice(team, make_invoice, bill, acme):
    draft = make_invoice(acme, net=90_000, vat=0)
    draft.lines.all().delete()
    for section, label, net in (
        ("Suivi", "Réunion 1", 50_000),
        ("", "Maintenance du 1er au 30 juin 2026", 30_000),
        ("", "maintenance juillet 2026", 20_000),
    ):
        InvoiceLine.objects.create(
            invoice=draft, section=section, label=label, unit_price=net, net=net
        )
    type(draft).objects.filter(pk=draft.pk).update(
        number="FAC-2026-0900", status="issued", issue_date=JULY, issued_at=moment(JULY),
        due_date=AUGUST,
    )  # fmt: skip
    bill(10_000, JULY, AUGUST)

    found = revenue.by_service(QUARTER, 9)

    assert [(row["key"], row["count"], row["net"]) for row in found] == [
        ("maintenance", 1, 45_000),
        ("suivi", 1, 45_000),
        ("maquettes des pages", 1, 10_000),
    ]
    assert revenue.invoices_of_service("suivi") == (draft.pk,)


def test_cash_is_expected_by_habit_by_promise_or_not_at_all(team, bill, pay, rival):
    for _rank in range(3):  # Acme pays ten days late
        pay(bill(1_000, JULY, AUGUST), 1_000, AUGUST + timedelta(days=10))
    bill(10, JULY, TODAY)  # in ten days: the second week
    bill(20, JULY, days_ago(11))  # its habit is over
    promised = bill(40, JULY, days_ago(11))
    disputed = bill(80, JULY, TODAY)
    bill(160, JULY, TODAY + timedelta(days=400), client=rival)
    own = {"client": promised.client, "invoice": promised, "made_at": moment(TODAY)}
    PaymentPromise.objects.create(promised_for=TODAY + timedelta(days=21), **own)
    Dispute.objects.create(client=disputed.client, invoice=disputed, opened_at=moment(TODAY))

    found = {row.week: row.amount for row in receivables.forecast(QUARTER)}

    assert found == {
        receivables.DISPUTED: 80, receivables.PASSED: 20, 1: 10, 3: 40, receivables.WEEKS: 160,
    }  # fmt: skip


def test_an_early_payer_is_expected_on_the_due_date_once_the_habit_is_over(team, bill, pay):
    for _rank in range(3):
        pay(bill(1_000, JULY, AUGUST), 1_000, JULY + timedelta(days=1))
    bill(10, days_ago(20), TODAY + timedelta(days=7))

    found = {row.week: row.amount for row in receivables.forecast(QUARTER)}

    assert found == {1: 10}


def test_two_monthly_retainers_of_100_000_recur_for_200_000(team, company, acme, rival):
    for client in (acme, rival):
        contract = RecurringInvoice.objects.create(
            company=company, client=client, subject="Maintenance", anchor_date=JULY
        )
        RecurringLine.objects.create(schedule=contract, label="Maintenance", unit_price=100_000)

    found = activity.recurring(QUARTER)

    assert (found.monthly, found.yearly, found.contracts) == (200_000, 2_400_000, 2)
    assert (found.movements.start, found.movements.new) == (0, 200_000)
    mine = activity.recurring(Choice(QUARTER.period, TODAY, client=acme.pk))
    assert mine.monthly == 100_000
    assert activity.recurring(Choice(QUARTER.period, TODAY, currency="EUR")).monthly == 0


def test_clients_who_came_this_month_are_counted_once(team, acme, rival, acme_owner, make_client):
    make_client("Prospect", stage="prospect")
    at = moment(TODAY)

    note_visit(user_id=acme_owner.pk, at=at)
    note_visit(user_id=acme_owner.pk, at=at)

    assert ClientVisit.objects.count() == 1
    assert activity.came(QUARTER) == {
        "active": 2, "came": 1, "came_before": 0, "with_access": 1, "since": 1, "since_before": 0,
    }  # fmt: skip


def test_a_visit_of_the_portal_counts_and_one_of_the_team_does_not(acme_owner, manager, client_of):
    client_of(manager).get("/admin/")

    client_of(acme_owner).get("/client/")
    client_of(acme_owner).get("/client/")

    with rls.staff("test"):
        assert ClientVisit.objects.count() == 1


def test_work_in_time_is_done_by_its_due_day(team, project, manager):
    def task(due, status="todo", done=None):
        fields = {"due_date": due, "status": status, "done_at": done and moment(done)}
        Task.objects.create(project=project, title="Tâche", **fields)

    task(AUGUST, "done", AUGUST)  # on the day
    task(AUGUST, "done", AUGUST + DAY)
    task(AUGUST)  # late, not done
    task(TODAY)  # due today: not judged yet
    task(date(2027, 1, 1), "done", AUGUST)  # due in another period
    milestone = Milestone.objects.create(project=project, title="Jalon", due_date=AUGUST)
    milestone.status = Milestone.Status.DONE
    milestone.save()
    note_milestone(milestone=milestone, actor=manager, at=moment(AUGUST))
    Milestone.objects.create(project=project, title="Ancien", due_date=AUGUST, status="done")

    found = activity.on_time(QUARTER)

    assert found == {
        "tasks": 3, "tasks_in_time": 1, "milestones": 1, "milestones_in_time": 1, "undated": 1,
    }  # fmt: skip


def test_an_empty_database_measures_nothing(team, company):
    [owed] = receivables.standing(QUARTER, [TODAY])
    sold, before = revenue.sold(QUARTER)

    assert (owed.total, sold, before) == (0, revenue.Sold(), revenue.Sold())
    assert receivables.forecast(QUARTER) == []
    assert revenue.settled(QUARTER)[0].days is None
    assert activity.quotes(QUARTER)[0].sent == 0
    assert activity.recurring(QUARTER).monthly == 0
    assert revenue.by_service(Choice(Period(JULY, JULY), TODAY), 9) == []
