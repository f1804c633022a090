"""Several providers behind one button: who serves what, who takes over, and within what limits."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from billing.methods import services as methods
from billing.methods.models import ChannelSetting
from billing.payments import circuit, offers, services
from billing.payments.models import Payment, PaymentAttempt, ProviderNotification
from billing.payments.providers import wave
from billing.payments.sandbox.rails import RailKeys
from core import rls
from core.accounts.models import Company

KEYS = RailKeys()
ACCOUNTS = {
    "stripe": ("", {"secret_key": KEYS.stripe_key, "webhook_secret": KEYS.stripe_secret}),
    "wave": ("", {"api_key": KEYS.wave_key, "webhook_secret": KEYS.wave_secret}),
    "orange-money": (
        "",
        {
            "client_id": KEYS.orange_id,
            "client_secret": KEYS.orange_secret,
            "merchant_key": KEYS.orange_merchant,
        },
    ),
    "cinetpay": ("v1", {"api_key": KEYS.cinetpay_key, "api_password": KEYS.cinetpay_password}),
}
CHANNELS = {"stripe": "card", "wave": "wave", "orange-money": "orange", "cinetpay": "mtn"}


@pytest.fixture
def connect(company, owner_staff, payer, settings, now):
    """Return a function that gives our company an account at a provider, and its channel to it."""
    url = payer.server.url
    settings.STRIPE_API_BASE, settings.WAVE_BASE_URL = f"{url}/stripe", f"{url}/wave"
    settings.ORANGE_MONEY_BASE_URL, settings.CINETPAY_V1_BASE_URL = f"{url}/orange", url

    def give(provider, *, is_active=True, serves=True, **keys):
        dialect, usual = ACCOUNTS[provider]
        account = methods.save_account(
            company=company,
            provider=provider,
            dialect=dialect,
            country="ci" if provider == "orange-money" else "",
            is_active=is_active,
            keys=usual | keys,
            actor=owner_staff,
            at=now,
        )
        if serves:
            ChannelSetting.objects.update_or_create(
                company=company, channel=CHANNELS[provider], defaults={"provider": provider}
            )
        return account

    return give


@pytest.fixture
def post(client_of):
    """Return a function that posts a notice to the address of its provider."""
    browser = client_of(enforce_csrf_checks=True)

    def send(provider, notice, **changes):
        headers = {name: value for name, value in notice.headers.items() if name != "Content-Type"}
        return browser.post(
            f"/api/webhooks/{provider}/",
            data=changes.get("body", notice.body),
            content_type="application/json",
            headers=headers,
        ).status_code

    return send


def play(payer, attempt, story):
    book = payer.server.application.book
    book.clock._now = datetime.now(UTC).timestamp()
    book.play(book.find_reference(attempt.reference).id, story)


@pytest.mark.parametrize("provider", list(ACCOUNTS))
def test_S4_074_each_provider_pays_an_invoice_once(
    provider, connect, start, payer, post, invoice, now
):
    account = connect(provider)
    attempt = start(invoice, channel=CHANNELS[provider])
    play(payer, attempt, "double")

    answers = [post(provider, notice) for notice in payer.notices(attempt)]
    services.work_inbox(at=now + timedelta(seconds=10))
    services.work_inbox(at=now + timedelta(seconds=60))

    with rls.staff("test"):
        payment = Payment.objects.get()
        invoice.refresh_from_db()
    assert answers == [200, 200, 200]
    assert (attempt.provider, attempt.account_id) == (provider, account.pk)
    assert (payment.amount, payment.provider, invoice.amount_due) == (118_000, provider, 0)


@pytest.mark.parametrize(
    ("provider", "status"),
    [("stripe", 400), ("wave", 403), ("orange-money", 404), ("cinetpay", 403)],
)
def test_S2_024_a_forged_notification_changes_nothing(
    provider, status, connect, start, payer, post, invoice, now
):
    connect(provider)
    attempt = start(invoice, channel=CHANNELS[provider])
    play(payer, attempt, "forged")

    answer = post(provider, payer.notices(attempt)[-1])
    services.work_inbox(at=now)

    with rls.staff("test"):
        assert PaymentAttempt.objects.get().state == "pending"
        assert not Payment.objects.exists()
    assert answer == status
    assert ProviderNotification.objects.get().state == "rejected"


def test_S2_025_a_stripe_body_with_one_space_more_fails(connect, start, payer, post, invoice):
    connect("stripe")
    attempt = start(invoice, channel="card")
    play(payer, attempt, "success")
    notice = payer.notices(attempt)[-1]

    assert post("stripe", notice, body=notice.body + b" ") == 400


def test_a_token_of_a_payment_is_kept_as_a_digest_alone(connect, start, payer, post, invoice):
    connect("orange-money")
    attempt = start(invoice, channel="orange")
    play(payer, attempt, "success")
    secret = payer.server.application.book.find_reference(attempt.reference).secret

    post("orange-money", payer.notices(attempt)[-1])

    row = ProviderNotification.objects.get()
    assert secret.encode() not in bytes(row.body)
    assert row.reference == attempt.reference
    assert len(attempt.notify_digest) == 64


@pytest.mark.parametrize("story", ["amount", "currency"])
def test_less_money_or_another_currency_is_looked_at_by_a_person(
    story, connect, start, payer, check, invoice
):
    connect("wave")
    attempt = start(invoice, channel="wave")
    play(payer, attempt, story)

    check(attempt)

    with rls.staff("test"):
        attempt.refresh_from_db()
        assert attempt.state == "review"
        assert not Payment.objects.exists()


def test_money_taken_back_after_it_was_credited_is_told(
    connect, start, payer, post, invoice, now, team
):
    connect("stripe")
    attempt = start(invoice, channel="card")
    play(payer, attempt, "success")
    post("stripe", payer.notices(attempt)[-1])
    services.work_inbox(at=now + timedelta(seconds=10))
    book = payer.server.application.book
    book.reverse(book.find_reference(attempt.reference).id)

    post("stripe", payer.notices(attempt)[-1])
    services.work_inbox(at=now + timedelta(seconds=60))

    attempt.refresh_from_db()
    assert attempt.state == "succeeded"
    assert attempt.anomalies.get().kind == "reversal"


def test_a_provider_that_is_down_leaves_the_channel_to_the_next(connect, start, payer, invoice):
    connect("wave")
    payer.server.application.faults.set({"kind": "429", "on": "start", "times": 1})

    attempt = start(invoice, channel="wave")

    with rls.staff("test"):
        tried = list(PaymentAttempt.objects.order_by("pk").values_list("provider", "state"))
    assert attempt.provider == "cinetpay"
    assert tried == [("wave", "failed"), ("cinetpay", "pending")]


def test_a_provider_left_alone_is_not_even_asked(connect, start, invoice, now):
    account = connect("wave")
    circuit.note_failure(f"wave:{account.pk}", at=now, pause=timedelta(minutes=5))

    attempt = start(invoice, channel="wave")

    with rls.staff("test"):
        assert PaymentAttempt.objects.count() == 1
    assert attempt.provider == "cinetpay"


def test_nobody_takes_over_when_a_payment_may_have_been_opened(connect, start, payer, invoice):
    connect("wave")
    payer.server.application.faults.set({"kind": "lost", "on": "start", "times": 1})

    with pytest.raises(services.PaymentUnavailable):
        start(invoice, channel="wave")

    with rls.staff("test"):
        assert PaymentAttempt.objects.get().state == "expired"


def test_P51_a_page_put_aside_is_closed_at_its_provider(connect, start, payer, invoice, now):
    connect("wave")
    first = start(invoice, channel="wave")

    start(invoice, channel="mtn", at=now + timedelta(minutes=1))

    assert payer.server.application.book.find_reference(first.reference).state == "expired"


def test_an_account_off_opens_nothing_but_its_payments_are_followed(
    connect, start, payer, check, invoice
):
    connect("wave")
    attempt = start(invoice, channel="wave")
    connect("wave", is_active=False)
    play(payer, attempt, "success")

    outcome = check(attempt)
    other = start_offer(invoice)

    assert outcome == "credited"
    assert other == []


def start_offer(invoice):
    """Return the channels of Wave's own account that a paid invoice offers: none."""
    with rls.staff("test"):
        invoice.refresh_from_db()
        offer = offers.make_offer(invoice=invoice, user=None, at=datetime.now(UTC))
    return offer.channels


def test_the_keys_of_another_company_do_not_open_a_payment_here(
    connect, start, invoice, owner_staff, now
):
    other = Company.objects.create(name="Filiale", legal_name="Filiale SARL")
    connect("stripe", serves=False)
    methods.save_account(
        company=other,
        provider="wave",
        dialect="",
        country="",
        is_active=True,
        keys=ACCOUNTS["wave"][1],
        actor=owner_staff,
        at=now,
    )

    assert start(invoice, channel="wave").provider == "cinetpay"


def test_euros_are_paid_by_stripe_alone(connect, make_invoice, acme, acme_owner, payer, now):
    connect("stripe", serves=False)
    foreign = make_invoice(acme, "FAC-2026-0099", net=10_000, vat=0, currency="EUR")

    with rls.staff("test"):
        offer = offers.make_offer(invoice=foreign, user=acme_owner, at=now)

    assert [channel.key for channel in offer.channels] == ["card"]
    assert offer.channels[0].routes[0].access.provider == "stripe"
    assert offer.amount == 10_000


def test_S0_161_a_page_closed_by_the_payer_is_gone_back_to(
    connect, start, invoice, client_of, acme_owner, payer
):
    """We redirect instead of opening a widget: a closed page leaves an attempt to resume."""
    connect("stripe")
    attempt = start(invoice, channel="card")

    page = client_of(acme_owner).get(f"/client/factures/{invoice.number}/payer/")
    again = start(invoice, channel="card")

    assert attempt.redirect_url in page.content.decode()
    assert again.pk == attempt.pk
    assert requests.get(attempt.redirect_url, timeout=5).status_code == 200
    assert b'<script src="http' not in page.content


def test_S0_160_the_return_page_goes_on_with_the_attempt(connect, start, invoice, client_of, payer):
    connect("stripe")
    attempt = start(invoice, channel="card")

    for agent in ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "Mozilla/5.0 (X11)"):
        back = client_of().get(
            f"/paiement/retour/?transaction_id={attempt.reference}", headers={"User-Agent": agent}
        )
        assert back.status_code == 303
        assert back["Location"].startswith("/p/")


def test_each_providers_host_is_in_the_policy_of_the_pay_page(
    invoice, client_of, acme_owner, settings, payer
):
    settings.STRIPE_API_BASE = "https://api.stripe.com"

    page = client_of(acme_owner).get(f"/client/factures/{invoice.number}/payer/")

    allowed = page["Content-Security-Policy"].split("form-action ")[1].split(";")[0]
    for origin in ("https://checkout.stripe.com", "https://pay.wave.com", payer.server.url):
        assert origin in allowed


# --- Ceilings -------------------------------------------------------------------------------


def test_a_ceiling_of_a_channel_is_told_with_its_tranches(
    company, connect, start, make_invoice, acme, payer
):
    ChannelSetting.objects.create(company=company, channel="wave", max_amount=1_000_000)
    large = make_invoice(acme, "FAC-2026-0077", net=3_250_000, vat=0)

    with pytest.raises(services.CannotPay) as refused:
        start(large, channel="wave")
    attempt = start(large, channel="wave", amount=1_000_000)

    text = str(refused.value.message).replace("\u202f", " ").replace("\xa0", " ")
    assert "Soit 4 versements : 3 × 1 000 000 F CFA, puis 250 000 F CFA." in text
    assert attempt.amount == 1_000_000


def test_the_ceiling_of_a_day_counts_what_was_paid_today(
    company, start, make_invoice, acme, acme_owner, payer, check, now
):
    ChannelSetting.objects.create(company=company, channel="mtn", daily_max=200_000)
    one, two = (make_invoice(acme, f"FAC-2026-008{n}", net=150_000, vat=0) for n in (1, 2))
    first = start(one)
    payer.pay(first)
    check(first)

    with pytest.raises(services.CannotPay, match="aujourd’hui"):
        start(two)
    with rls.staff("test"):
        offered = {
            each.key: each.amount
            for each in offers.make_offer(invoice=two, user=acme_owner, at=now).channels
        }
        tomorrow = offers.make_offer(invoice=two, user=acme_owner, at=now + timedelta(days=1))

    assert (offered["mtn"], offered["moov"]) == (50_000, 150_000)
    assert {each.key: each.amount for each in tomorrow.channels}["mtn"] == 150_000


def test_the_key_of_a_sister_company_says_nothing_of_our_payments(
    connect, start, payer, client_of, invoice, owner_staff, now
):
    connect("wave")
    attempt = start(invoice, channel="wave")
    with rls.staff("test"):
        PaymentAttempt.objects.update(provider_token="")
    methods.save_account(
        company=Company.objects.create(name="Filiale", legal_name="Filiale SARL"),
        provider="wave",
        dialect="",
        country="",
        is_active=True,
        keys={"api_key": "wave_other", "webhook_secret": "secret-of-the-sister"},
        actor=owner_staff,
        at=now,
    )
    event = {"data": {"id": "cos-theirs", "client_reference": attempt.reference}}
    body, moment = json.dumps(event).encode(), str(int(datetime.now(UTC).timestamp()))
    signature = wave.sign(body, "secret-of-the-sister", moment)

    answer = client_of().post(
        "/api/webhooks/wave/",
        data=body,
        content_type="application/json",
        headers={"wave-signature": f"t={moment},v1={signature}"},
    )

    with rls.staff("test"):
        attempt.refresh_from_db()
    assert (answer.status_code, attempt.provider_token) == (403, "")
    assert ProviderNotification.objects.get().state == "rejected"
