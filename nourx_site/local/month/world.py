"""The agency of the month: its rules, its accounts, its providers, its clients and their people."""

from decimal import Decimal

from billing.fiscal.models import FiscalSettings
from billing.fiscal.sandbox.server import FneServer
from billing.methods import services as methods
from billing.methods.models import ChannelSetting
from billing.payments.models import MoneyAccount
from billing.payments.sandbox.rails import RailKeys
from billing.payments.sandbox.server import SandboxServer
from billing.sources.models import RateCard, RecurringInvoice, RecurringLine
from billing.treasury.models import FeeTerms
from core.access.roles import Role
from core.access.staff_roles import sync_staff_roles
from core.accounts.models import Client, Company, Contact, TaxRule, User, VatCode, VatRate
from core.accounts.secrets import encrypt_text
from core.accounts.services.memberships import add_member
from nourx_site.local.month.course import FIRST, Month, Scale

EURO = Decimal("655.957")  # francs for one euro
KEYS = RailKeys()
RATES = [
    ("TVA 18 %", "18", VatCode.NORMAL, ""),
    ("TVA 9 %", "9", VatCode.REDUCED, ""),
    ("Exonéré", "0", VatCode.EXEMPT_BY_LAW, "Exonération légale de TVA."),
    ("Exportation", "0", VatCode.EXPORT, "Exportation de services : TVA à 0 %."),
]
ACCOUNTS = [
    ("bank", "Banque", "CI042 01234 012345678901 23", "XOF", True, 1_500_000),
    ("euros", "Banque, euros", "CI042 01234 012345678902 20", "EUR", True, 0),
    ("cash", "Caisse", "", "XOF", False, 100_000),
    ("wave", "Wave Business", "07 00 00 00 10", "XOF", True, 0),
]
TERMS = [  # provider, currency, percent, fixed, VAT on it, days
    ("cinetpay", "XOF", "3", 0, "18", 1),
    ("wave", "XOF", "1", 0, "0", 1),
    ("orange-money", "XOF", "1.5", 0, "18", 2),
    ("stripe", "EUR", "2.9", 30, "0", 3),
]
OTHERS = {  # the accounts of our own that take over in the middle of the month
    "wave": ("", "wave", {"api_key": KEYS.wave_key, "webhook_secret": KEYS.wave_secret}),
    "orange-money": (
        "",
        "orange",
        {
            "client_id": KEYS.orange_id,
            "client_secret": KEYS.orange_secret,
            "merchant_key": KEYS.orange_merchant,
        },
    ),
    "cinetpay": ("v1", "", {"api_key": KEYS.cinetpay_key, "api_password": KEYS.cinetpay_password}),
}
FOREIGN = 5  # one client in so many is billed in euros
PUBLIC = 4  # one in so many is an administration, which keeps taxes back


def make_month(scale: Scale, server: SandboxServer, fne: FneServer) -> Month:
    """Make the agency and everybody around it, on the eve of the month."""
    sync_staff_roles()
    actor = User.objects.create_user(
        "gestion@agence.test", "", first_name="Mariam", last_name="Traoré", is_staff=True,
        is_superuser=True,
    )  # fmt: skip
    month = Month(scale, server, fne, _company(), actor)
    _accounts(month)
    for rank in range(scale.clients):
        _client(month, rank)
    _terms_and_rates(month)
    _stripe(month)
    for rank in range(scale.contracts):
        _contract(month, rank)
    return month


def _company() -> Company:
    company = Company.objects.create(
        name="Agence Lagune", legal_name="Agence Lagune SARL", legal_form="SARL",
        rccm="CI-ABJ-03-2021-B13-00123", ncc="2112345A", address="Cocody, rue des Jardins",
        city="Abidjan", phone="+225 27 22 40 00 00", email="compta@agence.test",
        tax_regime=Company.TaxRegime.RSI, payment_term_days=10,
    )  # fmt: skip
    for label, rate, code, text in RATES:
        VatRate.objects.create(
            company=company, label=label, rate=Decimal(rate), code=code, legal_text=text,
            is_default=code == VatCode.NORMAL,
        )  # fmt: skip
    kinds = TaxRule.Kind
    for kind, label, rate in ((kinds.WITHHELD, "Retenue", "7.5"), (kinds.ADDED, "AIRSI", "5")):
        base = TaxRule.Base.TOTAL if kind == kinds.ADDED else TaxRule.Base.NET
        TaxRule.objects.create(
            company=company, kind=kind, label=label, rate=Decimal(rate), base=base, legal_text=label
        )
    return company


def _accounts(month: Month) -> None:
    for key, name, number, currency, is_shown, opening in ACCOUNTS:
        month.accounts[key] = MoneyAccount.objects.create(
            company=month.company, kind="bank" if key == "euros" else key, name=name,
            number=number, currency=currency, is_shown=is_shown, opening_balance=opening,
        )  # fmt: skip


def _client(month: Month, rank: int) -> None:
    is_foreign, sectors = rank % FOREIGN == FOREIGN - 1, Client.Sector
    client = Client.objects.create(
        company=month.company,
        name=f"Client {rank + 1:02d} {'SAS' if is_foreign else 'SARL'}",
        ncc="" if is_foreign else f"76543{rank:02d}B",
        email=f"compta{rank + 1}@client.test",
        phone=f"+225 07 00 00 00 {rank:02d}",
        address="Plateau",
        city="Lyon" if is_foreign else "Abidjan",
        country="FR" if is_foreign else "CI",
        currency="EUR" if is_foreign else "XOF",
        sector=sectors.PUBLIC if rank % PUBLIC == 1 and not is_foreign else sectors.COMPANY,
    )
    person = User.objects.create_user(
        f"chef{rank + 1}@client.test", "", first_name="Awa", last_name=f"Koné {rank + 1}"
    )
    add_member(user=person, client=client, role=Role.OWNER, actor=month.actor)
    Contact.objects.create(client=client, name=str(person), email=person.email, is_main=True)
    month.clients.append(client)
    month.people[client.pk] = person


def _terms_and_rates(month: Month) -> None:
    for provider, currency, percent, fixed, vat, delay in TERMS:
        FeeTerms.objects.create(
            provider=provider, currency=currency, percent=Decimal(percent), fixed=fixed,
            vat_percent=Decimal(vat), delay_days=delay, starts_on=FIRST,
        )  # fmt: skip
    RateCard.objects.create(hourly_rate=25_000)


def _stripe(month: Month) -> None:
    """Take cards in euros by Stripe from the first day: CinetPay has no euros."""
    keys = {"secret_key": KEYS.stripe_key, "webhook_secret": KEYS.stripe_secret}
    methods.save_account(
        company=month.company, provider="stripe", dialect="", country="", is_active=True,
        keys=keys, actor=month.actor, at=month.at,
    )  # fmt: skip


def change_providers(month: Month) -> None:
    """Have Wave and Orange Money served by themselves, and CinetPay by its newer API."""
    for provider, (dialect, channel, keys) in OTHERS.items():
        methods.save_account(
            company=month.company, provider=provider, dialect=dialect,
            country="ci" if provider == "orange-money" else "", is_active=True,
            keys=keys, actor=month.actor, at=month.tick(),
        )  # fmt: skip
        if channel:
            ChannelSetting.objects.update_or_create(
                company=month.company, channel=channel, defaults={"provider": provider}
            )


def begin_certifying(month: Month) -> None:
    """Have papers certified by the tax office from now on."""
    FiscalSettings.objects.create(
        company=month.company, driver="fne", base_url=month.fne.url,
        key_encrypted=encrypt_text(month.fne.fne.key), point_of_sale="Siège",
        establishment=month.company.name,
    )  # fmt: skip


def _contract(month: Month, rank: int) -> None:
    client = month.clients[rank % len(month.clients)]
    is_foreign = client.currency == "EUR"
    schedule = RecurringInvoice.objects.create(
        company=month.company, client=client, subject="Maintenance, {mois} {année}",
        currency=client.currency, exchange_rate=EURO if is_foreign else None,
        every=1, unit="month" if rank % 2 else "week",
        anchor_date=FIRST, timing=RecurringInvoice.Timing.ADVANCE,
        outcome=RecurringInvoice.Outcome.ISSUE,
    )  # fmt: skip
    price = Decimal(9_900 if is_foreign else 45_000 + 1_001 * rank)
    RecurringLine.objects.create(
        schedule=schedule, label="Du {du} au {au}", unit_price=price, vat_rate=Decimal(18)
    )
