"""How the demo's team works: estimated tasks, part time, leave, limits, notes, a running timer."""

from datetime import date, datetime, timedelta

from nourx_site.demo.people import World
from portal.projects.models import Project, Task, TimeEntry
from portal.workload.models import (
    Absence,
    ColumnLimit,
    RecurringTask,
    RunningTimer,
    TaskBlock,
    TaskWatch,
    TeamNote,
    TimeRules,
    WorkPattern,
)
from portal.workload.services.recurring import make_due_tasks

# task, days from today to its start, minutes planned
PLANNED = [
    ("Panier et compte client", -2, 2400),
    ("Recherche et filtres", 6, 1500),
    ("Lecture des bordereaux", -3, 1680),
    ("Parcours de la preuve de livraison", -1, 960),
    ("Brancher l’imprimante de l’accueil", 0, 240),
    ("Revoir la marge du lot livraison", 0, 180),
    ("Préparer l’avenant", 1, 300),
]
# project, title, assignee, start, due, minutes
MORE = [
    ("Boutique en ligne Akwaba", "Paiement par mobile money", "owner", 0, 5, 1500),
    ("Boutique en ligne Akwaba", "Page de suivi de commande", "owner", 2, 9, 720),
    ("Suivi des conteneurs", "Alertes par SMS", "owner", 1, 6, 900),
    ("Application livreurs Android", "Mode hors connexion", "editor", 3, 14, 1920),
    ("Prise de rendez-vous en ligne", "Préparer la formation", "manager", -4, -1, 360),
]
# task, who, days ago, minutes, note
SPENT = [
    ("Panier et compte client", "owner", 4, 210, "Tunnel d’achat"),
    ("Panier et compte client", "owner", 3, 180, "Reprise du panier"),
    ("Lecture des bordereaux", "owner", 3, 150, ""),
    ("Parcours de la preuve de livraison", "editor", 3, 240, "Écrans de signature"),
    ("Brancher l’imprimante de l’accueil", "manager", 4, 90, "Essais sur place"),
]


def make_workload(world: World, today: date, now: datetime) -> None:
    """Make what screens of the workload show."""
    _plan(world, today)
    _people(world, today)
    _talk(world, now)
    _rules(world, today, now)


def _plan(world: World, today: date) -> None:
    for title, start, minutes in PLANNED:
        task = Task.objects.get(title=title)
        task.start_date = min(today + timedelta(days=start), task.due_date)
        task.estimate = minutes
        task.save(update_fields=["start_date", "estimate"])
    for project, title, who, start, due, minutes in MORE:
        Task.objects.create(
            project=Project.objects.get(title=project),
            title=title,
            assignee=world.team[who],
            start_date=today + timedelta(days=start),
            due_date=today + timedelta(days=due),
            estimate=minutes,
            is_shared=False,
        )
    for title, who, days, minutes, note in SPENT:
        task = Task.objects.get(title=title)
        TimeEntry.objects.create(
            project=task.project,
            task=task,
            user=world.team[who],
            spent_on=today - timedelta(days=days),
            minutes=minutes,
            note=note,
        )


def _people(world: World, today: date) -> None:
    first = today.replace(month=1, day=1)
    WorkPattern.objects.create(user=world.team["editor"], valid_from=first, friday=0)
    away = today + timedelta(days=7 - today.weekday() + 7)
    Absence.objects.create(
        user=world.team["manager"], starts_on=away, ends_on=away + timedelta(days=4)
    )
    TimeRules.objects.create(step=TimeRules.Step.FIVE)
    ColumnLimit.objects.create(status=Task.Status.DOING, most=6)
    shop = Project.objects.get(title="Boutique en ligne Akwaba")
    ColumnLimit.objects.create(project=shop, status=Task.Status.DOING, most=1)


def _talk(world: World, now: datetime) -> None:
    cart = Task.objects.get(title="Panier et compte client")
    money = Task.objects.get(title="Paiement par mobile money")
    for author, hours, body in (
        ("owner", 30, "@Fatou Bamba tu peux relire les textes du panier ?"),
        ("editor", 26, "Fait. Il manque le message quand un produit n’est plus en stock."),
    ):
        TeamNote.objects.create(
            project=cart.project,
            task=cart,
            author=world.team[author],
            body=body,
            created_at=now - timedelta(hours=hours),
        )
    TeamNote.objects.create(
        project=cart.project,
        author=world.team["manager"],
        body="Le client préfère être appelé le matin, avant l’ouverture de l’entrepôt.",
        created_at=now - timedelta(days=6),
    )
    TaskBlock.objects.create(task=money, blocker=cart)
    TaskWatch.objects.create(task=cart, user=world.team["manager"])


def _rules(world: World, today: date, now: datetime) -> None:
    shop = Project.objects.get(title="Boutique en ligne Akwaba")
    monday = today - timedelta(days=today.weekday())
    RecurringTask.objects.create(
        project=shop,
        title="Point de la semaine avec Akwaba",
        assignee=world.team["owner"],
        estimate=45,
        on_monday=True,
        starts_on=monday,
    )
    RecurringTask.objects.create(
        project=Project.objects.get(title="Prise de rendez-vous en ligne"),
        title="Vérifier les sauvegardes",
        assignee=world.team["manager"],
        estimate=30,
        unit=RecurringTask.Unit.MONTHS,
        starts_on=today,
        due_after=2,
    )
    make_due_tasks(on=today, at=now)
    task = Task.objects.get(title="Lecture des bordereaux")
    RunningTimer.objects.create(
        user=world.team["owner"],
        project=task.project,
        task=task,
        began_at=now - timedelta(minutes=48),
        resumed_at=now - timedelta(minutes=48),
    )
