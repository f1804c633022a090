"""Tasks of the demo: in every column, with steps, messages, moves and a file."""

from datetime import date, datetime, timedelta

from core.files.services import store_file
from nourx_site.demo.people import World
from portal.projects.models import (
    ChecklistItem,
    Project,
    Task,
    TaskAttachment,
    TaskComment,
    TaskMove,
)

# project title, title, status, priority, days to due date, assignee, checklist (label, done)
TASKS = [
    ("Boutique en ligne Akwaba", "Envoyer les photos des 40 produits", "todo", 3, -3, "aminata@akwaba.test", [("Vivriers", True), ("Cosmétiques", False), ("Boissons", False), ("Coffrets", False)]),
    ("Boutique en ligne Akwaba", "Valider la maquette de la page panier", "review", 3, 2, "aminata@akwaba.test", []),
    ("Boutique en ligne Akwaba", "Confirmer les tarifs de livraison par commune", "todo", 2, 6, "aminata@akwaba.test", [("Abidjan", True), ("Bouaké", False)]),
    ("Boutique en ligne Akwaba", "Panier et compte client", "doing", 2, 12, "owner", []),
    ("Boutique en ligne Akwaba", "Catalogue et fiches produits", "done", 2, -10, "owner", []),
    ("Boutique en ligne Akwaba", "Recherche et filtres", "todo", 2, 18, "owner", []),
    ("Boutique en ligne Akwaba", "Rédiger les textes « Qui sommes-nous »", "doing", 2, 4, "aminata@akwaba.test", [("Notre histoire", True), ("Nos engagements", True), ("L’équipe", False), ("Où nous trouver", False)]),
    ("Boutique en ligne Akwaba", "Envoyer le logo en haute définition", "done", 1, -12, "aminata@akwaba.test", []),
    ("Boutique en ligne Akwaba", "Donner la liste des catégories", "done", 2, -20, "aminata@akwaba.test", [("Vivriers", True), ("Cosmétiques", True), ("Boissons", True)]),
    ("Application livreurs Android", "Fournir la liste des livreurs", "todo", 2, 9, "aminata@akwaba.test", []),
    ("Application livreurs Android", "Parcours de la preuve de livraison", "doing", 2, 7, "editor", []),
    ("Suivi des conteneurs", "Accès au système du port", "todo", 3, 1, "yao@lagune.test", []),
    ("Suivi des conteneurs", "Lecture des bordereaux", "doing", 2, 8, "owner", []),
    ("Prise de rendez-vous en ligne", "Relire les messages aux patients", "todo", 2, 3, "awa@bandama.test", []),
    ("Prise de rendez-vous en ligne", "Brancher l’imprimante de l’accueil", "doing", 1, 4, "manager", []),
    ("Traçabilité des lots de cajou", "Choisir les trois magasins pilotes", "todo", 3, 2, "ibrahim@savane.test", []),
]  # fmt: skip
INTERNAL_TASKS = [
    ("Boutique en ligne Akwaba", "Revoir la marge du lot livraison", "todo", 2, 4, "owner"),
    ("Suivi des conteneurs", "Préparer l’avenant", "todo", 2, 5, "manager"),
]

ASKED = {
    "Envoyer les photos des 40 produits": "Fond clair, format carré, 1200 pixels au moins. Un "
    "téléphone suffit, de jour et près d’une fenêtre.",
    "Valider la maquette de la page panier": "Dites-nous si les frais de livraison se lisent bien "
    "avant le bouton de paiement.",
    "Confirmer les tarifs de livraison par commune": "Un prix par commune, en francs CFA. Laissez "
    "vide ce que vous ne livrez pas.",
}
# task, author, hours ago, message
WORDS = [
    ("Envoyer les photos des 40 produits", "editor", 26, "Les vivriers sont parfaits. Il reste les cosmétiques pour finir la page d’accueil."),
    ("Envoyer les photos des 40 produits", "aminata@akwaba.test", 22, "Bien noté, je passe à l’entrepôt demain matin."),
    ("Valider la maquette de la page panier", "owner", 49, "La troisième version est en ligne, avec le total toujours visible."),
    ("Envoyer le logo en haute définition", "aminata@akwaba.test", 290, "Voici le logo, en vectoriel."),
]  # fmt: skip
# task, who moved it, hours ago, from, to
MOVES = [
    ("Valider la maquette de la page panier", "owner", 50, "doing", "review"),
    ("Rédiger les textes « Qui sommes-nous »", "aminata@akwaba.test", 30, "todo", "doing"),
    ("Envoyer le logo en haute définition", "aminata@akwaba.test", 289, "todo", "done"),
    ("Donner la liste des catégories", "aminata@akwaba.test", 480, "doing", "done"),
]
LOGO = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def make_tasks(world: World, today: date, now: datetime) -> None:
    """Make the tasks of every project, and what was said and done on some."""
    people = {**world.team, **world.members}
    for facts in TASKS:
        _make_task(people, today, *facts)
    for facts in INTERNAL_TASKS:
        _make_task(people, today, *facts, [], is_shared=False)
    for title, who, hours, body in WORDS:
        comment = TaskComment.objects.create(task=_task(title), author=people[who], body=body)
        at = now - timedelta(hours=hours)
        TaskComment.objects.filter(pk=comment.pk).update(created_at=at)
    for title, who, hours, before, after in MOVES:
        _move(_task(title), people[who], now - timedelta(hours=hours), before, after)
    logo = _task("Envoyer le logo en haute définition")
    file = store_file(
        content=LOGO,
        name="logo-akwaba.pdf",
        content_type="application/pdf",
        client_id=logo.client_id,
        actor=people["aminata@akwaba.test"],
    )
    TaskAttachment.objects.create(task=logo, comment=logo.comments.get(), file=file)


def _task(title: str) -> Task:
    return Task.objects.get(title=title)


def _make_task(
    people: dict,
    today: date,
    project: str,
    title: str,
    status: str,
    priority: int,
    days: int,
    assignee: str,
    steps: list,
    *,
    is_shared: bool = True,
) -> None:
    task = Task.objects.create(
        project=Project.objects.get(title=project),
        title=title,
        body=ASKED.get(title, ""),
        status=status,
        priority=priority,
        due_date=today + timedelta(days=days),
        assignee=people[assignee],
        is_shared=is_shared,
    )
    for order, (label, is_done) in enumerate(steps):
        ChecklistItem.objects.create(task=task, label=label, is_done=is_done, sort_order=order)


def _move(task: Task, actor: object, at: datetime, before: str, after: str) -> None:
    TaskMove.objects.create(
        task=task, actor=actor, from_status=before, to_status=after, moved_at=at
    )
    if after == Task.Status.DONE:
        Task.objects.filter(pk=task.pk).update(done_at=at)
