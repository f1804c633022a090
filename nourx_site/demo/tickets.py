"""Tickets of the demo, each as its people lived it: messages, files, steps, satisfaction."""

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from core.files.services import store_file
from nourx_site.demo.people import World
from nourx_site.demo.support_desk import make_delays, make_past, promise_since
from portal.projects.models import Project
from portal.support.models import (
    Ticket,
    TicketAttachment,
    TicketCounter,
    TicketEvent,
    TicketMessage,
)

# number, client, project, subject, status, priority, days ago, author, messages
TICKETS = [
    (
        118,
        "akwaba",
        "Boutique en ligne Akwaba",
        "Frais de livraison à Bouaké",
        "waiting",
        2,
        4,
        "aminata@akwaba.test",
        [
            ("aminata@akwaba.test", "Nos clients de Bouaké voient le tarif d’Abidjan. Est-ce voulu ?"),
            ("owner", "Merci, nous avons retrouvé la cause. Quel tarif souhaitez-vous pour Bouaké et ses communes ?"),
        ],
    ),
    (
        117,
        "akwaba",
        "Application livreurs Android",
        "Compte pour un nouveau livreur",
        "solved",
        1,
        12,
        "aminata@akwaba.test",
        [
            ("aminata@akwaba.test", "Pouvez-vous ouvrir un compte à notre nouveau livreur de Marcory ?"),
            ("manager", "C’est fait, il a reçu son code par SMS."),
        ],
    ),
    (
        119,
        "lagune",
        "Suivi des conteneurs",
        "Le bordereau du 14 n’apparaît pas",
        "open",
        3,
        1,
        "yao@lagune.test",
        [("yao@lagune.test", "Le bordereau du conteneur reçu le 14 n’apparaît pas dans la liste.")],
    ),
    (
        116,
        "bandama",
        "Prise de rendez-vous en ligne",
        "Former la deuxième équipe d’accueil",
        "taken",
        2,
        6,
        "awa@bandama.test",
        [
            ("awa@bandama.test", "Une seconde équipe prend son service lundi. Pouvez-vous la former ?"),
            ("owner", "Oui, vendredi à 15 h dans vos locaux."),
        ],
    ),
]  # fmt: skip
KINDS = {116: "request", 117: "request", 118: "incident", 119: "incident"}
STEPS = {  # the changes of state that lead to each status, with who makes them
    "open": [],
    "taken": ["taken"],
    "waiting": ["taken", "waiting"],
    "solved": ["taken", "solved"],
}


def make_support(world: World, now: datetime) -> None:
    """Make the delays, the tickets and what happened to each."""
    make_delays()
    make_past(world, now)
    for number, key, project, subject, status, priority, days, author, messages in TICKETS:
        opened = now - timedelta(days=days)
        ticket = Ticket.objects.create(
            number=f"T-{number}",
            client=world.clients[key],
            project=Project.objects.get(title=project),
            kind=KINDS[number],
            subject=subject,
            status=status,
            priority=priority,
            assignee=world.team["owner"] if len(messages) > 1 else None,
            opened_by=world.members[author],
            answered_at=opened + timedelta(hours=2) if len(messages) > 1 else None,
            solved_at=opened + timedelta(hours=3) if status == "solved" else None,
        )
        last = _write(world, ticket, messages, opened)
        _step(world, ticket, opened)
        waits = opened + timedelta(minutes=125) if status == "waiting" else None
        promise_since(ticket, opened, waits)
        Ticket.objects.filter(pk=ticket.pk).update(created_at=opened, updated_at=last)
    _rate(world, now)
    TicketCounter.objects.update_or_create(pk=1, defaults={"last": 119})


def _write(world: World, ticket: Ticket, messages, opened: datetime) -> datetime:
    """Write the messages two hours apart, the first with a file; return when the last was."""
    people, at = {**world.team, **world.members}, opened
    for step, (who, body) in enumerate(messages):
        at = opened + timedelta(hours=2 * step)
        message = TicketMessage.objects.create(
            ticket=ticket, author=people[who], body=body, created_at=at
        )
        if step == 0 and ticket.kind == Ticket.Kind.INCIDENT:
            file = store_file(
                content=_picture(ticket.subject),
                name="capture-ecran.png",
                content_type="image/png",
                client_id=ticket.client_id,
                actor=people[who],
            )
            TicketAttachment.objects.create(ticket=ticket, message=message, file=file)
    return at


def _step(world: World, ticket: Ticket, opened: datetime) -> None:
    """Write the changes of state that lead to where the ticket is."""
    TicketEvent.objects.create(
        ticket=ticket, kind="opened", status="open", actor=ticket.opened_by, created_at=opened
    )
    for rank, kind in enumerate(STEPS[ticket.status]):
        TicketEvent.objects.create(
            ticket=ticket,
            kind=kind,
            status=kind,
            actor=world.team["owner"],
            created_at=opened + timedelta(minutes=30 + 95 * rank),
        )


def _rate(world: World, now: datetime) -> None:
    """Have the client of the solved ticket say how it went."""
    Ticket.objects.filter(number="T-117").update(
        rating=5,
        rating_comment="Fait dans l’heure, merci.",
        rated_at=now - timedelta(days=2),
        rated_by=world.members["aminata@akwaba.test"],
    )


def _picture(title: str) -> bytes:
    """Draw what a screenshot looks like: a window with a title and a few lines."""
    picture = Image.new("RGB", (720, 420), "#f4f4f4")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 680, 380), fill="#ffffff", outline="#d4d4d4")
    draw.rectangle((40, 40, 680, 84), fill="#0a0a0a")
    draw.text((60, 55), title, fill="#ffffff", font_size=18)
    for row in range(4):
        draw.rectangle((60, 120 + 60 * row, 440, 140 + 60 * row), fill="#e6e6e6")
        draw.rectangle((560, 120 + 60 * row, 660, 140 + 60 * row), fill="#cfcfcf")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
