"""Revenue: invoiced, collected, recurring, and the quotes that bring it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.text import format_lazy
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.analytics import figures, links
from billing.analytics.cards import Card, Part
from billing.analytics.choice import Choice
from billing.analytics.periods import DAY, add_months, month_starts
from billing.analytics.queries import activity, revenue
from billing.analytics.queries.activity import Quotes, Recurring
from billing.analytics.queries.revenue import Sold
from billing.analytics.tables import COUNT, MONEY, SHARE, Column, Table, compact, write
from core.backoffice.charts import Chart, bar_chart
from core.ui.formats import month_name

MOST = 20
SHOWN_MONTHS = 12


def part(choice: Choice, services: list[dict[str, Any]], asked: dict[str, str]) -> Part:
    """Return the figures and tables of revenue; `asked` is the address, for links to a service."""
    sold, sold_before = revenue.sold(choice)
    recurring = activity.recurring(choice)
    cards = [
        *_sold_cards(choice, sold, sold_before),
        *_cash_cards(choice),
        *_recurring_cards(choice, recurring),
    ]
    tables = [
        _months(choice),
        _clients(choice),
        _projects(choice),
        _services(choice, services, asked),
        _movements(choice, recurring),
        _contracts(choice, recurring),
    ]
    return Part("chiffre-d-affaires", _("Chiffre d’affaires"), cards, tables)


def _sold_cards(choice: Choice, sold: Sold, before: Sold) -> list[Card]:
    shared = {"kind": MONEY, "currency": choice.currency, "url": links.issued(choice)}
    count = ngettext("%(count)s facture", "%(count)s factures", sold.count) % {"count": sold.count}
    return [
        Card(
            _("Facturé HT"),
            sold.net,
            before=before.net,
            note=count,
            definition=_(
                "Total HT des factures émises pendant la période, acomptes compris, moins les "
                "avoirs émis pendant la période. Une facture de solde ne compte que ce que ses "
                "acomptes ont laissé."
            ),
            **shared,
        ),
        Card(
            _("Facturé TTC"),
            sold.gross,
            before=before.gross,
            definition=_("La même chose avec la TVA et les taxes ajoutées."),
            **shared,
        ),
    ]


def _cash_cards(choice: Choice) -> list[Card]:
    found = revenue.collected(choice)
    notes = []
    if found["given_back"] and not choice.is_by_invoice:
        amount = write(found["given_back"], MONEY, choice.currency)
        notes.append(_text("%(amount)s remboursés à part") % {"amount": amount})
    if found["sandbox"]:
        notes.append(_text("hors paiements d’essai"))
    return [
        Card(
            _("Encaissé"),
            found["amount"],
            MONEY,
            currency=choice.currency,
            before=found["amount_before"],
            url=links.payments(choice),
            note=", ".join(notes),
            definition=_(
                "Les paiements reçus pendant la période, sans les paiements d’essai ; les "
                "remboursements sont dits à part. Avec un projet ou une prestation : la part "
                "des paiements allée à ses factures."
            ),
        )
    ]


def _recurring_cards(choice: Choice, found: Recurring) -> list[Card]:
    url = links.list_url("sources_recurringinvoice")
    moves = found.movements
    contracts = ngettext("%(count)s contrat", "%(count)s contrats", found.contracts)
    has_some = bool(found.contracts or moves.start)
    return [
        Card(
            _("Revenu récurrent mensuel (MRR)"),
            moves.end if has_some else None,
            MONEY,
            currency=choice.currency,
            before=moves.start if has_some else None,
            url=url,
            note=contracts % {"count": found.contracts} if has_some else "",
            definition=_(
                "Ce que les contrats en cours à la fin de la période rapportent en un mois, HT : "
                "prix de la période ÷ mois de son intervalle (une semaine : 12/52 de mois). Les "
                "contrats en pause ne comptent pas. Seul le total est arrondi."
            ),
        ),
        Card(
            _("Revenu récurrent annuel (ARR)"),
            found.yearly if has_some else None,
            MONEY,
            currency=choice.currency,
            before=12 * moves.start if has_some else None,
            url=url,
            definition=_("Douze fois le revenu récurrent mensuel."),
        ),
    ]


def _months(choice: Choice) -> Table:
    months = month_starts(choice.seen.last, SHOWN_MONTHS)
    sold = revenue.sold_by_month(choice, months)
    cash = revenue.collected_by_month(choice, months)
    rows = [
        {
            "name": month_name(month, with_year=True),
            "net": sold[month].net,
            "gross": sold[month].gross,
            "cash": cash[month],
            "url": links.issued(choice, month, add_months(month, 1) - DAY),
        }
        for month in months
    ]
    has_some = any(row["gross"] or row["cash"] for row in rows)
    return Table(
        "mois",
        _("Facturé et encaissé par mois"),
        [
            Column("name", _("Mois")),
            Column("net", _("Facturé HT"), MONEY),
            Column("gross", _("Facturé TTC"), MONEY),
            Column("cash", _("Encaissé"), MONEY),
        ],
        rows if has_some else [],
        choice.currency,
        chart=_months_chart(choice, [month_name(month) for month in months], rows),
        definition=_(
            "Les douze mois qui finissent avec la période. Une facture compte au mois de son "
            "émission, un avoir au mois du sien, un paiement au mois où il est reçu."
        ),
    )


def _months_chart(choice: Choice, names: list[str], rows: list[dict[str, Any]]) -> Chart | None:
    series = [
        (name, [row[key] for row in rows], [_told(name, row, key, choice) for row in rows])
        for name, key in ((_("Facturé TTC"), "gross"), (_("Encaissé"), "cash"))
    ]
    return bar_chart(
        _("Facturé et encaissé par mois"),
        names,
        series,
        lambda value: compact(value, choice.currency),
    )


def _told(name: Any, row: dict[str, Any], key: str, choice: Choice) -> str:
    return f"{name}, {row['name']} : {write(row[key], MONEY, choice.currency)}"


def _clients(choice: Choice) -> Table:
    rows = [
        {**row, "url": links.issued(choice, client=row["id"])}
        for row in revenue.by_client(choice, MOST)
    ]
    return Table(
        "clients",
        _("Par client"),
        [
            Column("name", _("Client")),
            Column("net", _("Facturé HT"), MONEY),
            Column("gross", _("Facturé TTC"), MONEY),
            Column("collected", _("Encaissé"), MONEY),
        ],
        rows,
        choice.currency,
        definition=_("Les vingt clients les plus facturés de la période, avoirs déduits."),
    )


def _projects(choice: Choice) -> Table:
    rows = [
        {**row, "name": row["name"] or _text("Sans projet"), "url": ""}
        for row in revenue.by_project(choice, MOST)
    ]
    return Table(
        "projets",
        _("Par projet"),
        [
            Column("name", _("Projet")),
            Column("net", _("Facturé HT"), MONEY),
            Column("gross", _("Facturé TTC"), MONEY),
        ],
        rows,
        choice.currency,
        definition=_("Le projet de chaque facture ; un avoir va au projet de sa facture."),
    )


def _services(choice: Choice, found: list[dict[str, Any]], asked: dict[str, str]) -> Table:
    whole = sum(row["net"] for row in found)
    rows = [
        {
            **row,
            "share": figures.ratio(row["net"], whole),
            "url": "?" + urlencode({**asked, "prestation": row["key"]}),
        }
        for row in found
        if choice.service in ("", row["key"])
    ]
    return Table(
        "prestations",
        _("Par prestation"),
        [
            Column("name", _("Prestation")),
            Column("count", _("Factures"), COUNT),
            Column("net", _("Facturé HT"), MONEY),
            Column("share", _("Part"), SHARE),
        ],
        rows,
        choice.currency,
        definition=_(
            "La prestation d’une ligne est sa rubrique ; sans rubrique, sa désignation jusqu’à la "
            "première date ou au premier nombre (« Maintenance du 1er au 30 juin » : Maintenance). "
            "Chaque ligne reçoit sa part du total HT de sa facture : remises et acomptes sont "
            "répartis. Les avoirs ne sont pas déduits."
        ),
    )


def _movements(choice: Choice, found: Recurring) -> Table:
    moves = found.movements
    rows = [
        {"name": _text("Au début"), "amount": moves.start},
        {"name": _text("Nouveaux clients"), "amount": moves.new},
        {"name": _text("Clients revenus"), "amount": moves.back},
        {"name": _text("Hausses"), "amount": moves.up},
        {"name": _text("Baisses"), "amount": -moves.down},
        {"name": _text("Clients partis"), "amount": -moves.lost},
        {"name": _text("À la fin"), "amount": moves.end},
    ]
    return Table(
        "mrr",
        _("Mouvements du revenu récurrent"),
        [Column("name", _("Mouvement")), Column("amount", _("Par mois, HT"), MONEY)],
        rows if moves.start or moves.end else [],
        choice.currency,
        definition=_(
            "Par client, entre la veille de la période et sa fin : ce qui s’ajoute et s’enlève. "
            "Un contrat commencé et fini entre les deux ne bouge rien."
        ),
    )


def _contracts(choice: Choice, found: Recurring) -> Table:
    shares = sorted(found.by_client.items(), key=lambda pair: (-pair[1], pair[0][1]))
    rows = [
        {
            "name": name,
            "amount": share,
            "share": share / found.monthly,
            "url": links.list_url("sources_recurringinvoice", client=client),
        }
        for (client, name), share in shares[:MOST]
    ]
    return Table(
        "recurrent",
        _("Revenu récurrent par client"),
        [
            Column("name", _("Client")),
            Column("amount", _("Par mois, HT"), MONEY),
            Column("share", _("Part"), SHARE),
        ],
        rows,
        choice.currency,
        definition=_("Les vingt premiers clients sous contrat à la fin de la période."),
    )


def quotes_part(choice: Choice) -> Part:
    """Return the figures of the quotes sent in the period."""
    found, before = activity.quotes(choice)
    cards = [
        Card(
            _("Devis envoyés"),
            found.sent,
            COUNT,
            before=before.sent,
            url=links.quotes(choice),
            note=write(found.sent_value, MONEY, choice.currency) if found.sent else "",
            definition=_(
                "Les devis envoyés pendant la période, TTC ; d’un devis révisé, la dernière "
                "version seule."
            ),
        ),
        Card(
            _("Acceptés, en nombre"),
            figures.ratio(found.accepted, found.sent),
            SHARE,
            before=figures.ratio(before.accepted, before.sent),
            url=links.quotes(choice, situation="accepted"),
            note=format_lazy(_("{count} devis"), count=found.accepted) if found.sent else "",
            definition=_(
                "Part des devis envoyés pendant la période que le client a acceptés, même après."
            ),
        ),
        Card(
            _("Acceptés, en valeur"),
            figures.ratio(found.accepted_value, found.sent_value),
            SHARE,
            before=figures.ratio(before.accepted_value, before.sent_value),
            url=links.quotes(choice, situation="accepted"),
            note=write(found.accepted_value, MONEY, choice.currency) if found.sent else "",
            definition=_("La même part, chaque devis pesant son total TTC."),
        ),
    ]
    return Part("devis", _("Devis"), cards, [_outcomes(choice, found)])


def _outcomes(choice: Choice, found: Quotes) -> Table:
    rows = [
        {"name": label, "count": count, "share": figures.ratio(count, found.sent)}
        for label, count in (
            (_text("Acceptés"), found.accepted),
            (_text("Refusés"), found.refused),
            (_text("Expirés sans réponse"), found.expired),
            (_text("Attendent une réponse"), found.open),
        )
    ]
    return Table(
        "devis",
        _("Ce que sont devenus les devis"),
        [
            Column("name", _("Issue")),
            Column("count", _("Devis"), COUNT),
            Column("share", _("Part"), SHARE),
        ],
        rows if found.sent else [],
        choice.currency,
        definition=_("L’état d’aujourd’hui des devis envoyés pendant la période."),
    )
