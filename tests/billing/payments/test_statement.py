"""The statement of account: to the unit what the ledger says, whatever happened."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice
from billing.invoicing.sums import kept_groups
from billing.payments import queries, services
from billing.payments.models import Payment
from billing.payments.services.ledger import write_payment
from billing.payments.statement import make_statement, read_books
from core.accounts.models import Client
from tests.billing.invoicing.conftest import make_draft, make_other_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
START = date(2026, 1, 1)
LAST = date(2026, 12, 31)
PAGE = "/client/releve/"


def moment(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day, 10))


def issue(client, price, on, **fields):
    lines = (("Prestation", "1", str(price), "18"),)
    draft = make_draft(client, lines=lines, **fields)
    return invoicing.issue_invoice(invoice=draft, on=on, at=moment(on), actor=None)


def pay(client, invoice, amount, on, actor):
    return services.record_payment(
        client=client,
        invoice=invoice,
        amount=amount,
        method="transfer",
        reference="",
        received_on=on,
        actor=actor,
        at=moment(on),
    )


def pay_online(invoice, on):
    """Write money of a provider down: the due rounded down to 5 F, the rest written off."""
    payment = Payment(
        company=invoice.company,
        client=invoice.client,
        method="mobile_money",
        provider="cinetpay",
        provider_reference=f"OP-{invoice.pk}-{Payment.objects.count()}",
        amount=invoice.amount_due - invoice.amount_due % 5,
        currency="XOF",
        received_on=on,
        recorded_at=moment(on),
    )
    return write_payment(payment=payment, invoice=invoice, at=moment(on)).payment


def give_back(payment, amount, on, actor):
    return services.record_refund(
        payment=payment,
        amount=amount,
        reason="Geste",
        reference="",
        refunded_on=on,
        actor=actor,
        at=moment(on),
        idempotency_key=f"{payment.pk}-{on}-{amount}",
    )


def statement_of(client, start=START, end=LAST, today=LAST):
    return make_statement(read_books(client.pk), currency="XOF", start=start, end=end, today=today)


def test_a_year_adds_up_line_by_line(acme, manager):
    first = issue(acme, 100_000, date(2026, 1, 10))
    payment = pay(acme, first, 150_000, date(2026, 2, 1), manager)
    second = issue(acme, 200_000, date(2026, 2, 20))
    invoicing.issue_credit_note(
        invoice=second,
        reason="Remise",
        bases={rate_of(second): 50_000},
        on=date(2026, 3, 1),
        at=moment(date(2026, 3, 1)),
        actor=manager,
    )
    give_back(payment, 12_000, date(2026, 3, 5), manager)

    statement = statement_of(acme)

    told = [(entry.on.isoformat(), entry.kind, entry.amount) for entry in statement.entries]
    assert told == [
        ("2026-01-10", "invoice", 118_000),
        ("2026-02-01", "payment", -150_000),
        ("2026-02-20", "invoice", 236_000),
        ("2026-03-01", "note", -59_000),
        ("2026-03-05", "refund", 12_000),
    ]
    assert [entry.balance for entry in statement.entries] == [
        118_000,
        -32_000,
        204_000,
        145_000,
        157_000,
    ]
    assert (statement.opening, statement.closing) == (0, 157_000)
    assert (statement.due, statement.credit) == (177_000, 20_000)


def rate_of(invoice):
    return kept_groups(invoice)[0].rate


def test_a_period_opens_with_what_came_before(acme, manager):
    invoice = issue(acme, 100_000, date(2026, 1, 10))
    pay(acme, invoice, 18_000, date(2026, 2, 1), manager)

    february = statement_of(acme, date(2026, 2, 1), date(2026, 2, 28))
    march = statement_of(acme, date(2026, 3, 1), date(2026, 3, 31))

    assert (february.opening, february.closing) == (118_000, 100_000)
    assert (march.opening, march.entries, march.closing) == (100_000, (), 100_000)


def test_a_rounding_is_told_and_taken_back_with_the_money(acme, manager):
    invoice = issue(acme, 100_002, date(2026, 1, 10))  # 118 002 F
    payment = pay_online(invoice, date(2026, 1, 12))
    settled = statement_of(acme)
    give_back(payment, 118_000, date(2026, 1, 20), manager)

    returned = statement_of(acme)

    assert [(each.kind, each.amount) for each in settled.entries] == [
        ("invoice", 118_002),
        ("payment", -118_000),
        ("rounding", -2),
    ]
    assert (settled.closing, settled.due) == (0, 0)
    assert (returned.closing, returned.due) == (118_002, 118_002)


def test_late_invoices_are_told_by_age(acme):
    for due in (LAST, LAST - timedelta(1), LAST - timedelta(30), LAST - timedelta(31)):
        issue(acme, 1_000, START, due_date=due)
    issue(acme, 1_000, START, due_date=LAST - timedelta(61))
    issue(acme, 1_000, START, due_date=LAST - timedelta(91))

    ages = statement_of(acme).ages

    assert [age.amount for age in ages] == [1_180, 2_360, 1_180, 1_180, 1_180]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["issue", "pay", "online", "advance", "credit", "refund", "use", "cancel"]),
        st.integers(1, 300_000),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS, cut=st.integers(0, 30))
def test_whatever_happens_the_statement_is_the_ledger(db, manager, acts, cut):
    company = make_other_company()  # numbers of their own for each try
    client = Client.objects.create(company=company, name="Épreuve", email="e@e.test")
    day = date(2026, 11, 13) - timedelta(days=40)
    for rank, (act, amount, which) in enumerate(acts):
        play(client, manager, act, amount, which, date(2026, 11, 13) + timedelta(days=rank))

    whole = statement_of(client, day, LAST)
    middle = date(2026, 11, 13) + timedelta(days=cut)
    before = statement_of(client, day, middle)
    after = statement_of(client, middle + timedelta(days=1), LAST)

    due = sum(invoice.amount_due for invoice in Invoice.objects.filter(client=client))
    credit = queries.client_credit(client.pk, "XOF")
    assert whole.closing == due - credit
    assert (whole.due, whole.credit) == (due, credit)
    assert whole.opening + whole.invoiced - whole.settled == whole.closing
    assert before.closing == after.opening
    assert after.closing == whole.closing
    assert queries.find_differences() == []


def play(client, manager, act, amount, which, on):
    """Do one thing that a team does, if it can be done; a refusal changes nothing."""
    invoices = list(Invoice.objects.filter(client=client, status="issued").order_by("pk"))
    payments = list(Payment.objects.filter(client=client).order_by("pk"))
    invoice = invoices[which % len(invoices)] if invoices else None
    payment = payments[which % len(payments)] if payments else None
    at = moment(on)
    try:
        if act == "issue":
            issue(client, amount, on)
        elif act == "pay" and invoice:
            pay(client, invoice, amount, on, manager)
        elif act == "online" and invoice and invoice.amount_due >= 100:
            pay_online(invoice, on)
        elif act == "advance":
            pay(client, None, amount, on, manager)
        elif act == "credit" and invoice:
            bases = {rate_of(invoice): amount}
            invoicing.issue_credit_note(
                invoice=invoice, reason="Geste", bases=bases, on=on, at=at, actor=manager
            )
        elif act == "cancel" and invoice:
            invoicing.cancel_invoice(invoice=invoice, reason="Non", on=on, at=at, actor=manager)
        elif act == "use" and invoice:
            services.use_credit(invoice=invoice, at=at, actor=manager)
        elif act == "refund" and payment:
            give_back(payment, amount, on, manager)
    except (
        invoicing.CannotCredit,
        services.CannotRecord,
        services.CannotRefund,
        services.CannotUseCredit,
    ):
        return


# --- Pages ----------------------------------------------------------------------------------


def test_the_page_shows_the_period_asked_for(acme, acme_owner, client_of):
    issue(acme, 100_000, date(2026, 1, 10))

    response = client_of(acme_owner).get(f"{PAGE}?debut=2026-01-01&fin=2026-01-31")

    assert response.status_code == 200
    assert response.context["statement"].closing == 118_000
    assert "FAC-2026-0001" in response.content.decode()


@pytest.mark.parametrize("query", ["debut=2026-02-01&fin=2026-01-01", "debut=hier&fin=demain"])
def test_an_odd_period_is_said(acme_owner, client_of, query):
    assert client_of(acme_owner).get(f"{PAGE}?{query}").status_code == 422


def test_the_table_holds_plain_figures(acme, acme_owner, client_of):
    issue(acme, 100_000, date(2026, 1, 10), subject="=1+1")

    response = client_of(acme_owner).get(f"{PAGE}csv/?debut=2026-01-01&fin=2026-12-31")

    text = response.content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[2] == ["2026-01-10", "FAC-2026-0001", "'=1+1", "118000", "0", "118000", "XOF"]
    assert rows[-1][2:] == ["Solde de clôture", "", "", "118000", "XOF"]


def test_the_pdf_is_drawn(acme, acme_owner, client_of):
    issue(acme, 100_000, date(2026, 1, 10))

    response = client_of(acme_owner).get(f"{PAGE}pdf/?debut=2026-01-01&fin=2026-12-31")

    assert response.content[:5] == b"%PDF-"
    assert "releve-2026-01-01-2026-12-31.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize("part", ["", "pdf/", "csv/"])
def test_another_clients_statement_does_not_exist(acme, rival_owner, client_of, part):
    issue(acme, 100_000, date(2026, 1, 10))
    browser = client_of(rival_owner)

    assert browser.get(f"{PAGE}{part}?client={acme.pk}").status_code == 404
    own = browser.get(f"{PAGE}?debut=2026-01-01&fin=2026-12-31")
    assert "FAC-2026-0001" not in own.content.decode()


@pytest.mark.parametrize("role", ["project", "guest"])
def test_who_reads_no_invoice_has_no_statement(acme, make_member, client_of, role):
    assert client_of(make_member(acme, role)).get(PAGE).status_code == 404


def test_the_team_reads_it_from_the_client(acme, owner_staff, client_of):
    issue(acme, 100_000, date(2026, 1, 10))
    page = f"/admin/snippets/accounts/client/releve/{acme.pk}/?debut=2026-01-01&fin=2026-12-31"
    browser = client_of(owner_staff)

    shown = browser.get(page)
    pdf = browser.get(f"{page}&format=pdf")
    table = browser.get(f"{page}&format=csv")

    assert "FAC-2026-0001" in shown.content.decode()
    assert pdf.content[:5] == b"%PDF-"
    assert "118000" in table.content.decode()
