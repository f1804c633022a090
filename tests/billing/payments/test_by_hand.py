"""What the team writes down: money received elsewhere, money given back, anomalies put away."""

from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.urls import reverse

from billing.invoicing.models import Invoice
from billing.payments import queries, services
from billing.payments.models import Allocation, Anomaly, MoneyAccount, Payment, Refund
from billing.payments.services.anomalies import CommentMissing
from core import rls
from core.accounts.models import Company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def test_a_transfer_settles_the_invoice_and_mails_a_receipt(invoice, record, do_owed_work):
    payment = record(invoice)

    invoice.refresh_from_db()
    assert (invoice.amount_due, payment.receipt.balance_left) == (0, 0)
    assert (payment.method, payment.provider_reference) == ("transfer", "VIR-1")
    assert ["Paiement reçu" in each.subject for each in do_owed_work()] == [True]


def test_what_the_invoice_does_not_need_stays_to_the_clients_credit(invoice, acme, record):
    payment = record(invoice, amount=120_000)

    assert payment.amount_unallocated == 2_000
    assert queries.client_credit(acme.pk, "XOF") == 2_000


def test_an_advance_needs_no_invoice(record, do_owed_work):
    payment = record(None, amount=50_000)

    assert (payment.amount_unallocated, payment.allocations.count()) == (50_000, 0)
    assert len(do_owed_work()) == 1


def test_a_payment_by_hand_leaves_no_rounding(make_invoice, acme, record):
    invoice = make_invoice(acme, "FAC-2026-0002", net=9_999, vat=1_800)

    record(invoice, amount=11_795)

    invoice.refresh_from_db()
    assert invoice.amount_due == 4


def test_the_same_form_sent_twice_is_one_payment(invoice, record):
    first = record(invoice, amount=10_000, idempotency_key="k1")
    second = record(invoice, amount=10_000, idempotency_key="k1")

    assert first == second
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 0},
        {"amount": -5},
        {"method": "troc"},
        {"received_on": "tomorrow"},
        {"client": "rival"},
    ],
)
def test_a_payment_that_cannot_be_is_refused(invoice, record, now, rival, fields):
    values = {"tomorrow": now.date() + timedelta(days=1), "rival": rival}
    fields = {name: values.get(value, value) for name, value in fields.items()}

    with pytest.raises(services.CannotRecord):
        record(invoice, **fields)

    invoice.refresh_from_db()
    assert (invoice.amount_paid, Payment.objects.count()) == (0, 0)


def test_nothing_is_recorded_on_a_settled_invoice(invoice, record):
    record(invoice)

    with pytest.raises(services.CannotRecord):
        record(invoice)

    assert Payment.objects.count() == 1


def test_a_refund_makes_the_invoice_due_again(invoice, record, give_back):
    payment = record(invoice)

    give_back(payment, 18_000)

    invoice.refresh_from_db()
    assert invoice.amount_due == 18_000
    assert list(Allocation.objects.order_by("pk").values_list("kind", "amount")) == [
        ("payment", 118_000),
        ("return", -18_000),
    ]
    assert queries.find_differences() == []


def test_a_refund_takes_from_the_clients_credit_first(invoice, record, give_back):
    payment = record(invoice, amount=120_000)

    give_back(payment, 3_000)

    invoice.refresh_from_db()
    payment.refresh_from_db()
    assert (payment.amount_unallocated, invoice.amount_due) == (0, 1_000)
    assert queries.find_differences() == []


def test_giving_all_back_takes_the_rounding_back_too(
    make_invoice, acme, start, payer, check, give_back
):
    invoice = make_invoice(acme, "FAC-2026-0002", net=9_999, vat=1_800)
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)

    give_back(Payment.objects.get(), 11_795)

    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_due) == (0, 11_799)
    assert queries.find_differences() == []


def test_P57_a_refund_told_twice_is_one_and_never_above_the_payment(invoice, record, give_back):
    payment = record(invoice)
    first, second = give_back(payment, 100_000), give_back(payment, 100_000)

    with pytest.raises(services.CannotRefund):
        give_back(payment, 18_001, key="r2")

    assert first == second
    assert Refund.objects.count() == 1


def test_a_refund_needs_a_reason(invoice, record, give_back):
    payment = record(invoice)

    with pytest.raises(services.CannotRefund):
        give_back(payment, 1_000, reason="  ")

    assert not Refund.objects.exists()


@pytest.fixture
def anomaly(company, now):
    """Something that does not add up."""
    return services.raise_anomaly(key="k", kind=Anomaly.Kind.STALE, detail="Rien.", at=now)


def test_an_anomaly_is_told_to_the_team_once(anomaly, now, do_owed_work):
    services.raise_anomaly(key="k", kind=Anomaly.Kind.STALE, detail="Rien.", at=now)

    assert [each.to for each in do_owed_work()] == [["contact@nourx.test"]]
    assert Anomaly.objects.count() == queries.open_anomalies().count() == 1


def test_an_anomaly_is_put_away_with_a_word_and_once(anomaly, owner_staff, now):
    with pytest.raises(CommentMissing):
        services.resolve_anomaly(anomaly=anomaly, comment=" ", actor=owner_staff, at=now)

    services.resolve_anomaly(anomaly=anomaly, comment="Vu avec Awa.", actor=owner_staff, at=now)

    anomaly.refresh_from_db()
    assert (anomaly.resolution, anomaly.resolved_by) == ("Vu avec Awa.", owner_staff)
    assert queries.open_anomalies().count() == 0
    with pytest.raises(services.AlreadyResolved):
        services.resolve_anomaly(anomaly=anomaly, comment="Encore.", actor=owner_staff, at=now)


def test_P62_sandbox_money_is_no_revenue(invoice, start, payer, check, record, now):
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)
    record(None, amount=50_000)

    assert Payment.objects.get(attempt=attempt).is_test
    assert queries.came_in_month(now.date())[0] == 50_000


def test_P62_a_sandbox_is_refused_where_it_is_not_allowed(invoice, start, settings):
    settings.PAYMENTS_ALLOW_SANDBOX = False

    with pytest.raises(services.PaymentUnavailable):
        start(invoice)

    assert not invoice.attempts.exists()


def test_absent_keys_are_a_warning_at_start(settings):
    from billing.payments.checks import payment_providers_are_configured

    settings.CINETPAY_APIKEY = settings.CINETPAY_SITE_ID = settings.CINETPAY_SECRET_KEY = ""

    (warning,) = payment_providers_are_configured(None)

    assert (warning.id, warning.is_serious()) == ("nourx.W101", False)


def test_reconcile_says_that_everything_adds_up(invoice, record):
    record(invoice)
    out = StringIO()

    call_command("reconcile", stdout=out)

    assert "adds up" in out.getvalue()


def test_reconcile_names_the_row_that_does_not_and_exits_1(invoice, record):
    record(invoice, amount=10_000)
    Invoice.objects.filter(pk=invoice.pk).update(amount_paid=F("amount_paid") + 1)
    out = StringIO()

    with pytest.raises(SystemExit) as exit_code:
        call_command("reconcile", stdout=out)

    assert exit_code.value.code == 1
    expected = "invoice paid = its allocations: FAC-2026-0001: expected 10000, found 10001"
    assert expected in out.getvalue()


def test_the_sweep_command_checks_what_is_due(invoice, start, payer, now):
    attempt = start(invoice, at=now - timedelta(minutes=5))
    payer.pay(attempt)
    out = StringIO()

    call_command("sweep_payments", stdout=out)

    attempt.refresh_from_db()
    assert attempt.state == "succeeded"
    assert "1 payment(s) checked" in out.getvalue()


@pytest.mark.parametrize(
    "table", ["payments_payment", "payments_allocation", "payments_attemptevent"]
)
def test_the_ledger_is_not_rewritten(invoice, start, payer, check, table):
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)

    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):
        with (
            pytest.raises(Exception, match="append-only"),
            rls.staff("test"),
            connection.cursor() as cursor,
        ):
            cursor.execute("SAVEPOINT here")
            try:
                cursor.execute(sql)
            finally:
                cursor.execute("ROLLBACK TO SAVEPOINT here")


def test_the_team_records_a_payment_from_the_invoice(client_of, manager, invoice):
    browser = client_of(manager)
    url = reverse("wagtailsnippets_invoicing_invoice:enregistrer-paiement", args=[invoice.pk])
    form = {
        "key": "b" * 32,
        "amount": "18 000",
        "method": "cash",
        "received_on": "2026-11-20",
    }

    answers = [browser.get(url).status_code, browser.post(url, form).status_code]
    again = browser.post(url, form).status_code

    invoice.refresh_from_db()
    assert (answers, again) == ([200, 302], 302)
    assert (invoice.amount_paid, Payment.objects.count()) == (18_000, 1)


def test_an_amount_of_nothing_is_said_beside_its_field(client_of, manager, invoice):
    url = reverse("wagtailsnippets_invoicing_invoice:enregistrer-paiement", args=[invoice.pk])
    form = {"key": "c" * 32, "amount": "0", "method": "cash", "received_on": "20/11/2026"}

    page = client_of(manager).post(url, form).content.decode()

    assert "Le montant doit être positif." in page
    assert 'value="20/11/2026"' in page
    assert '"format": "d/m/Y"' in unescape(page)
    assert not Payment.objects.exists()


def test_an_editor_records_nothing(client_of, editor, invoice):
    url = reverse("wagtailsnippets_invoicing_invoice:enregistrer-paiement", args=[invoice.pk])

    client_of(editor).post(url, {"amount": "1", "method": "cash", "received_on": "2026-11-20"})

    assert not Payment.objects.exists()


def test_the_team_reads_the_journals(client_of, manager, invoice, start, payer, deliver, check):
    attempt = start(invoice)
    payer.pay(attempt)
    deliver(*payer.notices(attempt))
    check(attempt)
    browser = client_of(manager)

    pages = [
        browser.get(reverse(f"wagtailsnippets_payments_{name}:list"))
        for name in ("payment", "paymentattempt", "anomaly")
    ]
    detail = browser.get(
        reverse("wagtailsnippets_payments_paymentattempt:inspect", args=[attempt.pk])
    )
    journal = browser.get("/admin/journaux/notifications-paiement/")

    assert [page.status_code for page in (*pages, detail, journal)] == [200] * 5
    text = detail.content.decode()
    assert "SUCCES" in text
    assert "0707070700" not in text + journal.content.decode()


def test_the_team_checks_an_attempt_now(client_of, manager, invoice, start, payer):
    attempt = start(invoice)
    payer.pay(attempt)
    url = reverse("wagtailsnippets_payments_paymentattempt:verifier", args=[attempt.pk])

    client_of(manager).post(url)

    attempt.refresh_from_db()
    assert attempt.state == "succeeded"


def test_the_team_resolves_an_anomaly(client_of, manager, anomaly):
    url = reverse("wagtailsnippets_payments_anomaly:resoudre", args=[anomaly.pk])

    client_of(manager).post(url, {"comment": "Vu avec le client."})

    anomaly.refresh_from_db()
    assert (anomaly.resolution, anomaly.resolved_by) == ("Vu avec le client.", manager)


def test_money_is_not_written_down_without_its_own_right(invoice, make_user, client_of, now):
    """The right to change invoices shows no button, and its address does nothing more."""
    person = make_user("brouillons@nourx.test", is_staff=True)
    names = ("access_admin", "view_invoice", "change_invoice")
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    form = {"amount": "1000", "method": "cash", "received_on": str(now.date()), "key": "k"}

    browser = client_of(person)
    browser.post(f"/admin/snippets/invoicing/invoice/enregistrer-paiement/{invoice.pk}/", form)
    assert not Payment.objects.exists()

    person.user_permissions.add(Permission.objects.get(codename="record_payment"))
    browser.post(f"/admin/snippets/invoicing/invoice/enregistrer-paiement/{invoice.pk}/", form)
    assert Payment.objects.get().amount == 1000


@pytest.mark.parametrize("facts", [{"currency": "EUR"}, {"is_ours": False}])
def test_money_never_stands_on_an_account_of_another_currency_or_company(
    record, invoice, company, facts
):
    owner = company if facts.pop("is_ours", True) else Company.objects.create(name="Filiale")
    account = MoneyAccount.objects.create(company=owner, kind="bank", name="Banque", **facts)

    with pytest.raises(services.CannotRecord, match="autre devise ou société"):
        record(invoice, slip=services.Slip(reference="VIR-9", account=account))

    assert not Payment.objects.exists()


def test_money_ahead_belongs_to_the_company_of_its_account(record):
    sister = Company.objects.create(name="Filiale")
    account = MoneyAccount.objects.create(company=sister, kind="bank", name="Banque")

    payment = record(None, slip=services.Slip(reference="VIR-9", account=account))

    assert payment.company == sister
