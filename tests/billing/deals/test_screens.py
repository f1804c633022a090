"""What the team sees and asks of a won opportunity: buttons, badge, JSON, conversion."""

import json
from datetime import date

import pytest
from django.urls import reverse

from billing.deals import services
from billing.deals.models import Conversion, DealPayment
from billing.invoicing.models import Quote
from billing.payments.models import PaymentAttempt
from core import rls
from core.accounts.models import Client
from portal.projects.models import Project
from tests.billing.deals.test_paying import pay

ON = date(2026, 11, 20)


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


@pytest.fixture
def convert(manager, now):
    """Return a function that converts an opportunity."""

    def act(sale, **values):
        with rls.staff("test"):
            return services.convert_opportunity(
                **{
                    "opportunity": sale,
                    "title": "",
                    "quote": None,
                    "project": None,
                    "on": ON,
                    "at": now,
                    "actor": manager,
                    **values,
                }
            )

    return act


def ask(browser, sale, **values):
    url = reverse("deal_payment_link", args=[sale.pk])
    return browser.post(url, json.dumps(values), content_type="application/json")


def page_of(browser, sale):
    url = reverse("wagtailsnippets_crm_opportunity:inspect", args=[sale.pk])
    return browser.get(url).content.decode()


def test_the_address_answers_the_url_and_the_first_state(connect, browser, sale):
    connect("stripe")

    answer = ask(browser, sale)

    with rls.staff("test"):
        deal = DealPayment.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"url": deal.url, "status": "en_attente"})
    assert ask(browser, sale).json()["url"] == deal.url


def test_a_sale_that_is_not_won_answers_400_in_words(connect, browser, make_sale, open_stage):
    connect("stripe")

    answer = ask(browser, make_sale(stage=open_stage))

    assert answer.status_code == 400
    assert answer.json() == {"error": "Seule une opportunité gagnée peut être payée."}


def test_without_a_provider_the_answer_says_so(browser, sale):
    answer = ask(browser, sale)

    assert answer.status_code == 503
    assert "error" in answer.json()


def test_a_provider_that_is_down_gives_a_readable_message(connect, browser, sale, settings):
    connect("stripe")
    settings.STRIPE_API_BASE = "http://127.0.0.1:9/stripe"

    answer = ask(browser, sale)

    assert answer.status_code == 503
    assert "ne répond pas" in answer.json()["error"]


def test_others_than_the_team_of_sales_are_refused(connect, client_of, sale, acme_owner, editor):
    connect("stripe")

    answers = [
        ask(client_of(who) if who else client_of(), sale).status_code
        for who in (None, acme_owner, editor)
    ]

    assert answers[0] == 302
    assert all(status in (302, 403, 404) for status in answers)
    with rls.staff("test"):
        assert not PaymentAttempt.objects.exists()


def test_the_button_shows_when_won_with_an_amount_only(
    connect, browser, make_sale, sale, open_stage
):
    connect("stripe")
    words = "Générer lien de paiement"

    assert words in page_of(browser, sale)
    assert words not in page_of(browser, make_sale(amount=None))
    assert words not in page_of(browser, make_sale(stage=open_stage))


def test_the_badge_changes_when_the_money_comes(connect, browser, link, sale, payer, post, now):
    connect("stripe")
    deal = link(sale)
    listing = reverse("wagtailsnippets_crm_opportunity:list")
    before = browser.get(listing).content.decode()
    pay(payer, post, now, deal.attempt)

    after = browser.get(listing).content.decode()

    assert "En attente" in before
    assert "Payé" not in before
    assert "Payé" in after
    assert "Payé" in page_of(browser, sale)


def test_a_conversion_makes_a_client_a_project_and_a_quote_once(convert, sale, acme):
    with rls.staff("test"):
        Client.objects.filter(pk=acme.pk).update(stage="prospect")

    done, again = convert(sale), convert(sale)

    with rls.staff("test"):
        quote, project = Quote.objects.get(), Project.objects.get()
        assert Client.objects.get(pk=acme.pk).stage == "won"
        assert quote.lines.get().label == "Refonte du site"
    assert done.pk == again.pk
    assert (quote.total, quote.project_id, quote.status) == (118_000, project.pk, "draft")
    assert (project.title, project.budget) == ("Refonte du site", 118_000)


def test_a_conversion_shows_on_its_records(convert, browser, sale):
    done = convert(sale)

    for name, pk in (
        ("crm_opportunity", sale.pk),
        ("projects_project", done.project_id),
        ("invoicing_quote", done.quote_id),
    ):
        url = reverse(f"wagtailsnippets_{name}:inspect", args=[pk])
        assert "Affaire gagnée" in browser.get(url).content.decode(), name


def test_what_is_not_won_or_of_another_client_is_not_converted(
    convert, make_sale, sale, open_stage, rival
):
    with rls.staff("test"):
        theirs = Project.objects.create(client=rival, title="À eux")

    with pytest.raises(services.CannotConvert, match="gagnée"):
        convert(make_sale(stage=open_stage))
    with pytest.raises(services.CannotConvert, match="autre client"):
        convert(sale, project=theirs)

    with rls.staff("test"):
        assert not Conversion.objects.exists()
        assert Project.objects.count() == 1
        assert not Quote.objects.exists()
