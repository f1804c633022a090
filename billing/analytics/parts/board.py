"""How we work with clients: who signs in, and what is delivered in time."""

from __future__ import annotations

from datetime import datetime, time
from fractions import Fraction

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.analytics import figures, links
from billing.analytics.cards import Card, Part
from billing.analytics.choice import Choice
from billing.analytics.periods import DAY
from billing.analytics.queries import activity
from billing.analytics.tables import HOURS, SHARE, TEXT, tenths
from core.ui.formats import decimal
from portal.projects.feedback_queries import nps
from portal.support import figures as support
from portal.support.models import Ticket


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
    return Part("travail", _("Clients et délais"), [*cards, *_said_cards(choice)], [])


def _said_cards(choice: Choice) -> list[Card]:
    """Return what clients say of us, and how long their requests take, of all clients."""
    if choice.client or choice.project:
        return []
    period = support.Period(choice.period.first, choice.period.last, *_moments(choice))
    return [_recommendation(choice), _resolution(period), _satisfaction(period)]


def _recommendation(choice: Choice) -> Card:
    score = nps(choice.period.first, choice.period.last)
    return Card(
        _("Recommandation (NPS)"),
        None if score.score is None else f"{score.score:+d}".replace("-", "−"),
        TEXT,
        has_before=False,
        url=links.list_url("projects_surveyanswer"),
        note=ngettext("%(count)s avis", "%(count)s avis", score.answers) % {"count": score.answers},
        definition=_(
            "Réponses au questionnaire de fin de projet données dans la période : part de 9 "
            "et 10, moins part de 0 à 6."
        ),
    )


def _resolution(period: support.Period) -> Card:
    solved = Ticket.objects.filter(solved_at__gte=period.first, solved_at__lt=period.last)
    solution = support.mean_times(solved.filter(merged_into=None))[1]
    return Card(
        _("Résolution d’une demande"),
        None if solution is None else Fraction(round(solution.total_seconds()), 3600),
        HOURS,
        has_before=False,
        url=reverse("support_sla"),
        definition=_(
            "De l’ouverture à la résolution, en heures réelles, des demandes résolues dans la "
            "période ; celles qui ont rejoint une autre ne comptent pas."
        ),
    )


def _satisfaction(period: support.Period) -> Card:
    heard = support.opinions(period)
    return Card(
        _("Satisfaction"),
        None if heard["mean"] is None else f"{decimal(tenths(Fraction(heard['mean'])))} / 5",
        TEXT,
        has_before=False,
        url=reverse("support_csat"),
        note=format_lazy(_("{total} notes"), total=heard["total"]) if heard["total"] else "",
        definition=_("Moyenne des notes de 1 à 5 données dans la période aux demandes closes."),
    )


def _moments(choice: Choice) -> tuple[datetime, datetime]:
    """Return the first moment of the period, and the one after its last."""
    zone = timezone.get_current_timezone()
    ends = choice.period.last + DAY
    return (
        datetime.combine(choice.period.first, time(), zone),
        datetime.combine(ends, time(), zone),
    )


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
