"""The accounts that entries use, with their SYSCOHADA defaults. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class Use(models.TextChoices):
    """What an account is used for. Each is a setting; `DEFAULTS` holds its number and name."""

    CLIENT = "client", _("Clients")
    PUBLIC_CLIENT = "public_client", _("Clients, administrations")
    DEPOSIT = "deposit", _("Acomptes et avances reçus")
    SERVICES = "services", _("Prestations, région")
    SERVICES_ABROAD = "services_abroad", _("Prestations, hors région")
    GOODS = "goods", _("Marchandises, région")
    GOODS_ABROAD = "goods_abroad", _("Marchandises, hors région")
    REBATES = "rebates", _("Rabais et remises accordés")
    VAT_SERVICES = "vat_services", _("TVA sur prestations")
    VAT_GOODS = "vat_goods", _("TVA sur marchandises")
    VAT_WAITING = "vat_waiting", _("TVA en attente d’encaissement")
    ADDED_TAX = "added_tax", _("Autres taxes collectées")
    WITHHELD = "withheld", _("Retenues à récupérer")
    WALLET = "wallet", _("Mobile Money et prestataires")
    BANK = "bank", _("Banque")
    CHEQUE = "cheque", _("Chèques à encaisser")
    CASH = "cash", _("Caisse")
    TRANSFER = "transfer", _("Virements de fonds")
    FEE_WALLET = "fee_wallet", _("Frais de Mobile Money")
    FEE_CARD = "fee_card", _("Frais de carte")
    FEE_OTHER = "fee_other", _("Autres frais bancaires")
    FEE_VAT = "fee_vat", _("TVA récupérable sur frais")
    ROUNDING_LOSS = "rounding_loss", _("Écarts de règlement, charges")
    ROUNDING_GAIN = "rounding_gain", _("Écarts de règlement, produits")
    BAD_DEBT = "bad_debt", _("Pertes sur créances")
    EXCHANGE_LOSS = "exchange_loss", _("Pertes de change")
    EXCHANGE_GAIN = "exchange_gain", _("Gains de change")


DEFAULTS: dict[str, tuple[str, str]] = {
    Use.CLIENT: ("4111", "Clients"),
    Use.PUBLIC_CLIENT: ("4114", "Clients, État et collectivités publiques"),
    Use.DEPOSIT: ("4191", "Clients, avances et acomptes reçus"),
    Use.SERVICES: ("7061", "Services vendus dans la région"),
    Use.SERVICES_ABROAD: ("7062", "Services vendus hors région"),
    Use.GOODS: ("7011", "Ventes de marchandises dans la région"),
    Use.GOODS_ABROAD: ("7012", "Ventes de marchandises hors région"),
    Use.REBATES: ("7069", "Rabais, remises et ristournes accordés"),
    Use.VAT_SERVICES: ("4432", "TVA facturée sur prestations de services"),
    Use.VAT_GOODS: ("4431", "TVA facturée sur ventes"),
    Use.VAT_WAITING: ("44329", "TVA sur prestations en attente d'encaissement"),
    Use.ADDED_TAX: ("4478", "État, autres impôts et contributions"),
    Use.WITHHELD: ("4492", "État, avances et acomptes versés sur impôts"),
    Use.WALLET: ("552", "Monnaie électronique, téléphone portable"),
    Use.BANK: ("521", "Banques locales"),
    Use.CHEQUE: ("513", "Chèques à encaisser"),
    Use.CASH: ("5711", "Caisse en monnaie nationale"),
    Use.TRANSFER: ("585", "Virements de fonds"),
    Use.FEE_WALLET: ("6317", "Frais sur instruments de monnaie électronique"),
    Use.FEE_CARD: ("6315", "Commissions sur cartes bancaires"),
    Use.FEE_OTHER: ("6318", "Autres frais bancaires"),
    Use.FEE_VAT: ("4454", "TVA récupérable sur services extérieurs"),
    Use.ROUNDING_LOSS: ("6588", "Autres charges diverses"),
    Use.ROUNDING_GAIN: ("7588", "Autres produits divers"),
    Use.BAD_DEBT: ("6511", "Pertes sur créances clients"),
    Use.EXCHANGE_LOSS: ("656", "Pertes de change sur créances et dettes commerciales"),
    Use.EXCHANGE_GAIN: ("756", "Gains de change sur créances et dettes commerciales"),
}
RECEIVABLE = (Use.CLIENT, Use.PUBLIC_CLIENT)
OF_CLIENTS = (*RECEIVABLE, Use.DEPOSIT)  # lines with an auxiliary account, to be lettered
OF_PROVIDERS = (Use.WALLET, Use.FEE_WALLET, Use.FEE_CARD)  # may have a sub-account per provider
UEMOA = "BJ BF CI GW ML NE SN TG"


class Journal(models.TextChoices):
    """The journals; each has a code and a name of the company's own."""

    SALES = "sales", _("Ventes")
    BANK = "bank", _("Banque")
    WALLET = "wallet", _("Monnaie électronique")
    CASH = "cash", _("Caisse")
    OTHER = "other", _("Opérations diverses")


JOURNALS: dict[str, tuple[str, str]] = {
    Journal.SALES: ("VE", "Ventes"),
    Journal.BANK: ("BQ", "Banque"),
    Journal.WALLET: ("MM", "Monnaie électronique"),
    Journal.CASH: ("CA", "Caisse"),
    Journal.OTHER: ("OD", "Opérations diverses"),
}


@dataclass(frozen=True)
class Account:
    """An account as entries name it."""

    use: str
    number: str
    label: str


@dataclass(frozen=True)
class SalesRule:
    """Lines whose section or name holds `word` (folded) are sold on accounts of their own."""

    word: str
    sales: Account
    vat: Account


@dataclass(frozen=True)
class Chart:
    """The accounts and rules of one company. `own` holds (use, provider) → account."""

    own: Mapping[tuple[str, str], Account] = field(default_factory=dict)
    rules: tuple[SalesRule, ...] = ()
    region: frozenset[str] = frozenset(UEMOA.split())
    currency: str = "XOF"
    is_vat_on_cash: bool = False
    recovers_lost_vat: bool = True

    def account(self, use: str, provider: str = "") -> Account:
        """Return the account of a use: that of the provider, the company's, or the default."""
        found = self.own.get((use, provider)) or self.own.get((use, ""))
        return found or Account(use, *DEFAULTS[use])
