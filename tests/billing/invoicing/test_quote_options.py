"""Options of a quote: priced as ticked, agreed to at the total shown, kept in the proof."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from billing.invoicing import services
from billing.invoicing.models import Quote, QuoteAnswer, QuoteInstalment, QuoteLine
from billing.invoicing.services.answers import certificate_of
from core.files.services import store_file
from tests.billing.invoicing.conftest import AT, ON, make_quote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
URL = "/client/devis/DEV-2026-0001/"
SITE = (("Site", "1", "1000000", "18"),)


def give_pdf(quote):
    """Put a PDF on a quote that is out, as the worker does."""
    file = store_file(
        content=b"%PDF-1.7\n%%EOF\n",
        name=f"{quote.number}.pdf",
        content_type="application/pdf",
        client_id=quote.client_id,
    )
    Quote.objects.filter(pk=quote.pk).update(pdf=file, pdf_sha256=file.sha256)
    return Quote.objects.get(pk=quote.pk)


def make_offer(client, **fields):
    """A draft of 1 000 000 HT at 18 %, with two options, billed 30 % and the rest."""
    quote = make_quote(client, lines=SITE, valid_until="2999-01-01", **fields)
    for rank, (label, price) in enumerate((("Logo", "200000"), ("Photos", "100000")), start=1):
        QuoteLine.objects.create(
            quote=quote, label=label, unit_price=Decimal(price), is_option=True, sort_order=rank
        )
    for rank, (kind, percent) in enumerate((("deposit", 30), ("balance", None))):
        QuoteInstalment.objects.create(
            quote=quote, kind=kind, label=kind, percent=percent, sort_order=rank
        )
    services.save_totals(paper=quote)
    return quote


@pytest.fixture
def offer(acme, manager):
    return give_pdf(services.send_quote(quote=make_offer(acme), on=ON, at=AT, actor=manager))


def ids(quote, *labels):
    return tuple(quote.lines.filter(label__in=labels).values_list("pk", flat=True))


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def amounts(quote):
    return list(quote.instalments.order_by("sort_order").values_list("amount", flat=True))


def accept(quote, actor, **values):
    return services.accept_quote(quote=quote, name="Awa Koné", at=AT, actor=actor, **values)


def test_what_is_sent_counts_no_option(offer):
    assert offer.total == 1_180_000
    assert amounts(offer) == [354_000, 826_000]


def test_accepting_freezes_the_options_taken_and_all_sums(offer, acme_owner):
    accept(offer, acme_owner, options=ids(offer, "Logo"), seen_total=1_416_000)

    quote = Quote.objects.get()
    assert (quote.status, quote.total, quote.total_net) == ("accepted", 1_416_000, 1_200_000)
    chosen = quote.lines.filter(is_chosen=True).values_list("label", "net")
    assert list(chosen) == [("Logo", 200_000)]
    assert amounts(quote) == [424_800, 991_200]


def test_the_proof_says_which_options_were_agreed(offer, acme_owner):
    accept(offer, acme_owner, options=ids(offer, "Logo"), seen_total=1_416_000)

    answer = QuoteAnswer.objects.get()
    assert plain(answer.statement) == (
        "J’accepte le devis DEV-2026-0001 « Site vitrine », d’un montant total de "
        "1 416 000 F CFA, avec les options suivantes : Logo (200 000 F CFA HT)."
    )
    assert (answer.total, answer.pdf_sha256) == (1_416_000, offer.pdf_sha256)
    certificate = certificate_of(Quote.objects.get(), answer)
    assert plain(certificate.options_text) == "Logo (200 000 F CFA HT)"


def test_the_proof_says_that_no_option_was_taken(offer, acme_owner):
    accept(offer, acme_owner)

    answer = QuoteAnswer.objects.get()
    assert answer.statement.endswith(", sans option.")
    assert certificate_of(Quote.objects.get(), answer).options_text == "Aucune"


def test_a_total_that_was_not_shown_is_not_agreed_to(offer, acme_owner):
    with pytest.raises(services.TotalChanged) as refusal:
        accept(offer, acme_owner, options=ids(offer, "Logo"), seen_total=1_180_000)

    assert refusal.value.total == 1_416_000
    assert Quote.objects.get().status == "sent"
    assert not QuoteLine.objects.filter(is_chosen=True).exists()
    assert not QuoteAnswer.objects.exists()


def test_a_line_that_is_no_option_is_not_taken(offer, acme_owner):
    with pytest.raises(services.CannotDecide, match="pas dans ce devis"):
        accept(offer, acme_owner, options=ids(offer, "Site"))

    assert Quote.objects.get().status == "sent"


def test_options_stay_as_they_were_agreed(offer, acme_owner):
    accept(offer, acme_owner, options=ids(offer, "Logo"), seen_total=1_416_000)

    with pytest.raises(DatabaseError), transaction.atomic():
        QuoteLine.objects.filter(label="Photos").update(is_chosen=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuoteInstalment.objects.update(amount=1)

    assert amounts(offer) == [424_800, 991_200]


def test_an_invoice_bills_the_options_taken_alone(offer, acme_owner, manager):
    accept(offer, acme_owner, options=ids(offer, "Photos"), seen_total=1_298_000)

    invoice = services.create_invoice_from_quote(quote=offer, actor=manager)

    labels = invoice.lines.order_by("sort_order").values_list("label", flat=True)
    assert (list(labels), invoice.total) == (["Site", "Photos"], 1_298_000)


def test_the_page_prices_what_is_ticked_and_keeps_nothing(offer, acme_owner, client_of):
    page = client_of(acme_owner).post(
        f"{URL}options/", {"option": [str(ids(offer, "Logo")[0]), "9" * 5000], "name": "Awa K"}
    )

    text = plain(page.content.decode())
    assert page.status_code == 200
    assert "1 416 000" in text
    assert 'name="total" value="1416000"' in text
    assert "424 800" in text
    assert 'value="Awa K"' in text
    assert not QuoteLine.objects.filter(is_chosen=True).exists()


def test_without_a_script_the_new_total_is_shown_before_it_is_agreed(offer, acme_owner, client_of):
    typed = {"name": "Awa Koné", "agrees": "on", "option": ids(offer, "Logo")[0]}
    browser = client_of(acme_owner)

    first = browser.post(f"{URL}accepter/", {**typed, "total": 1_180_000})
    second = browser.post(f"{URL}accepter/", {**typed, "total": 1_416_000})

    assert first.status_code == 422
    assert "vérifiez-le, puis acceptez" in first.content.decode()
    assert second.status_code == 302
    assert Quote.objects.get().total == 1_416_000


def test_a_plan_that_is_not_the_whole_keeps_the_quote_a_draft(acme, manager):
    quote = make_offer(acme)
    QuoteInstalment.objects.filter(kind="balance").update(percent=60)

    with pytest.raises(services.CannotIssue, match="100 %"):
        services.send_quote(quote=quote, on=ON, at=AT, actor=manager)

    assert Quote.objects.get().status == "draft"
