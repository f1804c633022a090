"""How many invoices are issued, and how many notifications are taken in, per second."""

import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import perf_counter, time
from urllib.parse import parse_qsl, urlencode

import psycopg
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.services import issue_invoice
from billing.payments.models import ProviderNotification
from core import rls
from core.accounts.models import Client, Company
from nourx_site.local.bench import limit
from nourx_site.local.bench.pages import bare

WEBHOOK = "/api/webhooks/cinetpay/"
LINES = 5
FORM = "application/x-www-form-urlencoded"


def measure_acts(owner_url: str, count: int) -> dict[str, float]:
    """Return acts per second: ours, and the same kind of act without anything around it."""
    return {
        "invoices issued per second, 1 process": _issued_per_second(count, 1),
        "invoices issued per second, 2 processes": _issued_per_second(count, 2),
        "limit: bare inserts per second": _raw_per_second(owner_url, count),
        "notifications taken per second": _notified_per_second(count),
        "limit: bare insert view per second": _per_second(
            bare("/notes/", data=_notice(0), content_type=FORM), count
        ),
    }


def make_drafts(count: int) -> list[int]:
    """Write drafts of five lines and return their ids."""
    with rls.staff("bench: drafts to issue"):
        company = Company.objects.order_by("pk").get()
        client = Client.objects.filter(name__startswith="Volume ").order_by("pk").first()
        return [_draft(company, client).pk for _ in range(count)]


def _draft(company: Company, client: Client | None) -> Invoice:
    invoice = Invoice.objects.create(company=company, client=client, subject="Mesure")
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            client_id=invoice.client_id,
            label=f"Part {rank}",
            unit_price=50_000,
            sort_order=rank,
        )
        for rank in range(LINES)
    )
    return invoice


def issue_drafts(ids: Sequence[int]) -> None:
    """Issue drafts one after another, as the team's button does."""
    with rls.staff("bench: issue"):
        for pk in ids:
            now = timezone.now()
            invoice = Invoice.objects.get(pk=pk)
            issue_invoice(invoice=invoice, on=timezone.localdate(now), at=now, actor=None)


def _issued_per_second(count: int, processes: int) -> float:
    """Have processes issue invoices of one series at once; no number may be left out."""
    ids = make_drafts(count + processes)
    running = []
    for rank in range(processes):
        process = subprocess.Popen(
            [sys.executable, "-m", "nourx_site.local.bench.issue"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        _tell(process, json.dumps(ids[rank::processes]))
        running.append(process)
    for process in running:
        _line_of(process)  # it is warm
    for process in running:
        _tell(process, "go")
    spans = [json.loads(_line_of(process)) for process in running]
    for process in running:
        process.communicate()
    _check_numbers(ids)
    return count / (max(end for _, end in spans) - min(start for start, _ in spans))


def _line_of(process: subprocess.Popen) -> str:
    return process.stdout.readline() if process.stdout else ""


def _tell(process: subprocess.Popen, words: str) -> None:
    if process.stdin:
        process.stdin.write(words + "\n")
        process.stdin.flush()


def _check_numbers(ids: Sequence[int]) -> None:
    with rls.staff("bench: no gap"):
        numbers = Invoice.objects.filter(pk__in=ids).values_list("number", flat=True)
        ranks = sorted(int(number.rpartition("-")[2]) for number in numbers)
    if ranks != list(range(ranks[0], ranks[0] + len(ids))):
        raise AssertionError("numbers were left out")


def span_of(act: Callable[[], None]) -> tuple[float, float]:
    """Do something and return when it began and ended, in seconds of the machine's clock."""
    start = time()
    act()
    return start, time()


def _raw_per_second(owner_url: str, count: int) -> float:
    with psycopg.connect(owner_url, autocommit=True) as raw:
        return _per_second(lambda: limit.insert_raw(raw), count)


def _notified_per_second(count: int) -> float:
    browser, ranks = Browser(), iter(range(count + 1))

    def notify() -> None:
        body = _notice(next(ranks))
        token = _signature(body)
        answer = browser.post(WEBHOOK, body, content_type=FORM, headers={"x-token": token})
        if answer.status_code != 200:
            raise AssertionError(f"the webhook answered {answer.status_code}")

    speed = _per_second(notify, count)
    kept = ProviderNotification.objects.filter(reference__startswith="BENCH").count()
    if kept < count:
        raise AssertionError(f"{kept} notifications kept of {count}")
    return speed


def _notice(rank: int) -> str:
    return urlencode(
        {
            "cpm_site_id": settings.CINETPAY_SITE_ID,
            "cpm_trans_id": f"BENCH{int(time())}{rank:05d}",
            "cpm_trans_date": "2026-01-05 09:00:00",
            "cpm_amount": "100",
            "cpm_currency": "XOF",
            "signature": "0" * 40,
            "payment_method": "MOMO",
            "cel_phone_num": "0707070700",
            "cpm_phone_prefixe": "225",
            "cpm_language": "fr",
            "cpm_version": "V4",
            "cpm_payment_config": "SINGLE",
            "cpm_page_action": "PAYMENT",
            "cpm_custom": "",
            "cpm_designation": "Mesure",
            "cpm_error_message": "SUCCES",
        }
    )


def _signature(body: str) -> str:
    glued = "".join(value for _, value in parse_qsl(body, keep_blank_values=True))
    key = settings.CINETPAY_SECRET_KEY.encode()
    return hmac.new(key, glued.encode(), hashlib.sha256).hexdigest()


def _per_second(act: Callable[[], None], count: int) -> float:
    act()  # warm
    start = perf_counter()
    for _ in range(count):
        act()
    return count / (perf_counter() - start)
