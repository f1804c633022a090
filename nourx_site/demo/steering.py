"""How projects of the demo are led: their leads, risks, a template and a report to read."""

from datetime import date, datetime, timedelta

from core.workdays.counting import open_days, working_day
from nourx_site.demo.people import World
from portal.projects.models import Project
from portal.steering.models import ProgressReport, ProjectTemplate, Risk, StatusLimit
from portal.steering.reading.weeks import compose

SHOP = "Boutique en ligne Akwaba"
# project, risk, probability, impact, days until the review, told, what is done about it
RISKS = [
    (SHOP, "Photos des produits livrées en retard", 3, 2, 2, True, "Relance chaque lundi ; séance photo réservée en secours."),
    (SHOP, "Compte marchand Mobile Money pas encore ouvert", 2, 3, 5, False, "Dossier déposé ; ouvrir sans paiement en ligne si besoin."),
    ("Suivi des conteneurs", "Accès au système du port suspendu pendant les mises à jour", 2, 2, 12, False, "Garder une copie des derniers bordereaux."),
    ("Traçabilité des lots de cajou", "Pas de réseau dans deux magasins", 3, 3, 1, True, "Saisie hors connexion, envoyée le soir."),
]  # fmt: skip
MILESTONES = [
    ("Cadrage", "v1.0", 0, 4, "Compte rendu de cadrage\nArborescence"),
    ("Maquettes", "v1.0", 5, 14, "Maquette de l’accueil\nMaquette d’une page"),
    ("Développement", "v1.0", 15, 34, "Site prêt à tester"),
    ("Recette et formation", "v1.0", 35, 39, "Procès-verbal de recette"),
    ("Mise en ligne", "v1.0", 40, 41, ""),
]
TASKS = [
    ("Atelier de cadrage", "Cadrage", 2, "Réserver la salle\nEnvoyer l’ordre du jour\nRédiger le compte rendu"),
    ("Écrire les textes avec le client", "Maquettes", 12, "Accueil\nQui sommes-nous\nContact"),
    ("Vérifier sur téléphone", "Recette et formation", 36, "Android d’entrée de gamme\nRéseau lent"),
]  # fmt: skip
REQUESTS = [("Logo en haute définition", 3), ("Textes et photos", 10)]


def make_steering(world: World, today: date, now: datetime) -> None:
    """Give projects a lead, note risks, keep a template, draft the reports of last week."""
    lead, deputy = world.team["owner"], world.team["manager"]
    for rank, project in enumerate(Project.objects.order_by("pk")):
        project.lead = lead if rank % 3 else deputy
        project.budget_hours = 160 if project.title == SHOP else None
        project.save(update_fields=["lead", "budget_hours"])
    for title, risk, probability, impact, days, told, mitigation in RISKS:
        Risk.objects.create(
            project=Project.objects.get(title=title),
            title=risk,
            probability=probability,
            impact=impact,
            owner=lead,
            review_on=working_day(today, days, open_days()),
            is_told=told,
            mitigation=mitigation,
        )
    StatusLimit.objects.create(status=Project.Status.ACTIVE, limit=8)
    _make_template()
    _make_reports(today)


def _make_template() -> None:
    template = ProjectTemplate.objects.create(
        name="Site vitrine",
        summary="Cinq pages, un formulaire, la mise en ligne et une demi-journée de formation.",
        budget=1_800_000,
        budget_hours=90,
    )
    for rank, (title, release, start, end, deliverables) in enumerate(MILESTONES):
        template.milestones.create(
            title=title,
            release=release,
            start_day=start,
            end_day=end,
            deliverables=deliverables,
            sort_order=rank,
        )
    for rank, (title, milestone, day, checklist) in enumerate(TASKS):
        template.tasks.create(
            title=title, milestone=milestone, due_day=day, checklist=checklist, sort_order=rank
        )
    for rank, (title, day) in enumerate(REQUESTS):
        template.requests.create(title=title, due_day=day, sort_order=rank)
    template.save()


def _make_reports(today: date) -> None:
    """Leave the reports of last week to be read, of two projects."""
    year, week, _day = (today - timedelta(days=7)).isocalendar()
    monday = date.fromisocalendar(year, week, 1)
    for project in Project.objects.filter(title__in=(SHOP, "Suivi des conteneurs")):
        told = compose(project, monday)
        ProgressReport.objects.create(
            project=project,
            year=year,
            week=week,
            message="Bonjour, voici le point de la semaine.",
            done=told.done,
            coming=told.coming,
            risks=told.risks,
            minutes=told.minutes,
            progress=project.progress,
        )
