"""Accounts of the agency, what providers charge, and a transfer that a client says to have made."""

from datetime import date, datetime, timedelta

from billing.invoicing.models import Invoice
from billing.payments.models import MoneyAccount, TransferDeclaration
from billing.payments.services import Slip, declare_transfer
from billing.treasury.models import FeeTerms
from billing.treasury.services import fill_missing_settlements
from nourx_site.demo.people import World

# kind, name, number, whether clients see it
ACCOUNTS = [
    ("bank", "NSIA Banque", "CI042 01234 012345678901 23", True),
    ("wave", "Wave Business", "07 00 00 00 10", True),
    ("orange", "Orange Money marchand", "07 00 00 00 20", True),
    ("cash", "Caisse du bureau", "", False),
]


def make_accounts(world: World) -> None:
    """Make the accounts that money comes to."""
    for kind, name, number, is_shown in ACCOUNTS:
        MoneyAccount.objects.get_or_create(
            company=world.company,
            kind=kind,
            name=name,
            defaults={"number": number, "is_shown": is_shown, "holder": world.company.name},
        )


def account_for(world: World, method: str, channel: str) -> MoneyAccount:
    """Return the account that a payment of the demo came to."""
    kinds = {"cash": "cash", "mobile_money": "wave" if channel == "Wave" else "orange"}
    return MoneyAccount.objects.get(company=world.company, kind=kinds.get(method, "bank"))


def make_treasury(world: World, today: date, now: datetime) -> None:
    """Make fees and one declaration that waits; done again, nothing changes."""
    FeeTerms.objects.get_or_create(
        provider="cinetpay",
        channel="",
        currency="XOF",
        starts_on=date(today.year, 1, 1),
        defaults={"percent": 3, "vat_percent": 18, "delay_days": 2},
    )
    fill_missing_settlements(at=now)
    _declare(world, today, now)


def _declare(world: World, today: date, now: datetime) -> None:
    """Have a client say to have paid the oldest invoice that waits."""
    client, person = world.clients["lagune"], world.members["yao@lagune.test"]
    invoice = Invoice.objects.unpaid().filter(client=client).order_by("due_date", "pk").first()
    if invoice is None or TransferDeclaration.objects.filter(client=client).exists():
        return
    declare_transfer(
        invoice=invoice,
        account=MoneyAccount.objects.get(company=world.company, kind="wave"),
        amount=invoice.amount_due,
        paid_on=today - timedelta(days=1),
        actor=person,
        at=now,
        slip=Slip(reference="TWAVE-7F3K21", payer_phone="07 07 07 07 01"),
    )
