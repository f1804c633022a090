"""Quotes, invoices and payments in every state, numbered in order through the year."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from billing.invoicing.models import Invoice, InvoiceLine, Quote, QuoteLine
from billing.invoicing.services import (
    CannotDecide,
    accept_quote,
    cancel_invoice,
    choose_deposits,
    issue_invoice,
    make_pay_link,
    mark_sent,
    refuse_quote,
    save_totals,
    send_quote,
)
from billing.payments.models import PaymentMethod
from billing.payments.services import Slip, record_payment
from core.accounts.models import User, VatCode
from nourx_site.demo.history import make_history
from nourx_site.demo.people import World
from nourx_site.demo.quotes import dress_offer, make_template
from nourx_site.demo.treasury import account_for
from portal.projects.models import Project

logger = logging.getLogger(__name__)

FEATURED = 42  # the unpaid invoice of the tour: FAC-<year>-0042
LAST = 47
EURO = Decimal("655.957")  # francs CFA, by law
SHOP = "Boutique en ligne Akwaba"
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
          "septembre", "octobre", "novembre", "décembre")  # fmt: skip
METHODS = [
    (PaymentMethod.TRANSFER, "Banque de démonstration CI"),
    (PaymentMethod.MOBILE_MONEY, "Orange Money"),
    (PaymentMethod.CHEQUE, ""),
    (PaymentMethod.MOBILE_MONEY, "Wave"),
    (PaymentMethod.CASH, ""),
]


@dataclass(frozen=True)
class Plan:
    """One invoice to be: for whom, for what, and what became of it."""

    client: str
    subject: str
    # label, detail, quantity, unit price in whole units of the currency: francs, cents
    lines: tuple[tuple[str, str, str, int], ...]
    fate: str = "paid"  # paid, unpaid, late, part, net (all but what is withheld), cancelled
    project: str = ""
    vat: str = "18"
    currency: str = "XOF"
    kind: str = "standard"
    less: int = 0  # the rank of the deposit that a final invoice takes off
    is_withheld: bool = False


SPECIAL = {
    30: Plan("akwaba", "Boutique en ligne Akwaba, acompte", (("Acompte à la commande", "Devis accepté, 30 %", "1", 625_000),), "paid", SHOP),
    33: Plan("savane", "Signalétique des magasins, acompte", (("Acompte à la commande", "30 %", "1", 330_000),), "paid", kind="deposit"),
    36: Plan("lagune", "Suivi des conteneurs, cadrage", (("Ateliers de cadrage", "Trois demi-journées", "3", 120_000), ("Note de cadrage", "", "1", 240_000)), "late", "Suivi des conteneurs"),
    37: Plan("bandama", "Audit de sécurité", (("Audit et rapport", "Deux jours", "2", 200_000),), "net", is_withheld=True),
    38: Plan("akwaba", "Hébergement, année en cours", (("Hébergement annuel", "Facturé par erreur", "1", 180_000),), "cancelled"),
    39: Plan("bandama", "Prise de rendez-vous, deuxième tranche", (("Développement", "Agenda et rappels", "1", 1_350_000),), "part", "Prise de rendez-vous en ligne"),
    40: Plan("savane", "Enquête de terrain", (("Enquête", "Trois magasins", "2.5", 150_000), ("Déplacements", "Korhogo et Ferké", "1", 85_003)), "late", "Traçabilité des lots de cajou"),
    41: Plan("lagune", "Identité visuelle, charte", (("Charte graphique", "", "1", 450_000),), "paid", "Identité visuelle"),
    42: Plan("akwaba", "Boutique en ligne Akwaba, deuxième tranche", (("Développement de la boutique", "Catalogue, panier, compte client", "1", 800_000), ("Intégration du paiement CinetPay", "Mobile Money et carte bancaire", "1", 300_000), ("Journées d’atelier", "Cadrage de la livraison par zone", "2", 75_000)), "unpaid", SHOP),
    43: Plan("akwaba", "Application livreurs, cadrage", (("Cadrage avec les livreurs", "Deux communes", "1", 350_000),), "paid", "Application livreurs Android"),
    44: Plan("lagune", "Suivi des conteneurs, première tranche", (("Raccordement au port", "", "1", 980_000), ("Formation", "Taux réduit", "1", 120_000)), "unpaid", "Suivi des conteneurs"),
    45: Plan("savane", "Signalétique des magasins, solde", (("Signalétique", "Trois magasins, pose comprise", "1", 1_100_000),), "unpaid", kind="final", less=33),
    46: Plan("lagune", "Étude pour la maison mère, à Lyon", (("Étude de marché", "Rapport en anglais", "1", 185_000),), "unpaid", currency="EUR"),
}  # fmt: skip


def make_papers(world: World, today: date, now: datetime) -> None:
    """Issue the invoices of the year in order, pay most of them; offer quotes; leave drafts."""
    _make_quotes(world, today, now)
    paid = [
        (invoice, plan, rank)
        for rank in range(1, LAST + 1)
        for plan in [SPECIAL.get(rank) or _maintenance(rank)]
        for invoice in [_play(world, plan, rank, today, now)]
        if plan.fate in ("paid", "part", "net")
    ]
    # Receipts are numbered too: money comes in by its day.
    for invoice, plan, rank in sorted(paid, key=lambda row: _payment_day(row[0], row[2], today)):
        _pay(world, invoice, plan, rank, today, now)
    make_history(world, now)
    _share_and_pay_ahead(world, today, now)
    for subject in ("Boutique en ligne Akwaba, solde", "Atelier photo (à confirmer)"):
        _draft(world, Plan("akwaba", subject, (("Forfait", "", "1", 500_000),), project=SHOP))


def _maintenance(rank: int) -> Plan:
    client = ("akwaba", "lagune", "bandama", "savane")[rank % 4]
    month = MONTHS[(rank // 4) % 12]
    hours = Decimal(2 + rank % 5) / 2
    return Plan(
        client,
        f"Maintenance et hébergement, {month}",
        (
            ("Hébergement et sauvegardes", "Forfait mensuel", "1", 45_000),
            ("Heures d’assistance", "Au temps passé", str(hours), 25_000),
        ),
    )


def _issue_date(rank: int, today: date) -> date:
    """Spread the year's invoices from 1 January to today, the featured one eight days ago."""
    first = date(today.year, 1, 1)
    featured = max(first, today - timedelta(days=8))
    if rank <= FEATURED:
        return first + (featured - first) * rank // FEATURED
    return featured + (today - featured) * (rank - FEATURED) // (LAST - FEATURED)


def _play(world: World, plan: Plan, rank: int, today: date, now: datetime) -> Invoice:
    on = _issue_date(rank, today)
    at = min(timezone.make_aware(datetime.combine(on, time(9, 12))), now)
    invoice = _draft(world, plan)
    if plan.fate == "late":
        invoice.due_date = max(on, today - timedelta(days=12))
        invoice.save(update_fields=["due_date"])
    actor = world.team["manager"]
    invoice = issue_invoice(invoice=invoice, on=on, at=at, actor=actor)
    if plan.fate == "cancelled":
        cancel_invoice(invoice=invoice, reason="Facturée par erreur.", on=on, at=at, actor=actor)
    else:
        mark_sent(invoice=invoice, at=at + timedelta(minutes=4), actor=actor)
    return invoice


def _draft(world: World, plan: Plan) -> Invoice:
    project = Project.objects.filter(title=plan.project).first() if plan.project else None
    invoice = Invoice.objects.create(
        company=world.company,
        client=world.clients[plan.client],
        project=project,
        subject=plan.subject,
        kind=plan.kind,
        currency=plan.currency,
        exchange_rate=None if plan.currency == "XOF" else EURO,
        withheld_rule=world.company.tax_rules.first() if plan.is_withheld else None,
    )
    _add_lines(InvoiceLine, plan, invoice=invoice)
    save_totals(paper=invoice)
    if plan.less:
        deposit = Invoice.objects.get(subject=SPECIAL[plan.less].subject)
        choose_deposits(invoice=invoice, deposits=[deposit], actor=world.team["manager"])
    return Invoice.objects.get(pk=invoice.pk)


def _add_lines(model: type, plan: Plan, **paper: object) -> None:
    is_export = plan.currency != "XOF"
    for order, (label, detail, quantity, price) in enumerate(plan.lines):
        rate = "9" if detail == "Taux réduit" else "0" if is_export else plan.vat
        model.objects.create(
            label=label,
            detail=detail,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
            vat_code=VatCode.EXPORT if is_export else "",
            sort_order=order,
            **paper,
        )


def _payment_day(invoice: Invoice, rank: int, today: date) -> date:
    return min(invoice.issue_date + timedelta(days=1 + rank % 9), today)


def _pay(world: World, invoice: Invoice, plan: Plan, rank: int, today: date, now: datetime) -> None:
    method, channel = METHODS[rank % len(METHODS)]
    received_on = _payment_day(invoice, rank, today)
    amounts = {"paid": invoice.total, "net": invoice.amount_payable_now}
    amount = amounts.get(plan.fate, invoice.total // 2 // 1000 * 1000)
    record_payment(
        client=invoice.client,
        invoice=invoice,
        amount=amount,
        method=method,
        received_on=received_on,
        actor=world.team["manager"],
        at=min(timezone.make_aware(datetime.combine(received_on, time(15, 30))), now),
        slip=Slip(
            reference=f"DEMO-{rank:04d}",
            note=channel,
            account=account_for(world, method, channel),
        ),
    )


def _make_quotes(world: World, today: date, now: datetime) -> None:
    shop = Plan("akwaba", "Boutique en ligne Akwaba", (("Boutique en ligne", "Conception, développement, mise en ligne", "1", 2_500_000),), project=SHOP)  # fmt: skip
    photo = Plan("akwaba", "Séance photo des 40 produits", (("Séance photo", "Deux jours en studio", "2", 150_000), ("Retouche", "Par produit", "40", 4_500)), project=SHOP)  # fmt: skip
    radio = Plan("lagune", "Campagne de lancement", (("Campagne", "Trois semaines", "1", 900_000),))
    accepted = _sent_quote(world, shop, today, now, days=-80)
    _accept(accepted, world.members["aminata@akwaba.test"], now)
    refused = _sent_quote(world, radio, today, now, days=-20)
    refuse_quote(
        quote=refused, reason="Nous reportons à l’an prochain.",
        actor=world.members["yao@lagune.test"], at=now,
    )  # fmt: skip
    _sent_quote(world, photo, today, now, days=-2, is_dressed=True)
    make_template(world.company)
    _quote(world, Plan("savane", "Site de la coopérative", (("Site en deux langues", "", "1", 1_100_000),)), today)  # fmt: skip


def _accept(quote: Quote, actor: User, now: datetime) -> None:
    """Accept a quote; where no PDF can be drawn there is nothing to accept, and it waits."""
    browser = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"
    try:
        accept_quote(
            quote=quote, name="Aminata Koné", ip="127.0.0.1", user_agent=browser,
            actor=actor, at=now,
        )  # fmt: skip
    except CannotDecide as refusal:
        logger.warning("%s is not accepted: %s", quote.number, refusal.message)


def _share_and_pay_ahead(world: World, today: date, now: datetime) -> None:
    """Open a link to pay the featured invoice; keep some money to a client's credit."""
    featured = Invoice.objects.get(number=f"FAC-{today.year}-{FEATURED:04d}")
    make_pay_link(invoice=featured, at=now, actor=world.team["manager"])
    record_payment(
        client=world.clients["lagune"], invoice=None, amount=75_000, method="transfer",
        received_on=today, actor=world.team["manager"], at=now,
        slip=Slip("DEMO-AVANCE", note="Avance", account=account_for(world, "transfer", "")),
    )  # fmt: skip


def _quote(world: World, plan: Plan, until: date) -> Quote:
    project = Project.objects.filter(title=plan.project).first() if plan.project else None
    quote = Quote.objects.create(
        company=world.company,
        client=world.clients[plan.client],
        project=project,
        subject=plan.subject,
        intro="Suite à nos échanges, voici notre proposition.",
        valid_until=until,
    )
    _add_lines(QuoteLine, plan, quote=quote)
    save_totals(paper=quote)
    return quote


def _sent_quote(
    world: World,
    plan: Plan,
    today: date,
    now: datetime,
    *,
    days: int,
    is_dressed: bool = False,
) -> Quote:
    first = date(today.year, 1, 1)
    on = max(first, today + timedelta(days=days))
    quote = _quote(world, plan, today + timedelta(days=30))
    if is_dressed:
        dress_offer(quote)
    at = min(timezone.make_aware(datetime.combine(on, time(10))), now)
    return send_quote(quote=quote, on=on, at=at, actor=world.team["manager"])
