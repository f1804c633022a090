"""Documents and prospects of the demo."""

from datetime import date, datetime, timedelta

from core.accounts.models import Client
from core.files.services import store_file
from core.pdf import render_pdf
from nourx_site.demo.people import World
from portal.crm.models import Interaction, Opportunity, PipelineStage
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.projects.models import Project

STAGES = [("Piste", False, False), ("Qualifiée", False, False), ("Devis envoyé", False, False),
          ("Gagnée", True, False), ("Perdue", False, True)]  # fmt: skip
OPPORTUNITIES = [
    ("Hôtel Les Cocotiers", "Site et réservation en ligne", "Devis envoyé", "referral", 3_200_000, 70, 2),
    ("Imprimerie du Plateau", "Boutique d’impression", "Qualifiée", "website", 1_800_000, 55, -1),
    ("Groupe scolaire La Réussite", "Gestion des inscriptions", "Piste", "tender", 6_500_000, 40, 9),
]  # fmt: skip


def make_documents(world: World, now: datetime) -> None:
    """Share a few real files on the projects."""
    project = Project.objects.get(title="Boutique en ligne Akwaba")
    minutes = render_pdf(
        "<h1>Compte rendu du point n° 6</h1><p>Présents : Aminata Koné, Mariam Traoré.</p>"
        "<p>La page panier est à valider ; les photos des produits sont attendues.</p>",
        title="Compte rendu du point n° 6",
        created_at=now - timedelta(days=8),
    )
    last_week, before = now - timedelta(days=8), now - timedelta(days=22)
    _share(
        world, project, "Compte rendu du point n° 6", "compte-rendu-6.pdf", minutes, last_week,
        folder="Comptes rendus",
    )  # fmt: skip
    plan = "Étape;Responsable;Échéance\nPhotos;Akwaba;novembre\nTarifs;Akwaba;décembre\n"
    shared = _share(
        world, project, "Planning partagé", "planning.csv", plan.encode("utf-8-sig"), before
    )
    plan += "Recette;NOURX;janvier\n"
    _add_version(world, shared, "planning.csv", plan.encode("utf-8-sig"), now - timedelta(days=2))
    other = Project.objects.get(title="Suivi des conteneurs")
    _share(world, other, "Note de cadrage", "cadrage.txt", b"Cadrage du suivi.", before)
    _share(world, project, "Chiffrage interne", "chiffrage.txt", b"Marge : 32 %", now, ours=True)
    DocumentRequest.objects.create(
        project=project,
        title="Extrait RCCM de moins de trois mois",
        due_date=now.date() + timedelta(days=10),
    )


TYPES = {"pdf": "application/pdf", "csv": "text/csv", "txt": "text/plain"}


def _share(world, project, title, name, content, at, *, ours=False, folder="") -> ProjectDocument:
    document = ProjectDocument.objects.create(
        project=project,
        title=title,
        folder=folder,
        visibility="internal" if ours else "client",
        shared_at=None if ours else at,
    )
    _add_version(world, document, name, content, at)
    return document


def _add_version(world, document, name, content, at) -> None:
    file = store_file(
        content=content,
        name=name,
        content_type=TYPES[name.rpartition(".")[2]],
        client_id=document.client_id,
        actor=world.team["owner"],
    )
    DocumentVersion.objects.create(
        document=document,
        number=document.versions.count() + 1,
        file=file,
        author=world.team["owner"],
        created_at=at,
    )


def make_sales(world: World, today: date, now: datetime) -> None:
    """Make the pipeline and its opportunities."""
    for order, (name, is_won, is_lost) in enumerate(STAGES):
        PipelineStage.objects.create(name=name, is_won=is_won, is_lost=is_lost, sort_order=order)
    for name, title, stage, source, amount, score, days in OPPORTUNITIES:
        opportunity = Opportunity.objects.create(
            client=Client.objects.get(name=name),
            title=title,
            stage=PipelineStage.objects.get(name=stage),
            source=source,
            need="Être trouvé et réservé sans intermédiaire.",
            amount=amount,
            score=score,
            follow_up_date=today + timedelta(days=days),
            owner=world.team["manager"],
        )
        Interaction.objects.create(
            client=opportunity.client,
            opportunity=opportunity,
            kind=Interaction.Kind.CALL,
            body="Premier échange : budget confirmé, décision attendue ce mois-ci.",
            author=world.team["manager"],
            happened_at=now - timedelta(days=3),
        )
