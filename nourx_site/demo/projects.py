"""Eight projects with their milestones and deliverables."""

from datetime import UTC, date, datetime, time, timedelta

from nourx_site.demo.people import World
from portal.projects.models import (
    Deliverable,
    Milestone,
    Project,
    ProjectMember,
    TimeEntry,
)

DONE, ACTIVE, REVIEW, UPCOMING = "done", "active", "review", "upcoming"

# client, title, summary, status, progress, start (days from today), end, milestones
PROJECTS = [
    (
        "akwaba",
        "Boutique en ligne Akwaba",
        "Vendre les produits vivriers et cosmétiques d’Akwaba Distribution partout en Côte "
        "d’Ivoire, avec paiement Mobile Money et livraison par zone.",
        "active",
        58,
        -75,
        55,
        [
            ("Cadrage et ateliers", "v1.0", DONE, -75, -57),
            ("Maquettes des écrans", "v1.0", REVIEW, -54, -1),
            ("Développement de la boutique", "v1.0", ACTIVE, -33, 20),
            ("Paiement et livraison", "v1.0", UPCOMING, 2, 27),
            ("Recette et formation", "v1.1", UPCOMING, 23, 48),
            ("Mise en ligne", "v1.1", UPCOMING, 48, 55),
        ],
    ),
    (
        "akwaba",
        "Application livreurs Android",
        "Une application légère pour les livreurs : tournées, preuves de livraison, encaissement.",
        "active",
        22,
        -30,
        97,
        [
            ("Cadrage avec les livreurs", "v0.1", DONE, -30, -14),
            ("Maquettes et parcours", "v0.1", ACTIVE, -13, 14),
            ("Application de terrain", "v0.2", UPCOMING, 15, 60),
            ("Essai sur deux communes", "v0.3", UPCOMING, 61, 80),
            ("Déploiement", "v1.0", UPCOMING, 81, 97),
        ],
    ),
    (
        "akwaba",
        "Refonte du site vitrine",
        "Le site institutionnel, repris avec la nouvelle charte.",
        "delivered",
        100,
        -300,
        -190,
        [("Conception", "", DONE, -300, -250), ("Mise en ligne", "", DONE, -249, -190)],
    ),
    (
        "lagune",
        "Suivi des conteneurs",
        "Un portail où les clients de Lagune Transit suivent leurs conteneurs, du port à la "
        "livraison.",
        "active",
        41,
        -60,
        70,
        [
            ("Cadrage", "v1.0", DONE, -60, -45),
            ("Raccordement au port", "v1.0", ACTIVE, -44, 10),
            ("Portail clients", "v1.0", UPCOMING, 11, 50),
            ("Mise en service", "v1.0", UPCOMING, 51, 70),
        ],
    ),
    (
        "lagune",
        "Identité visuelle",
        "Logo, charte et supports de la nouvelle marque.",
        "paused",
        65,
        -120,
        30,
        [("Pistes graphiques", "", DONE, -120, -90), ("Charte", "", ACTIVE, -89, 30)],
    ),
    (
        "bandama",
        "Prise de rendez-vous en ligne",
        "Rendez-vous par spécialité, rappel par SMS, caisse reliée.",
        "active",
        73,
        -110,
        18,
        [
            ("Cadrage médical", "v1.0", DONE, -110, -95),
            ("Développement", "v1.0", DONE, -94, -20),
            ("Recette avec l’accueil", "v1.0", ACTIVE, -19, 5),
            ("Ouverture aux patients", "v1.0", UPCOMING, 6, 18),
        ],
    ),
    (
        "savane",
        "Traçabilité des lots de cajou",
        "Du champ au conteneur : pesées, lots, certificats.",
        "active",
        12,
        -12,
        120,
        [
            ("Enquête dans trois magasins", "v0.1", ACTIVE, -12, 6),
            ("Prototype hors connexion", "v0.2", UPCOMING, 7, 60),
            ("Formation des pisteurs", "v1.0", UPCOMING, 61, 120),
        ],
    ),
    (
        "savane",
        "Site de la coopérative",
        "Présenter la coopérative aux acheteurs, en français et en anglais.",
        "planned",
        0,
        30,
        110,
        [("Rédaction", "", UPCOMING, 30, 60), ("Mise en ligne", "", UPCOMING, 61, 110)],
    ),
]

# What milestones hand over, when it is not called as they are.
DELIVERABLES = {
    "Cadrage et ateliers": "Cahier des charges et arborescence",
    "Maquettes des écrans": "Page panier, version 3",
    "Développement de la boutique": "Boutique prête à tester",
    "Paiement et livraison": "Paiement Mobile Money et tarifs par commune",
    "Recette et formation": "Procès-verbal de recette",
    "Cadrage avec les livreurs": "Compte rendu des ateliers livreurs",
    "Maquettes et parcours": "Parcours de la tournée",
    "Raccordement au port": "Lecture des bordereaux",
    "Enquête dans trois magasins": "Note d’enquête",
}


def make_projects(world: World, today: date) -> None:
    """Make the projects, their roadmaps, deliverables and teams."""
    for key, title, summary, status, progress, start, end, milestones in PROJECTS:
        project = Project.objects.create(
            client=world.clients[key],
            title=title,
            summary=summary,
            status=status,
            progress=progress,
            start_date=today + timedelta(days=start),
            due_date=today + timedelta(days=end),
            budget=4_000_000 + 500_000 * len(milestones),
            clients_may_upload=status == "active",
        )
        _make_team(world, project)
        for order, milestone in enumerate(milestones):
            _make_milestone(project, order, milestone, today)
    _make_time(world, today)


def _make_team(world: World, project: Project) -> None:
    parts = {"owner": "Cheffe de projet", "manager": "Administration", "editor": "Design"}
    for role, part in parts.items():
        ProjectMember.objects.create(
            project=project, user=world.team[role], part=part, is_visible=role != "manager"
        )


def _make_milestone(project: Project, order: int, facts: tuple, today: date) -> None:
    title, release, status, start, end = facts
    slip = 4 if order == 1 else -1  # the second one of a project came late
    done_on = today + timedelta(days=min(end + slip, 0))
    milestone = Milestone.objects.create(
        project=project,
        title=title,
        release=release,
        status=status,
        start_date=today + timedelta(days=start),
        due_date=today + timedelta(days=end),
        done_at=datetime.combine(done_on, time(16), UTC) if status == DONE else None,
        sort_order=order,
    )
    states = {DONE: "approved", REVIEW: "submitted", ACTIVE: "planned", UPCOMING: "planned"}
    Deliverable.objects.create(
        project=project,
        milestone=milestone,
        title=DELIVERABLES.get(title, title),
        status=states[status],
    )


def _make_time(world: World, today: date) -> None:
    TimeEntry.objects.create(
        project=Project.objects.get(title="Boutique en ligne Akwaba"),
        user=world.team["editor"],
        spent_on=today - timedelta(days=2),
        minutes=210,
        cost=65_000,
        note="Page panier, version 3",
    )
