"""How we work with clients: who signs in, and what is delivered in time."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.analytics import figures, links
from billing.analytics.cards import Card, Part
from billing.analytics.choice import Choice
from billing.analytics.queries import activity
from billing.analytics.tables import SHARE


def part(choice: Choice) -> Part:
    """Return the figures of visits and delays."""
    came, done = activity.came(choice), activity.on_time(choice)
    cards = [
        Card(
            _("Clients connectés dans le mois"),
            figures.ratio(came["came"], came["active"]) if came["since"] else None,
            SHARE,
            before=figures.ratio(came["came_before"], came["active"])
            if came["since_before"]
            else None,
            note=format_lazy(
                _("{came} sur {active} clients, {members} avec un accès"),
                came=came["came"],
                active=came["active"],
                members=came["with_access"],
            )
            if came["active"]
            else "",
            definition=_(
                "Clients dont au moins une personne a été connectée pendant le dernier mois de la "
                "période ÷ clients actifs (étape « Client »). Les visites de l’équipe ne comptent "
                "pas. L’autre valeur est celle du mois d’avant. Les visites sont comptées depuis "
                "l’installation de cette page."
            ),
        ),
        _in_time(choice, _("Tâches à l’heure"), done["tasks"], done["tasks_in_time"], "task"),
        _in_time(
            choice, _("Jalons à l’heure"), done["milestones"], done["milestones_in_time"], "project"
        ),
    ]
    if done["undated"]:
        cards[-1] = _with_undated(cards[-1], done["undated"])
    return Part("travail", _("Clients et délais"), cards, [])


def _in_time(choice: Choice, label: object, judged: int, in_time: int, model: str) -> Card:
    return Card(
        label,
        figures.ratio(in_time, judged),
        SHARE,
        has_before=False,
        url=links.list_url(f"projects_{model}"),
        note=format_lazy(_("{in_time} sur {judged}"), in_time=in_time, judged=judged)
        if judged
        else "",
        definition=_(
            "De ce dont l’échéance tombe dans la période et qui est terminé ou déjà en retard : "
            "la part terminée au plus tard le jour de l’échéance."
        ),
    )


def _with_undated(card: Card, count: int) -> Card:
    note = format_lazy(_("{note} ; {count} sans date de fin notée"), note=card.note, count=count)
    return Card(**{**card.__dict__, "note": note})
