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
from billing.analytics.charts import bar_chart, line_chart
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
from core.ui.formats import date_short, decimal, month_name

MOST = 10
SHOWN_MONTHS = 12


def ageing(choice: Choice, now: Ageing) -> Table:
    last = choice.seen.last
    names = [_("Non échu"), _("1–30 j"), _("31–60 j"), _("61–90 j"), _("> 90 j")]
    ends = [(last, None), (-30, -1), (-60, -31), (-90, -61), (None, -91)]
    rows = []
    for name, amount, (first, until) in zip(names, now.classes, ends, strict=True):
        days = [_day(last, first), _day(last, until)]
        rows.append(
            {
                "name": name,
                "amount": amount,
                "share": figures.ratio(amount, now.total),
                "url": links.due(choice, *days) if choice.is_current else "",
            }
        )
    title = _("Âge des créances")
    texts = [write(amount, MONEY, choice.currency) for amount in now.classes]
    chart = bar_chart(
        title,
        [str(name) for name in names],
        [(_("Reste dû"), now.classes, texts)],
        lambda value: compact(value, choice.currency),
    )
    credit = receivables.client_credit(choice)
    note = format_lazy(
        _("À part, non déduit : {amount} au crédit des clients, payés d’avance."),
        amount=write(credit, MONEY, choice.currency),
    )
    return Table(
        "age",
        title,
        [
            Column("name", _("Retard")),
            Column("amount", _("Reste dû"), MONEY),
            Column("share", _("Part"), SHARE),
        ],
        rows if now.total else [],
        choice.currency,
        chart=chart,
        note=note if credit else "",
        definition=_(
            "Le reste dû de chaque facture, par jours passés depuis son échéance. L’argent que "
            "des clients ont payé d’avance n’est déduit de rien."
        ),
    )


def _day(last: date, offset: Any) -> date | None:
    return last + timedelta(days=offset) if isinstance(offset, int) else offset


def trend(choice: Choice, months: list[date], sales: dict[date, Sold]) -> Table:
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


def forecast(choice: Choice) -> Table:
    found = {row.week: row for row in receivables.forecast(choice)}
    weeks, later = receivables.WEEKS, receivables.WEEKS
    rows: list[dict[str, Any]] = []
    for week in range(weeks):
        first = choice.today + timedelta(weeks=week)
        rows.append(
            {"name": _text("Semaine du %(day)s") % {"day": date_short(first)}}
            | _week(found.get(week))
        )
    names = [date_short(choice.today + timedelta(weeks=week)) for week in range(weeks)]
    amounts = [row["amount"] for row in rows]
    title = _("Encaissements attendus, 13 semaines")
    chart = bar_chart(
        title,
        names,
        [(_("Attendu"), amounts, [write(one, MONEY, choice.currency) for one in amounts])],
        lambda value: compact(value, choice.currency),
    )
    for key, label in (
        (later, _text("Plus tard")),
        (receivables.PASSED, _text("Date attendue déjà passée")),
        (receivables.DISPUTED, _text("En litige")),
    ):
        if key in found:
            rows.append({"name": label} | _week(found[key]))
    return Table(
        "previsions",
        title,
        [
            Column("name", _("Quand")),
            Column("amount", _("Attendu"), MONEY),
            Column("count", _("Factures"), COUNT),
        ],
        rows if found else [],
        choice.currency,
        chart=chart,
        note=_(
            "D’après aujourd’hui, quelle que soit la période : chaque facture est attendue au jour "
            "promis, sinon à son échéance décalée du retard médian de son client sur un an."
        ),
        definition=_(
            "Le retard médian vient des factures que le client a soldées en douze mois ; avec "
            "moins de trois, c’est celui de tous les clients. Passé le jour où un client paie "
            "d’habitude en avance, l’échéance fait foi. La retenue à la source en attente "
            "d’attestation n’est pas comptée. Les factures contestées, et celles dont la date "
            "attendue est passée, sont montrées à part et ne sont dans aucune semaine."
        ),
    )


def _week(row: receivables.Expected | None) -> dict[str, int]:
    return {"amount": row.amount if row else 0, "count": row.count if row else 0}


def late_clients(choice: Choice) -> Table:
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
            Column("how", _("Comment")),
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
