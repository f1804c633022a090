"""Time billed: each entry once, by one person, for what was seen."""

from datetime import date
from decimal import Decimal

import pytest

from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice
from billing.sources.models import BilledTime, RateCard
from billing.sources.services import time as services
from billing.sources.services.time import Choice, Grouping
from portal.projects.models import Task, TimeEntry
from tests.conftest import AT, ON

pytestmark = pytest.mark.usefixtures("team")
TIMES = "/admin/snippets/projects/timeentry/"


@pytest.fixture
def rates(manager):
    """Thirty thousand francs an hour for anybody."""
    return RateCard.objects.create(hourly_rate=30_000)


@pytest.fixture
def spend(project, manager):
    """Return a function that writes time down."""

    def write(minutes, *, day=3, **fields):
        return TimeEntry.objects.create(
            **{"project": project, "user": manager, **fields},
            minutes=minutes,
            spent_on=date(2026, 11, day),
            note="interne",
        )

    return write


def choice(client, grouping=Grouping.TASK, **fields):
    facts = {"start": date(2026, 11, 1), "end": date(2026, 11, 30)}
    return Choice(client=client, grouping=grouping, **{**facts, **fields})


def bill(client, expected, **fields):
    return services.bill_time(choice=choice(client, **fields), expected=expected, on=ON, actor=None)


def test_the_time_of_a_task_is_a_line_of_a_draft(acme, project, rates, spend):
    task = Task.objects.create(project=project, title="Maquettes")
    spend(90, task=task)
    spend(60, day=4, task=task)
    spend(20, day=5)

    draft = bill(acme, 85_000)

    assert draft.status == Invoice.Status.DRAFT
    lines = list(draft.lines.order_by("sort_order"))
    assert [(line.label, line.quantity, line.unit, line.net) for line in lines] == [
        ("Maquettes", Decimal("2.500"), "h", 75_000),
        ("Temps passé, Boutique en ligne", Decimal("1.000"), "", 10_000),
    ]
    assert "interne" not in "".join(line.label + line.detail for line in lines)
    assert draft.total_net == 85_000
    assert BilledTime.objects.count() == 3


def test_grouped_by_person_or_by_day(acme, rates, spend, manager):
    spend(60)
    spend(60, day=4)

    by_person = services.preview_time(choice(acme, Grouping.PERSON))
    by_day = services.preview_time(choice(acme, Grouping.DAY))

    assert [line.key for line in by_person.lines] == [str(manager)]
    assert [line.key for line in by_day.lines] == ["3 novembre 2026", "4 novembre 2026"]


def test_what_is_billed_is_not_billed_again(acme, rates, spend):
    spend(60)
    bill(acme, 30_000)

    with pytest.raises(services.CannotBillTime, match="Aucun temps"):
        bill(acme, 0)

    assert Invoice.objects.count() == 1


def test_another_amount_than_was_seen_is_refused(acme, rates, spend):
    spend(60)

    with pytest.raises(services.CannotBillTime, match="a changé"):
        bill(acme, 29_999)

    assert Invoice.objects.count() == 0


def test_time_without_a_rate_is_refused_by_name(acme, spend, manager):
    spend(60)

    with pytest.raises(services.CannotBillTime, match=str(manager)):
        bill(acme, 0)

    assert BilledTime.objects.count() == 0


def test_offered_time_is_left_out_until_it_is_charged(acme, rates, spend):
    entry = spend(60)
    services.offer_time(entry=entry, at=AT, actor=None)
    assert services.preview_time(choice(acme)).amount == 0

    services.charge_time(entry=entry, actor=None)

    assert services.preview_time(choice(acme)).amount == 30_000


def test_a_deleted_draft_gives_its_time_back(acme, rates, spend):
    spend(60)
    draft = bill(acme, 30_000)

    draft.delete()

    assert services.preview_time(choice(acme)).amount == 30_000


def test_a_cancelled_invoice_gives_its_time_back(acme, rates, spend):
    spend(60)
    draft = bill(acme, 30_000)
    issued = invoicing.issue_invoice(invoice=draft, on=ON, at=AT, actor=None)
    assert services.preview_time(choice(acme)).amount == 0

    invoicing.cancel_invoice(invoice=issued, reason="Erreur", on=ON, at=AT, actor=None)

    assert services.preview_time(choice(acme)).amount == 30_000


def test_billed_time_is_neither_edited_nor_deleted(acme, rates, spend, client_of, manager):
    entry = spend(60)
    browser = client_of(manager)
    assert browser.get(f"{TIMES}edit/{entry.pk}/").status_code == 200
    bill(acme, 30_000)

    edited = browser.post(f"{TIMES}edit/{entry.pk}/", {"minutes": 10})
    deleted = browser.post(f"{TIMES}delete/{entry.pk}/")

    assert (edited.status_code, deleted.status_code) == (302, 302)
    entry.refresh_from_db()
    assert entry.minutes == 60


def test_the_page_shows_the_sum_then_makes_the_draft(acme, rates, spend, client_of, manager):
    spend(90)
    browser = client_of(manager)
    address = f"/admin/snippets/accounts/client/temps/{acme.pk}/"
    asked = {"start": "2026-11-01", "end": "2026-11-30", "grouping": "task"}

    page = browser.get(address, asked)
    answer = browser.post(address, {**asked, "expected": 45_000})

    assert "45\u202f000" in page.content.decode()
    draft = Invoice.objects.get()
    assert answer.url == f"/admin/snippets/invoicing/invoice/edit/{draft.pk}/"
    assert draft.total_net == 45_000
