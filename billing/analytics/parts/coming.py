"""Cash that should come, week by week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from billing.analytics.choice import Choice
from billing.analytics.queries import receivables
from billing.analytics.queries.receivables import DISPUTED, PASSED, WEEKS, Expected
from billing.analytics.tables import COUNT, MONEY, Column, Table, compact, write
from core.backoffice.charts import Chart, bar_chart
from core.ui.formats import date_short


def forecast(choice: Choice) -> Table:
    """Return when what is owed today should come, thirteen weeks and what is in none of them."""
    found = {row.week: row for row in receivables.forecast(choice)}
    return Table(
        "previsions",
        _("Encaissements attendus, 13 semaines"),
        [
            Column("name", _("Quand")),
            Column("amount", _("Attendu"), MONEY),
            Column("count", _("Factures"), COUNT),
        ],
        [*_weeks(choice, found), *_apart(found)] if found else [],
        choice.currency,
        chart=_chart(choice, found),
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


def _weeks(choice: Choice, found: dict[int, Expected]) -> list[dict[str, Any]]:
    return [
        {
            "name": _text("Semaine du %(day)s")
            % {"day": date_short(choice.today + timedelta(weeks=week))},
            **_row(found.get(week)),
        }
        for week in range(WEEKS)
    ]


def _apart(found: dict[int, Expected]) -> list[dict[str, Any]]:
    """Return what is in no week: later, overdue beyond habit, contested."""
    labels = {
        WEEKS: _text("Plus tard"),
        PASSED: _text("Date attendue déjà passée"),
        DISPUTED: _text("En litige"),
    }
    return [{"name": label, **_row(found[key])} for key, label in labels.items() if key in found]


def _row(row: Expected | None) -> dict[str, int]:
    return {"amount": row.amount if row else 0, "count": row.count if row else 0}


def _chart(choice: Choice, found: dict[int, Expected]) -> Chart | None:
    rows = _weeks(choice, found)
    amounts = [row["amount"] for row in rows]
    texts = [f"{row['name']} : {write(row['amount'], MONEY, choice.currency)}" for row in rows]
    return bar_chart(
        _("Encaissements attendus, 13 semaines"),
        [date_short(choice.today + timedelta(weeks=week)) for week in range(WEEKS)],
        [(_("Attendu"), amounts, texts)],
        lambda value: compact(value, choice.currency),
    )
