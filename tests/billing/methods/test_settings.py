"""« Moyens de paiement »: keys go in and never come out, owners alone, channels by buttons."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from billing.methods import services
from billing.methods.keys import unseal
from billing.methods.models import ChannelSetting, ProviderAccount
from billing.payments import gateways
from billing.payments.channels import rules_of
from billing.payments.checks import absent_providers_are_named
from core import rls

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECRET, SIGNING = "la-cle-tres-secrete", "le-secret-de-signature"


def address(name, *parts):
    return reverse(name, args=parts)


@pytest.fixture
def stripe_account(company, owner_staff):
    """Stripe's account of our company, as an owner typed it."""
    return services.save_account(
        company=company,
        provider="stripe",
        dialect="",
        country="",
        is_active=True,
        keys={"secret_key": SECRET, "webhook_secret": SIGNING},
        actor=owner_staff,
        at=AT,
    )


@pytest.fixture
def head(client_of, owner_staff):
    return client_of(owner_staff)


def test_S0_085_a_key_typed_is_sealed_and_never_shown_again(company, head):
    page = address("payment_account", company.pk, "stripe")

    typed = {"is_active": "on", "secret_key": SECRET, "webhook_secret": SIGNING}
    saved = head.post(page, typed)

    account = ProviderAccount.objects.get(company=company, provider="stripe")
    shown = head.get(page).content.decode() + head.get(saved["Location"]).content.decode()
    assert saved.status_code == 302
    assert unseal(account.keys) == {"secret_key": SECRET, "webhook_secret": SIGNING}
    assert SECRET not in account.keys
    assert SECRET not in shown
    assert SIGNING not in shown
    assert "Enregistrée. Laissez vide pour la garder." in shown


def test_the_history_names_the_keys_that_changed_and_not_what_they_are(stripe_account):
    with rls.staff("test"):
        entry = ModelLogEntry.objects.get(action="payment_account_saved")

    assert entry.data["keys_changed"] == ["secret_key", "webhook_secret"]
    assert SECRET not in json.dumps(entry.data)


def test_a_key_left_empty_stays_as_it_was(company, stripe_account, head):
    page = address("payment_account", company.pk, "stripe")

    head.post(page, {"is_active": "on", "secret_key": "", "webhook_secret": "un-autre"})

    stripe_account.refresh_from_db()
    assert unseal(stripe_account.keys) == {"secret_key": SECRET, "webhook_secret": "un-autre"}


def test_an_account_in_service_needs_each_key(company, head):
    page = address("payment_account", company.pk, "wave")

    response = head.post(page, {"is_active": "on", "api_key": SECRET, "webhook_secret": ""})

    assert response.status_code == 422
    assert "Cette clé manque." in response.content.decode()
    assert SECRET not in response.content.decode()
    assert not ProviderAccount.objects.exists()


def test_another_dialect_forgets_the_keys_of_the_first(company, owner_staff):
    typed = {"company": company, "provider": "cinetpay", "country": "", "is_active": True}
    v2 = {"apikey": "a", "site_id": "1", "secret_key": "s"}
    services.save_account(**typed, dialect="v2", keys=v2, actor=owner_staff, at=AT)

    v1 = {"api_key": "k", "api_password": "p"}
    account = services.save_account(**typed, dialect="v1", keys=v1, actor=owner_staff, at=AT)

    assert unseal(account.keys) == v1


PAGES = [
    ("payment_methods", ()),
    ("payment_account", ("stripe",)),
    ("payment_channel", ("card",)),
]
ACTS = [
    ("payment_account", ("stripe",), {"is_active": "on", "secret_key": "x", "webhook_secret": "y"}),
    ("payment_account_try", ("stripe",), {}),
    ("payment_channel", ("card",), {"currency": "XOF", "max_amount": "5"}),
    ("payment_channel_up", ("card",), {}),
    ("payment_channel_down", ("orange",), {}),
    ("payment_channel_switch", ("card",), {"is_enabled": "0"}),
]


@pytest.mark.parametrize("who", ["manager", "editor", "acme_owner"])
def test_who_is_no_owner_neither_reads_nor_changes(
    who, request, company, stripe_account, client_of
):
    browser = client_of(request.getfixturevalue(who))
    before = ProviderAccount.objects.values().get()

    reads = [browser.get(address(name, company.pk, *parts)) for name, parts in PAGES]
    acts = [browser.post(address(name, company.pk, *parts), data) for name, parts, data in ACTS]

    assert {response.status_code for response in [*reads, *acts]} <= {302, 403, 404}
    assert not any(b"webhook" in response.content for response in reads)
    assert ProviderAccount.objects.values().get() == before
    assert not ChannelSetting.objects.exists()


def test_S0_086_unticked_cards_leave_mobile_money_alone(company, head):
    head.post(address("payment_channel_switch", company.pk, "card"), {"is_enabled": "0"})
    head.post(address("payment_channel_switch", company.pk, "card"), {"is_enabled": "0"})

    offered = [rules.channel.key for rules in rules_of(company.pk) if rules.is_enabled]
    assert offered == ["orange", "wave", "mtn", "moov"]


def test_channels_are_ordered_by_buttons(company, head):
    for _time in range(2):
        head.post(address("payment_channel_up", company.pk, "card"))
    head.post(address("payment_channel_down", company.pk, "orange"))

    order = [rules.channel.key for rules in rules_of(company.pk)]
    assert order == ["wave", "orange", "card", "mtn", "moov", "free"]


def test_the_first_stays_first(company, head):
    head.post(address("payment_channel_up", company.pk, "orange"))

    assert rules_of(company.pk)[0].channel.key == "orange"


def test_limits_are_typed_as_people_write_them(company, head):
    typed = {
        "provider": "wave",
        "currency": "XOF",
        "min_amount": "1 000",
        "max_amount": "1 000 000",
        "daily_max": "2000000",
        "currencies": "xof",
        "countries": "ci, sn",
    }

    head.post(address("payment_channel", company.pk, "wave"), typed)

    rules = next(each for each in rules_of(company.pk) if each.channel.key == "wave")
    assert (rules.min_amount, rules.max_amount, rules.daily_max) == (1_000, 1_000_000, 2_000_000)
    assert (rules.providers, rules.countries) == (["wave", "cinetpay"], ("CI", "SN"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_amount": "beaucoup"},
        {"max_amount": "-5"},
        {"max_amount": "99999999999999"},
        {"min_amount": "500", "max_amount": "100"},
        {"currencies": "XYZ"},
        {"countries": "Côte d’Ivoire"},
        {"provider": "inconnu"},
    ],
)
def test_wrong_limits_are_refused_and_stay_on_the_page(company, head, wrong):
    response = head.post(
        address("payment_channel", company.pk, "card"), {"currency": "XOF", **wrong}
    )

    assert response.status_code == 422
    assert next(iter(wrong.values())) in response.content.decode() or "provider" in wrong
    assert not ChannelSetting.objects.exists()


def test_a_connection_that_works_says_so(company, head, payer, settings):
    page = head.post(address("payment_account_try", company.pk, "cinetpay"), follow=True)

    assert "CinetPay : la connexion marche." in page.content.decode()


def test_a_connection_refused_says_why_and_is_kept(company, stripe_account, head, payer, settings):
    settings.STRIPE_API_BASE = f"{payer.server.url}/stripe"

    page = head.post(address("payment_account_try", company.pk, "stripe"), follow=True)

    stripe_account.refresh_from_db()
    text = page.content.decode()
    assert "Stripe : échec. Stripe refuse ces clés (401)." in text
    assert (stripe_account.test_succeeded, SECRET in text) == (False, False)


def test_connections_are_tried_a_few_times_a_minute(company, head):
    page = address("payment_account_try", company.pk, "stripe")
    for _time in range(5):
        head.post(page)

    assert "Trop d’essais" in head.post(page, follow=True).content.decode()


def test_the_overview_tells_the_state_of_each_provider(company, stripe_account, head, settings):
    settings.PAYMENTS_ALLOW_SANDBOX = False

    text = head.get(address("payment_methods", company.pk)).content.decode()

    assert "Aucune clé : ni ici, ni dans l’environnement." in text  # Wave
    assert "Compte d’ici." in text  # Stripe, whose own address it is
    assert "bac à sable, interdit ici" in text  # CinetPay
    assert f"{settings.BASE_URL}/api/webhooks/orange-money/" in text
    assert text.count("Personne en service : il n’est pas montré.") == 5  # all but the card


def test_without_keys_of_ours_the_team_is_told(company, settings):
    settings.CINETPAY_APIKEY = settings.CINETPAY_SITE_ID = settings.CINETPAY_SECRET_KEY = ""

    problems = gateways.find_team_problems()

    assert problems == ["CinetPay n’est pas configuré : le paiement en ligne est désactivé."]


def test_an_account_that_works_is_enough(company, stripe_account, settings):
    settings.CINETPAY_APIKEY = settings.CINETPAY_SITE_ID = settings.CINETPAY_SECRET_KEY = ""

    assert gateways.find_team_problems() == []


def test_keys_that_no_longer_open_are_a_notice_and_no_crash(company, stripe_account):
    ProviderAccount.objects.update(keys="illisible")

    assert "Stripe : ses clés manquent." in gateways.find_team_problems()
    assert not gateways.is_available("stripe", at=AT, company_id=company.pk)


def test_P62_keys_of_a_test_ground_are_refused_where_money_is_real(db, settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_x", "un-secret"
    settings.STRIPE_API_BASE = "https://api.stripe.com"
    trial = gateways.find_gateway("stripe")

    settings.PAYMENTS_ALLOW_SANDBOX = False

    assert trial is not None
    assert trial.capabilities.test_mode
    assert gateways.find_gateway("stripe") is None
    assert any("Stripe est en mode d’essai" in problem for problem in gateways.find_problems())


def test_S2_014_providers_without_keys_are_named_before_going_live(db):
    (notice,) = absent_providers_are_named(None)

    assert "Stripe, Wave, Orange Money" in notice.msg
    assert gateways.find_gateway("stripe") is None
