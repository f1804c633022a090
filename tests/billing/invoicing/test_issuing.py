"""Issuing an invoice: its number, its sums, what is copied, and what is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.invoicing import services, signals
from billing.invoicing.models import Invoice, InvoiceEvent, NumberSeries
from core.outbox.models import OwedWork
from tests.billing.invoicing.conftest import (
    AT,
    ON,
    make_client_of,
    make_draft,
    make_other_company,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def issue(draft, manager, on=ON, at=AT):
    return services.issue_invoice(invoice=draft, on=on, at=at, actor=manager)


def test_an_issued_invoice_is_numbered_dated_and_due(draft, manager):
    issued = issue(draft, manager)

    issued.refresh_from_db()
    assert (issued.number, issued.status) == ("FAC-2026-0001", "issued")
    assert (issued.issue_date, issued.issued_at) == (ON, AT)
    assert issued.due_date == date(2026, 11, 27)


def test_the_sums_are_kept_to_the_franc(draft, manager):
    issued = issue(draft, manager)

    assert (issued.total_net, issued.total_vat, issued.total) == (1_250_000, 225_000, 1_475_000)
    assert issued.vat_groups == [{"rate": "18.00", "base": 1_250_000, "vat": 225_000}]
    assert [line.net for line in issued.lines.order_by("sort_order")] == [1_000_000, 250_000]


def test_both_parties_are_copied(draft, acme, manager):
    issued = issue(draft, manager)
    acme.name = "Autre nom"
    acme.save()

    issued.refresh_from_db()
    assert issued.buyer["name"] == "Acme Distribution"
    assert issued.seller["name"] == "NOURX SARL"
    assert issued.seller["ncc"] == "2112345A"


def test_issuing_owes_the_pdf_and_writes_the_event(draft, manager):
    issued = issue(draft, manager)

    work = OwedWork.objects.get()
    assert (work.topic, work.payload) == ("invoice_pdf", {"invoice_id": issued.pk})
    event = InvoiceEvent.objects.get()
    assert (event.kind, event.actor, event.amount) == ("issued", manager, 1_475_000)


def test_issuing_also_owes_the_mail_when_the_company_says_so(draft, company, manager):
    company.send_on_issue = True
    company.save()

    issue(draft, manager)

    topics = OwedWork.objects.order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["invoice_pdf", "invoice_mail"]


def test_issuing_is_announced_once(draft, manager):
    heard = []

    def listen(sender, invoice, **_):
        heard.append(invoice.number)

    signals.invoice_issued.connect(listen)
    issue(draft, manager)
    signals.invoice_issued.disconnect(listen)

    assert heard == ["FAC-2026-0001"]


def test_an_invoice_is_issued_once(issued, manager):
    with pytest.raises(services.CannotIssue, match="déjà émise"):
        issue(issued, manager)

    assert NumberSeries.objects.get().last == 1
    assert InvoiceEvent.objects.count() == 1


def nothing_changed(draft):
    fresh = Invoice.objects.get(pk=draft.pk)
    return (
        fresh.status == "draft"
        and fresh.number == ""
        and fresh.seller == {}
        and not NumberSeries.objects.exists()
        and not InvoiceEvent.objects.exists()
        and not OwedWork.objects.exists()
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "au moins une ligne"),
        ((("Offert", "1", "0", "18"),), "total est nul"),
        ((("Trop", "1000000", "1000000000000", "18"),), "trop grand"),
    ],
)
def test_an_invoice_that_bills_nothing_is_refused(acme, manager, lines, message):
    draft = Invoice.objects.create(company=acme.company, client=acme, subject="Vide")
    for label, quantity, price, rate in lines:
        draft.lines.model.objects.create(
            invoice=draft,
            label=label,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
        )

    with pytest.raises(services.CannotIssue, match=message):
        issue(draft, manager)

    assert nothing_changed(draft)


def test_a_regime_without_vat_refuses_vat(team, manager):
    client = make_client_of(make_other_company(tax_regime="rme"))
    draft = make_draft(client)

    with pytest.raises(services.CannotIssue, match="ne facture pas la TVA"):
        issue(draft, manager)

    assert nothing_changed(draft)


def test_a_regime_without_vat_says_so_on_its_invoice(team, manager):
    client = make_client_of(make_other_company(tax_regime="rme"))
    draft = make_draft(client, lines=[("Conseil", "2", "75000", "0")])

    issued = issue(draft, manager)

    assert (issued.total_vat, issued.total) == (0, 150_000)
    assert issued.seller["vat_exemption"] == "TVA non facturée : Microentreprise (RME)."


def test_a_due_date_gone_by_is_refused(acme, manager):
    draft = make_draft(acme, due_date=date(2026, 11, 12))

    with pytest.raises(services.CannotIssue, match="échéance est passée"):
        issue(draft, manager)

    assert nothing_changed(draft)


def test_a_date_before_the_last_of_the_series_is_refused(issued, acme, manager):
    late = make_draft(acme)

    with pytest.raises(services.CannotIssue, match="date plus récente"):
        issue(late, manager, on=date(2026, 11, 12))

    assert NumberSeries.objects.get().last == 1
    assert Invoice.objects.get(pk=late.pk).status == "draft"


def test_a_draft_changed_since_it_was_read_is_refused(draft, manager):
    with pytest.raises(services.CannotIssue, match="vient d’être modifié"):
        services.issue_invoice(
            invoice=draft, on=ON, at=AT, actor=manager, version=draft.version - 1
        )

    assert nothing_changed(draft)


def test_each_year_starts_its_own_series_at_midnight_in_abidjan(acme, manager):
    eve = issue(
        make_draft(acme), manager, date(2026, 12, 31), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    )
    day = issue(make_draft(acme), manager, date(2027, 1, 1), datetime(2027, 1, 1, tzinfo=UTC))

    assert (eve.number, day.number) == ("FAC-2026-0001", "FAC-2027-0001")


def test_each_company_has_its_own_series(draft, team, manager):
    other = make_draft(make_client_of(make_other_company()))

    numbers = [issue(draft, manager).number, issue(other, manager).number]

    assert numbers == ["FAC-2026-0001", "FAC-2026-0001"]


@pytest.mark.parametrize(
    ("lines", "discount", "expected"),
    [
        ([("A", "1", "25", "18")], "0", (25, 5, 30)),
        ([("A", "3", "1003", "18")], "0", (3_009, 542, 3_551)),
        (
            [("A", "2.75", "12500", "18"), ("B", "0.333", "15000", "18")],
            "0",
            (39_370, 7_087, 46_457),
        ),
        ([("A", "12345", "0.5", "18")], "0", (6_173, 1_111, 7_284)),
        (
            [("A", "1", "99999", "18"), ("B", "1", "50001", "9"), ("C", "1", "10001", "0")],
            "5",
            (152_001, 21_375, 173_376),
        ),
        ([("A", "1", "1450000", "18")], "5", (1_377_500, 247_950, 1_625_450)),
    ],
)
def test_vat_is_counted_once_per_rate(acme, manager, lines, discount, expected):
    draft = make_draft(acme, lines=lines, discount_percent=Decimal(discount))

    issued = issue(draft, manager)

    assert (issued.total_net, issued.total_vat, issued.total) == expected
    assert sum(line.net for line in issued.lines.all()) == issued.total_net
