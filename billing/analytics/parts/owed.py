"""Tables of getting paid: by age, by month, by week to come, by client, by means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from billing.analytics import figures, links
from billing.analytics.choice import Choice
from billing.analytics.figures import Ageing
from billing.analytics.periods import DAY, add_months
from billing.analytics.queries import receivables, revenue
from billing.analytics.queries.revenue import Sold
from billing.analytics.tables import (
    COUNT,
    DAYS,
    MONEY,
    SHARE,
    Column,
    Table,
    compact,
    tenths,
    write,
)
from billing.payments.models import PaymentMethod
from core.backoffice.charts import Chart, bar_chart, line_chart
from core.ui.formats import decimal, month_name

MOST = 10
SHOWN_MONTHS = 12


CLASSES = [_("Non échu"), _("1–30 j"), _("31–60 j"), _("61–90 j"), _("> 90 j")]
ENDS = [(0, None), (-30, -1), (-60, -31), (-90, -61), (None, -91)]  # days of due, from the last


def ageing(choice: Choice, now: Ageing) -> Table:
    """Return what is owed by days past due, with the rows of each class when it is today's."""
    credit = receivables.client_credit(choice)
    note = format_lazy(
        _("À part, non déduit : {amount} au crédit des clients, payés d’avance."),
        amount=write(credit, MONEY, choice.currency),
    )
    return Table(
        "age",
        _("Âge des créances"),
        [
            Column("name", _("Retard")),
            Column("amount", _("Reste dû"), MONEY),
            Column("share", _("Part"), SHARE),
        ],
        _classes(choice, now) if now.total else [],
        choice.currency,
        chart=_ageing_chart(choice, now),
        note=note if credit else "",
        definition=_(
            "Le reste dû de chaque facture, par jours passés depuis son échéance. L’argent que "
            "des clients ont payé d’avance n’est déduit de rien."
        ),
    )


def _classes(choice: Choice, now: Ageing) -> list[dict[str, Any]]:
    last = choice.seen.last
    return [
        {
            "name": name,
            "amount": amount,
            "share": figures.ratio(amount, now.total),
            "url": links.due(choice, *(_day(last, end) for end in ends))
            if choice.is_current
            else "",
        }
        for name, amount, ends in zip(CLASSES, now.classes, ENDS, strict=True)
    ]


def _ageing_chart(choice: Choice, now: Ageing) -> Chart | None:
    texts = [write(amount, MONEY, choice.currency) for amount in now.classes]
    return bar_chart(
        _("Âge des créances"),
        [str(name) for name in CLASSES],
        [(_("Reste dû"), now.classes, texts)],
        lambda value: compact(value, choice.currency),
    )


def _day(last: date, offset: int | None) -> date | None:
    return None if offset is None else last + timedelta(days=offset)


def trend(choice: Choice, months: list[date], sales: dict[date, Sold]) -> Table:
    """Return what was owed at the end of each month, and what it was worth in days."""
    shown = months[-SHOWN_MONTHS:]
    owed = receivables.month_ends(choice, shown)
    rows = []
    for month in shown:
        end = min(add_months(month, 1) - DAY, choice.seen.last)
        past = {one: sales[one] for one in months if one <= month}
        counted = figures.count_back_dso(owed[month], month_sales(past, end))
        rows.append(
            {
                "name": month_name(month, with_year=True),
                "owed": owed[month],
                "dso": counted.days if counted else None,
            }
        )
    title = _("DSO par épuisement, mois par mois")
    values = [row["dso"] for row in rows]
    chart = line_chart(
        title,
        [month_name(month) for month in shown],
        values,
        [f"{row['name']} : {write(row['dso'], DAYS)}" for row in rows],
        lambda value: f"{decimal(tenths(value))} j",
    )
    return Table(
        "dso",
        title,
        [
            Column("name", _("Mois")),
            Column("owed", _("À encaisser en fin de mois"), MONEY),
            Column("dso", _("DSO (jours)"), DAYS),
        ],
        rows if chart else [],
        choice.currency,
        chart=chart,
        definition=_(
            "Le DSO par épuisement à la fin de chaque mois, d’après ce qui était dû ce jour-là."
        ),
    )


def month_sales(sales: Mapping[date, Sold], last: date) -> list[tuple[int, int]]:
    """Return (sales, days) of months, newest first; the newest ends on a day of it."""
    return [
        (sales[month].gross, (min(add_months(month, 1) - DAY, last) - month).days + 1)
        for month in sorted(sales, reverse=True)
    ]


def late_clients(choice: Choice) -> Table:
    """Return the clients who are most late today."""
    unpaid = reverse("wagtailsnippets_invoicing_invoice:list")
    rows = [
        {**row, "url": f"{unpaid}?situation=late&client={row['client']}"}
        for row in receivables.late_clients(choice, MOST)
    ]
    return Table(
        "retards",
        _("Clients les plus en retard"),
        [
            Column("name", _("Client")),
            Column("amount", _("En retard"), MONEY),
            Column("count", _("Factures"), COUNT),
            Column("oldest", _("Plus ancien (jours)"), COUNT),
        ],
        rows,
        choice.currency,
        definition=_("Reste dû aujourd’hui sur les factures échues, les dix plus gros montants."),
    )


def channels(choice: Choice) -> Table:
    """Return how money came in the period."""
    found = revenue.by_channel(choice)
    whole = sum(row["amount"] for row in found)
    methods = dict(PaymentMethod.choices)
    rows = [
        {
            "name": " · ".join(filter(None, [str(methods[row["method"]]), row["channel"]])),
            "how": _text("En ligne") if row["online"] else _text("Noté à la main"),
            "count": row["count"],
            "amount": row["amount"],
            "share": figures.ratio(row["amount"], whole),
            "url": links.payments(choice, method=row["method"], provider=row["provider"]),
        }
        for row in found
    ]
    return Table(
        "moyens",
        _("Encaissé par moyen"),
        [
            Column("name", _("Moyen")),
            Column("how", _("Saisie")),
            Column("count", _("Paiements"), COUNT),
            Column("amount", _("Encaissé"), MONEY),
            Column("share", _("Part"), SHARE),
        ],
        rows,
        choice.currency,
        definition=_(
            "Les paiements reçus pendant la période, hors essais, par moyen et opérateur. La part "
            "est celle des montants."
        ),
    )
