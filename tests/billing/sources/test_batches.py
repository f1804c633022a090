"""Many invoices at once: each alone, the others whatever becomes of it."""

import pytest

from billing.invoicing.models import Invoice
from billing.sources.models import BatchItem, InvoiceBatch
from billing.sources.services import batches
from core.outbox.models import OwedWork
from tests.conftest import AT, ON

pytestmark = pytest.mark.usefixtures("team")
ISSUE = "/admin/bulk/invoicing/invoice/emettre/"


def ask(invoices, act="issue"):
    return batches.ask_batch(act=act, invoices=invoices, at=AT, actor=None)


def take(batch, at):
    batches.take_some(batch_id=batch.pk, on=ON, at=at)


@pytest.fixture
def drafts(acme, make_invoice):
    return [make_invoice(acme) for _rank in range(3)]


def test_one_refusal_stops_no_other(drafts, now):
    drafts[1].lines.all().delete()
    batch = ask(drafts)

    take(batch, now)

    states = [(item.state, item.reason) for item in batch.items.order_by("pk")]
    assert [state for state, _reason in states] == ["done", "failed", "done"]
    assert "Ajoutez au moins une ligne" in states[1][1]
    numbers = [Invoice.objects.get(pk=draft.pk).number for draft in drafts]
    assert numbers == ["FAC-2026-0001", "", "FAC-2026-0002"]
    batch.refresh_from_db()
    assert batch.done_at is not None


def test_taken_again_it_does_nothing_more(drafts, now):
    batch = ask(drafts)
    take(batch, now)

    take(batch, now)

    assert Invoice.objects.filter(status="issued").count() == 3


def test_a_draft_changed_since_is_refused(drafts, now):
    batch = ask(drafts[:1])
    Invoice.objects.filter(pk=drafts[0].pk).update(version=9)

    take(batch, now)

    assert batch.items.get().state == BatchItem.State.FAILED
    assert Invoice.objects.get(pk=drafts[0].pk).status == "draft"


def test_a_batch_out_of_time_owes_the_rest(drafts):
    batch = ask(drafts)
    OwedWork.objects.all().delete()

    take(batch, AT)  # begun long ago

    assert batch.items.filter(state="waiting").count() == 3
    assert OwedWork.objects.filter(topic=batches.TOPIC).count() == 1


def test_issued_and_sent_in_one_go(drafts, now):
    batch = ask(drafts[:1], act="issue_send")

    take(batch, now)

    assert OwedWork.objects.filter(key=f"invoice-mail:{drafts[0].pk}:1").exists()


def test_the_list_asks_and_the_page_tells(drafts, invoice, client_of, manager, do_owed_work):
    browser = client_of(manager)
    chosen = "&".join(f"id={each.pk}" for each in [*drafts, invoice])

    page = browser.get(f"{ISSUE}?{chosen}")
    answer = browser.post(f"{ISSUE}?{chosen}", {})

    assert "354\u202f000" in page.content.decode()
    assert "Ne sont pas des brouillons" in page.content.decode()
    batch = InvoiceBatch.objects.get()
    assert answer.url == f"/admin/snippets/sources/invoicebatch/inspect/{batch.pk}/"
    assert browser.get(answer.url)["Refresh"] == "3"
    assert batch.items.count() == 3


def test_whoever_may_not_issue_is_refused(drafts, client_of, editor):
    answer = client_of(editor).post(f"{ISSUE}?id={drafts[0].pk}", {})

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert InvoiceBatch.objects.count() == 0
