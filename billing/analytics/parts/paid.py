"""Getting paid: how long it takes, what is late, when cash should come."""

from __future__ import annotations

from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.analytics import figures, links
from billing.analytics.cards import Card, Part
from billing.analytics.choice import Choice
from billing.analytics.figures import Ageing
from billing.analytics.parts import coming
from billing.analytics.parts import owed as tables
from billing.analytics.periods import DAY, month_starts
from billing.analytics.queries import receivables, revenue
from billing.analytics.queries.revenue import Paid, Sold
from billing.analytics.tables import DAYS, MONEY, SHARE, tenths
from core.ui.formats import decimal

MONTHS_BACK = 24  # that counting back may eat


def part(choice: Choice) -> Part:
    """Return the figures and tables of getting paid."""
    seen, before = choice.seen, choice.before.period
    days = [seen.last, seen.first - DAY, before.first - DAY]
    now, begun, begun_before = receivables.standing(choice, days)
    sold, sold_before = revenue.sold(choice)
    paid, paid_before = revenue.settled(choice)
    months = month_starts(seen.last, MONTHS_BACK)
    sales = revenue.sold_by_month(choice, months)
    cards = [
        *_owed_cards(choice, now, begun),
        *_dso_cards(choice, (now, begun), (sold, sold_before), sales),
        _effectiveness_card(choice, (now, begun, begun_before), (sold, sold_before)),
        *_paid_cards(choice, paid, paid_before),
    ]
    found = [
        tables.ageing(choice, now),
        tables.trend(choice, months, sales),
        coming.forecast(choice),
        tables.late_clients(choice),
        tables.channels(choice),
    ]
    return Part("paiement", _("Se faire payer"), cards, found)


def _owed_cards(choice: Choice, now: Ageing, begun: Ageing) -> list[Card]:
    money = {"kind": MONEY, "currency": choice.currency}
    today = choice.is_current
    return [
        Card(
            _("À encaisser"),
            now.total,
            before=begun.total,
            url=links.invoices(choice, situation="due") if today else "",
            definition=_(
                "Ce que les clients doivent à la fin de la période : total TTC et taxes ajoutées "
                "des factures émises, moins paiements, avoirs et ajustements datés d’avant."
            ),
            **money,
        ),
        Card(
            _("En retard"),
            now.late,
            before=begun.late,
            url=links.invoices(choice, situation="late") if today else "",
            definition=_(
                "La part à encaisser dont l’échéance est passée. Le jour même de l’échéance, "
                "une facture n’est pas en retard."
            ),
            **money,
        ),
    ]


def _dso_cards(
    choice: Choice,
    owed: tuple[Ageing, Ageing],
    sold: tuple[Sold, Sold],
    sales: dict[date, Sold],
) -> list[Card]:
    (now, begun), (mine, earlier) = owed, sold
    days, days_before = choice.seen.days, choice.before.period.days
    counted = figures.count_back_dso(now.total, tables.month_sales(sales, choice.seen.last))
    return [
        Card(
            _("DSO"),
            figures.simple_dso(now.total, mine.gross, days),
            DAYS,
            before=figures.simple_dso(begun.total, earlier.gross, days_before),
            url=links.issued(choice),
            definition=_(
                "Délai moyen de paiement : à encaisser ÷ facturé TTC de la période (moins les "
                "avoirs) × jours écoulés de la période. Sans facture, il n’y a rien à mesurer."
            ),
        ),
        Card(
            _("DSO par épuisement"),
            counted.days if counted else None,
            DAYS,
            has_before=False,
            url=links.issued(choice),
            note=_("ventes épuisées : au moins") if counted and counted.exhausted else "",
            definition=_(
                "On retire de l’à encaisser les ventes TTC de chaque mois, du plus récent au plus "
                "ancien, en comptant ses jours, le dernier au prorata. Si 24 mois de ventes n’y "
                "suffisent pas, la page le dit."
            ),
        ),
        *_best_cards((now, begun), (mine, earlier), (days, days_before)),
    ]


def _best_cards(
    owed: tuple[Ageing, Ageing], sold: tuple[Sold, Sold], lengths: tuple[int, int]
) -> list[Card]:
    (now, begun), (mine, earlier), (days, days_before) = owed, sold, lengths
    return [
        Card(
            _("Meilleur DSO possible"),
            figures.simple_dso(now.current, mine.gross, days),
            DAYS,
            before=figures.simple_dso(begun.current, earlier.gross, days_before),
            definition=_(
                "Le DSO si personne n’était en retard : la part non échue ÷ facturé TTC × jours."
            ),
        ),
        Card(
            _("Jours de retard moyens (ADD)"),
            figures.delinquent_days(now.total, now.current, mine.gross, days),
            DAYS,
            before=figures.delinquent_days(begun.total, begun.current, earlier.gross, days_before),
            definition=_("Le DSO moins le meilleur DSO possible : ce que coûtent les retards."),
        ),
    ]


def _effectiveness_card(
    choice: Choice, owed: tuple[Ageing, Ageing, Ageing], sold: tuple[Sold, Sold]
) -> Card:
    now, begun, begun_before = owed
    return Card(
        _("Efficacité du recouvrement (CEI)"),
        figures.effectiveness(
            begin=begun.total, sales=sold[0].gross, end=now.total, end_current=now.current
        ),
        SHARE,
        before=figures.effectiveness(
            begin=begun_before.total,
            sales=sold[1].gross,
            end=begun.total,
            end_current=begun.current,
        ),
        definition=_(
            "(dû au début + facturé − dû à la fin) ÷ (dû au début + facturé − non échu à la fin). "
            "100 % : tout ce qui pouvait être encaissé l’a été."
        ),
    )


def _paid_cards(choice: Choice, paid: Paid, before: Paid) -> list[Card]:
    settled = links.invoices(choice, situation="paid")
    return [
        Card(
            _("Délai d’encaissement moyen"),
            paid.days.plain if paid.days else None,
            DAYS,
            before=before.days.plain if before.days else None,
            url=settled,
            note=format_lazy(
                _("{days} j pondéré par les montants"), days=decimal(tenths(paid.days.weighted))
            )
            if paid.days
            else "",
            definition=_(
                "Jours de l’émission au dernier paiement, en moyenne des factures soldées pendant "
                "la période ; pondéré : chaque facture pèse ce qu’elle a reçu. Une facture soldée "
                "sans paiement, par un avoir, ne compte pas."
            ),
        ),
        Card(
            _("Payées en ligne"),
            figures.ratio(paid.online, paid.count),
            SHARE,
            before=figures.ratio(before.online, before.count),
            url=settled,
            note=format_lazy(
                _("{online} sur {count} factures soldées"), online=paid.online, count=paid.count
            )
            if paid.count
            else "",
            definition=_(
                "Part des factures soldées pendant la période dont plus de la moitié de l’argent "
                "est venue par un prestataire de paiement. Un virement ou des espèces que vous "
                "notez ne sont pas en ligne."
            ),
        ),
    ]
