"""Several processes at once, on real PostgreSQL (P03–P06, P08, S0-165); and one that is killed."""

import multiprocessing
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection, connections

from billing.payments import queries, services
from billing.payments.models import Payment, PaymentAttempt, ProviderNotification, Receipt
from core import rls
from core.outbox.models import OwedWork

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("team")]

PROCESSES = 8
WAIT = 60  # seconds before a stuck process is a failure
MINUTE = timedelta(minutes=1)


def at_once(*acts):
    """Run each function in a process of its own, all let go together; return what they gave."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(len(acts)), fork.Queue()

    def run(number, act):
        connections.close_all()
        with rls.staff("test: one of several processes"):
            barrier.wait(WAIT)
            try:
                results.put((number, act()))
            except Exception as error:  # noqa: BLE001 - told to the test
                results.put((number, repr(error)))
        results.close()
        results.join_thread()
        os._exit(0)

    workers = [fork.Process(target=run, args=pair) for pair in enumerate(acts)]
    for worker in workers:
        worker.start()
    found = dict(results.get(timeout=WAIT) for _worker in workers)
    for worker in workers:
        worker.join(WAIT)
    return [found[number] for number in range(len(acts))]


def paid_once(invoice):
    """Tell that exactly one payment, receipt and mail came of it, and that all adds up."""
    invoice.refresh_from_db()
    assert (invoice.amount_due, Payment.objects.count(), Receipt.objects.count()) == (0, 1, 1)
    assert OwedWork.objects.filter(topic="payments.receipt").count() == 1
    assert queries.find_differences() == []


@pytest.fixture
def paid(invoice, start, payer):
    """An attempt that CinetPay has accepted and of which we know nothing yet."""
    attempt = start(invoice)
    payer.pay(attempt)
    return attempt


def test_P03_the_same_notification_eight_times_at_once_is_one_payment(
    invoice, paid, payer, deliver, now
):
    notice = payer.notices(paid)[-1]

    def hear():
        answer = deliver(notice)
        services.work_inbox(at=now + MINUTE)
        return answer

    answers = at_once(*[hear] * PROCESSES)

    assert answers == [[200]] * PROCESSES
    assert ProviderNotification.objects.get().deliveries == PROCESSES
    paid_once(invoice)


def test_P03_eight_workers_settle_one_attempt_once(invoice, paid, now):
    from tests.billing.payments.test_crediting import said

    def settle():
        return services.apply_snapshot(
            attempt_id=paid.pk, snapshot=said(118_000), source="notification", at=now
        ).value

    outcomes = at_once(*[settle] * PROCESSES)

    assert sorted(outcomes) == ["already_applied"] * 7 + ["credited"]
    paid_once(invoice)


def test_P04_P05_notification_return_page_and_sweep_at_once_are_one_payment(
    invoice, paid, payer, deliver, now
):
    deliver(payer.notices(paid)[-1])
    later = now + MINUTE

    at_once(
        lambda: services.work_inbox(at=later),
        lambda: services.check_attempt(attempt_id=paid.pk, source="return", at=later).value,
        lambda: services.sweep_payments(at=later),
        lambda: services.sweep_payments(at=later + timedelta(seconds=6)),
        lambda: services.work_inbox(at=later + timedelta(seconds=12)),
    )

    paid_once(invoice)


def test_P08_two_attempts_paid_at_once_keep_all_the_money(invoice, start, payer, now):
    first = start(invoice, channel="mtn")
    second = start(invoice, channel="moov", at=now + MINUTE)
    payer.pay(first)
    payer.pay(second)

    outcomes = at_once(
        *[
            lambda pk=attempt.pk: (
                services.check_attempt(attempt_id=pk, source="check", at=now + MINUTE).value
            )
            for attempt in (first, second)
        ]
    )

    invoice.refresh_from_db()
    assert outcomes == ["credited", "credited"]
    assert invoice.amount_due == 0
    assert sorted(Payment.objects.values_list("amount_unallocated", flat=True)) == [0, 118_000]
    assert queries.find_differences() == []


def test_eight_clicks_on_pay_open_one_page(invoice, acme_owner, acme, payer, now):
    def click():
        with rls.clients(acme.pk):
            return services.start_attempt(
                invoice=invoice,
                amount=None,
                channel="mtn",
                actor=acme_owner,
                idempotency_key="c" * 32,
                at=now,
            ).reference

    references = at_once(*[click] * PROCESSES)

    assert len(set(references)) == 1
    assert len(payer.sandbox.list_payments()) == PaymentAttempt.objects.count() == 1


def test_cash_and_mobile_money_at_once_never_overpay(invoice, acme, paid, owner_staff, now):
    def cash():
        return services.record_payment(
            client=acme,
            invoice=invoice,
            amount=118_000,
            method="cash",
            reference="",
            received_on=now.date(),
            actor=owner_staff,
            at=now,
        ).amount

    at_once(
        cash,
        lambda: services.check_attempt(attempt_id=paid.pk, source="check", at=now + MINUTE).value,
    )

    invoice.refresh_from_db()
    assert invoice.amount_due == 0
    assert invoice.amount_paid == 118_000
    assert queries.find_differences() == []


WORKER = """
import os, signal, sys, django
from datetime import datetime
django.setup()
from django.conf import settings
from django.db import connection
from billing.payments import services

name, moment, left, settings.CINETPAY_BASE_URL = sys.argv[1:]
left, role = int(left), settings.APP_DATABASE_USER
connection.settings_dict.update(NAME=name, USER=role["USER"], PASSWORD=role["PASSWORD"])

def die_at(execute, sql, params, many, context):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

connection.ensure_connection()
connection.execute_wrappers.append(die_at)
services.work_inbox(at=datetime.fromisoformat(moment))
"""


@pytest.mark.parametrize("statement", [3, 9, 14, 20, 26, 32])
def test_P06_a_worker_killed_between_two_steps_loses_and_doubles_nothing(
    invoice, paid, payer, deliver, now, statement, settings
):
    deliver(payer.notices(paid)[-1])
    worker = subprocess.run(
        [
            sys.executable,
            "-c",
            WORKER,
            connection.settings_dict["NAME"],
            (now + MINUTE).isoformat(),
            str(statement),
            settings.CINETPAY_BASE_URL,
        ],
        cwd=settings.BASE_DIR,
        timeout=WAIT,
        check=False,
    )
    at_death = queries.find_differences()
    for minutes in (10, 20, 40):
        services.work_inbox(at=now + minutes * MINUTE)
        services.sweep_payments(at=now + minutes * MINUTE)

    assert worker.returncode == -signal.SIGKILL
    assert at_death == []
    paid_once(invoice)
