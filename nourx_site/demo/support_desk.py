"""The desk of the support in the demo: delays, ready replies, and six months of requests."""

from datetime import datetime, timedelta

from nourx_site.demo.people import World
from portal.support.clocks import settle
from portal.support.delays import policy_of, promise, week_of
from portal.support.models import (
    BusinessCalendar,
    CannedReply,
    SlaPolicy,
    Ticket,
    TicketEvent,
    TicketMessage,
    TicketTime,
)

REPLIES = [
    ("Bien reçu", "fr", "Bonjour {contact},\n\nMerci de votre message. Nous regardons la demande {numero} et revenons vers vous aujourd’hui.\n\n{agent}"),
    ("Il nous manque une capture d’écran", "fr", "Bonjour {contact},\n\nPour avancer sur « {sujet} », pouvez-vous joindre une capture d’écran de ce que vous voyez ?\n\n{agent}"),
    ("Corrigé, à vérifier", "fr", "Bonjour {contact},\n\nC’est corrigé. Pouvez-vous vérifier de votre côté et nous le dire ici ?\n\n{agent}"),
    ("We are on it", "en", "Hello {contact},\n\nThank you for your message. We are looking into {numero} and will answer you today.\n\n{agent}"),
]  # fmt: skip
# client, author, subject, kind, days ago, hours to answer, hours to solve, rating, comment
PAST = [
    ("akwaba", "aminata@akwaba.test", "Changer les horaires affichés", "request", 170, 1, 3, 5, "Parfait."),
    ("lagune", "yao@lagune.test", "Erreur à l’import des conteneurs", "incident", 158, 2, 26, 3, ""),
    ("bandama", "awa@bandama.test", "Ajouter un médecin à l’agenda", "request", 141, 1, 2, 5, "Rapide, merci."),
    ("akwaba", "aminata@akwaba.test", "Le panier se vide tout seul", "incident", 120, 3, 52, 2, "Trop long : trois jours sans vendre."),
    ("lagune", "yao@lagune.test", "Mise à jour du serveur", "upkeep", 112, 1, 20, 4, ""),
    ("bandama", "awa@bandama.test", "Rappels de rendez-vous non envoyés", "incident", 88, 2, 6, 4, ""),
    ("akwaba", "aminata@akwaba.test", "Exporter les ventes en Excel", "question", 71, 1, 4, 5, ""),
    ("lagune", "yao@lagune.test", "Renouveler le certificat", "upkeep", 59, 2, 5, 5, ""),
    ("bandama", "awa@bandama.test", "Imprimer le planning du jour", "question", 44, 30, 34, 2, "Réponse le lendemain seulement."),
    ("akwaba", "aminata@akwaba.test", "Image du produit déformée", "incident", 33, 1, 7, 4, ""),
    ("lagune", "yao@lagune.test", "Sauvegarde mensuelle", "upkeep", 25, 1, 4, 5, ""),
    ("bandama", "awa@bandama.test", "Accès du nouveau gestionnaire", "request", 17, 1, 2, 5, "Très bien."),
]  # fmt: skip
FIRST_NUMBER = 101
ENDS = {"question": "answered", "incident": "fixed", "request": "done", "upkeep": "done"}


def make_delays() -> None:
    """Make our hours, with a break at noon, and what we promise within them."""
    day = [[480, 750], [840, 1080]]
    calendar = BusinessCalendar.objects.create(
        name="Semaine à Abidjan", hours={str(number): day for number in range(1, 6)}
    )
    SlaPolicy.objects.create(
        name="Maintenance", calendar=calendar, kind="upkeep", answer_in=4, solution_in=2
    )
    SlaPolicy.objects.create(
        name="Pressant", calendar=calendar, priority=3, answer_in=2, solution_in=1
    )
    SlaPolicy.objects.create(name="Courant", calendar=calendar, answer_in=4, solution_in=3)


def promise_since(ticket: Ticket, opened: datetime, waits_since: datetime | None) -> None:
    """Write on a ticket of the demo what was promised when it was opened."""
    promise(ticket, at=opened)
    ticket.paused_at = waits_since
    policy = policy_of(ticket)
    settle(ticket, policy, week_of(policy.calendar) if policy is not None else None)
    ticket.save()


def make_past(world: World, now: datetime) -> None:
    """Make the ready replies, and requests of the last six months with what was said of them."""
    for title, language, body in REPLIES:
        CannedReply.objects.create(title=title, language=language, body=body)
    for rank, row in enumerate(PAST):
        _make_one(world, now, f"T-{FIRST_NUMBER + rank}", *row)


def _make_one(
    world: World,
    now: datetime,
    number: str,
    key: str,
    author: str,
    subject: str,
    kind: str,
    days: int,
    answer_hours: int,
    solution_hours: int,
    rating: int,
    comment: str,
) -> None:
    opened = _at_nine(now - timedelta(days=days))
    answered = opened + timedelta(hours=answer_hours)
    solved = opened + timedelta(hours=solution_hours)
    agent = world.team["manager" if rating < 4 else "owner"]
    ticket = Ticket(
        number=number,
        client=world.clients[key],
        kind=kind,
        subject=subject,
        status="closed",
        assignee=agent,
        opened_by=world.members[author],
        answered_at=answered,
        solved_at=solved,
        closed_at=solved,
        resolution=ENDS[kind],
        rating=rating,
        rating_comment=comment,
        rated_at=solved + timedelta(hours=1),
        rated_by=world.members[author],
    )
    promise_since(ticket, opened, None)
    _tell_story(ticket, opened, answered, solved)


def _tell_story(ticket: Ticket, opened: datetime, answered: datetime, solved: datetime) -> None:
    """Write what was said on a closed ticket, and what happened to it."""
    agent = ticket.assignee
    for who, at, body in (
        (ticket.opened_by, opened, ticket.subject),
        (agent, answered, "Bonjour, nous nous en occupons."),
    ):
        TicketMessage.objects.create(ticket=ticket, author=who, body=body, created_at=at)
    for status, at in (("opened", opened), ("taken", answered), ("closed", solved)):
        state = "open" if status == "opened" else status
        TicketEvent.objects.create(
            ticket=ticket, kind=status, status=state, actor=agent, created_at=at
        )
    TicketTime.objects.create(ticket=ticket, user=agent, minutes=45, spent_on=solved.date())
    Ticket.objects.filter(pk=ticket.pk).update(created_at=opened, updated_at=solved)


def _at_nine(moment: datetime) -> datetime:
    """Return nine in the morning of a day, or of the Monday after a week-end."""
    at = moment.replace(hour=9, minute=0, second=0, microsecond=0)
    return at + timedelta(days=(7 - at.weekday()) if at.weekday() >= 5 else 0)
