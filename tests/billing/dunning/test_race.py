"""Two runs at once, and one killed in the middle: each client is told once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from billing.dunning import services
from billing.dunning.models import DunningNotice, DunningRun
from billing.dunning.services import sending
from core import rls
from core.notify.models import OutgoingMail
from tests.conftest import AT, DUE

MONDAY = DUE + timedelta(days=3)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_once(invoice):
    start, sent = Barrier(2), []

    def run():
        try:
            start.wait(timeout=10)
            with rls.staff("test"):
                sent.extend(services.send_reminders(on=MONDAY, at=AT))
        finally:
            connection.close()

    threads = [Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    with rls.staff("test"):
        assert len(sent) == 1
        assert OutgoingMail.objects.count() == 1
        assert DunningNotice.objects.filter(is_sent=True).count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_what_fails_in_the_middle_is_told_whole_the_next_time(
    invoice, acme, make_invoice, monkeypatch
):
    make_invoice(acme, "FAC-2026-0002")
    tell, calls = sending.owe_texts, []

    def fail_once(case, *arguments, **options):
        calls.append(case.invoice.number)
        if len(calls) == 1:
            raise LookupError("the worker is killed here")
        tell(case, *arguments, **options)

    monkeypatch.setattr(sending, "owe_texts", fail_once)
    first = services.send_reminders(on=MONDAY, at=AT)
    again = services.send_reminders(on=MONDAY, at=AT)

    assert [[case.invoice.number for case in each] for each in (first, again)] == [
        ["FAC-2026-0002"],
        ["FAC-2026-0001"],
    ]
    assert OutgoingMail.objects.count() == 2
    assert list(DunningRun.objects.order_by("pk").values_list("sent", "failed")) == [(1, 1), (1, 0)]
