"""Every gateway in front of its own fake: what a contract test needs, whoever the provider is."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from billing.payments.providers.base import AttemptRef, Money, Payer, RawWebhook, StartRequest
from billing.payments.providers.cinetpay import CinetPayGateway, CinetPayV1Gateway
from billing.payments.providers.orange import OrangeMoneyGateway
from billing.payments.providers.stripe_checkout import StripeGateway
from billing.payments.providers.wave import WaveGateway
from billing.payments.sandbox.rails import RailKeys
from billing.payments.sandbox.scenarios import read_phone

KEYS = RailKeys()
V2_SCENARIOS = {
    "success": "00",
    "refused": "03",
    "pending": "06",
    "double": "10",
    "disorder": "11",
    "silent": "12",
    "amount": "14",
    "forged": "16",
    "down": "17",
}


@dataclass
class Rig:
    """One gateway and its fake. `pay` tells a story of a payment, `notices` what it posts."""

    name: str
    server: object
    gateway: object

    def request(self, reference, amount=150_000, currency="XOF", **fields):
        """Return a payment to open."""
        values = {
            "merchant_ref": reference,
            "money": Money(amount, currency),
            "description": "Facture FAC-2026-0042",
            "payer": Payer(name="Koné", surname="Awa", email="awa@acme.test"),
            "return_url": "http://127.0.0.1:9/paiement/retour/",
            "cancel_url": "http://127.0.0.1:9/p/jeton/",
            "notify_url": f"http://127.0.0.1:9/api/webhooks/{self.gateway.code}/",
            "metadata": "12",
            "facts": {"client_id": "7", "invoice": "FAC-2026-0042"},
        }
        return StartRequest(**(values | fields))

    def start(self, reference, amount=150_000, currency="XOF"):
        """Open a payment, and return what is remembered of it."""
        opened = self.gateway.start(self.request(reference, amount, currency))
        money = Money(amount, currency)
        return AttemptRef(reference, opened.provider_token, opened.provider_txn_id, money)

    def pay(self, ref, story):
        """Have a story happen."""
        book = self.server.application.book
        book.play(book.find_reference(ref.merchant_ref).id, story)

    def notices(self, ref):
        """Return what the fake would post about a payment, oldest first."""
        return [
            notice
            for notice in self.server.sandbox.outbox.notices
            if notice.transaction_id == ref.merchant_ref and notice.method == "POST"
        ]

    def raw(self, notice, **changes):
        """Return a notice as we receive it, the moment it was signed."""
        headers = {name.lower(): value for name, value in notice.headers.items()}
        values = {
            "method": "POST",
            "headers": headers,
            "body": notice.body,
            "content_type": headers.get("content-type", ""),
            "remote_addr": "127.0.0.1",
            "received_at": datetime.fromtimestamp(self.server.sandbox.clock.now(), UTC),
        }
        return RawWebhook(**(values | changes))

    def fault(self, **values):
        """Break the API: see `sandbox.faults.Fault`."""
        self.server.application.faults.set(values)

    @property
    def is_signed(self):
        return self.gateway.capabilities.webhook_auth.startswith("hmac")


class V2Rig(Rig):
    """CinetPay v2, whose sandbox is older than the other fakes and has pages of its own."""

    def pay(self, ref, story):
        sandbox = self.server.sandbox
        token = sandbox.find(ref.merchant_ref).token
        sandbox.open_page(token)
        if story == "currency":
            sandbox.pay(token, operator="MOMO", phone=read_phone("0707070700"))
            data = {"amount": str(ref.money.amount), "currency": "XAF", "status": "ACCEPTED"}
            body = json.dumps({"code": "00", "message": "SUCCES", "data": data})
            self.fault(kind="reply", on="check", body=body)
            return
        if story == "expired":
            body = json.dumps({"code": "625", "message": "EXPIRED", "data": {"status": "REFUSED"}})
            self.fault(kind="reply", on="check", body=body)
            return
        phone = read_phone(f"07070707{V2_SCENARIOS.get(story, '00')}")
        sandbox.pay(token, operator="MOMO", phone=phone)
        if story == "reversal":
            sandbox.reverse(token)


def make_rigs(server):
    """Return a rig for every gateway and dialect."""
    url = server.url
    server.application.faults.clear()
    return {
        "cinetpay-v2": V2Rig(
            "cinetpay-v2",
            server,
            CinetPayGateway(
                apikey="sandbox.0001",
                site_id="909001",
                secret_key="sk_demo_7Qd2-Abidjan-only-for-tests",
                base_url=url,
                read_timeout=1,
            ),
        ),
        "cinetpay-v1": Rig(
            "cinetpay-v1",
            server,
            CinetPayV1Gateway(
                api_key=KEYS.cinetpay_key,
                api_password=KEYS.cinetpay_password,
                base_url=url,
                read_timeout=1,
            ),
        ),
        "wave": Rig(
            "wave",
            server,
            WaveGateway(
                api_key=KEYS.wave_key,
                webhook_secret=KEYS.wave_secret,
                base_url=f"{url}/wave",
                read_timeout=1,
            ),
        ),
        "orange-money": Rig(
            "orange-money",
            server,
            OrangeMoneyGateway(
                client_id=KEYS.orange_id,
                client_secret=KEYS.orange_secret,
                merchant_key=KEYS.orange_merchant,
                base_url=f"{url}/orange",
                read_timeout=1,
            ),
        ),
        "stripe": Rig(
            "stripe",
            server,
            StripeGateway(
                secret_key=KEYS.stripe_key,
                webhook_secret=KEYS.stripe_secret,
                base_url=f"{url}/stripe",
                timeout=1,
                network_retries=0,
            ),
        ),
    }


NAMES = ("cinetpay-v2", "cinetpay-v1", "wave", "orange-money", "stripe")
