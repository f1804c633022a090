"""Tickets, documents, articles and prospects of the demo."""

from datetime import date, datetime, timedelta

from core.accounts.models import Client
from core.files.services import store_file
from core.pdf import render_pdf
from nourx_site.demo.people import World
from portal.crm.models import Interaction, Opportunity, PipelineStage
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.knowledge.models import Article, Category
from portal.projects.models import Project
from portal.support.models import (
    BusinessCalendar,
    SlaPolicy,
    Ticket,
    TicketCounter,
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

ARTICLES = [
    ("Payer", "payer-une-facture", "Payer une facture depuis votre téléphone", "public",
     "Orange Money, MTN MoMo, Moov Money, Wave ou carte : les étapes, du bouton au reçu.",
     "<h2>Les étapes</h2><ol><li>Ouvrez la facture et touchez « Payer ».</li><li>Choisissez votre moyen de paiement et saisissez votre numéro.</li><li>Validez la demande reçue sur votre téléphone.</li><li>Le reçu s’affiche et vous est envoyé par e-mail.</li></ol><h2>Si la validation tarde</h2><p>Gardez la page ouverte ou revenez-y plus tard : elle se met à jour toute seule. Ne payez pas une seconde fois.</p>"),
    ("Payer", "plafond-mobile-money", "Votre facture dépasse le plafond Mobile Money", "public",
     "Payez en plusieurs fois, ou par virement.",
     "<p>Les opérateurs limitent le montant d’un paiement. Au-delà, réglez la facture en plusieurs fois depuis la même page : le reste à payer se met à jour après chaque paiement.</p>"),
    ("Projets", "suivre-votre-projet", "Suivre l’avancement de votre projet", "clients",
     "Jalons, livrables, dates : où regarder, et ce qui attend votre accord.",
     "<p>La page du projet montre ses jalons dans l’ordre. Un livrable « À valider » attend votre réponse : validez-le ou demandez une reprise avec un commentaire.</p>"),
    ("Équipe", "accueillir-un-client", "Accueillir un nouveau client", "internal",
     "La liste à suivre, de l’invitation au premier point.",
     "<ul><li>Créer la fiche et inviter le contact principal.</li><li>Ouvrir le projet et ses jalons.</li><li>Émettre la facture d’acompte.</li><li>Fixer le premier point projet.</li></ul>"),
]  # fmt: skip

STAGES = [("Piste", False, False), ("Qualifiée", False, False), ("Devis envoyé", False, False),
          ("Gagnée", True, False), ("Perdue", False, True)]  # fmt: skip
OPPORTUNITIES = [
    ("Hôtel Les Cocotiers", "Site et réservation en ligne", "Devis envoyé", "referral", 3_200_000, 70, 2),
    ("Imprimerie du Plateau", "Boutique d’impression", "Qualifiée", "website", 1_800_000, 55, -1),
    ("Groupe scolaire La Réussite", "Gestion des inscriptions", "Piste", "tender", 6_500_000, 40, 9),
]  # fmt: skip


def make_support(world: World, now: datetime) -> None:
    """Make the delays, the tickets and their messages."""
    calendar = BusinessCalendar.objects.create(name="Semaine à Abidjan")
    sla = SlaPolicy.objects.create(
        name="Maintenance", calendar=calendar, first_answer_hours=4, solution_hours=16
    )
    people = {**world.team, **world.members}
    for number, key, project, subject, status, priority, days, author, messages in TICKETS:
        opened = now - timedelta(days=days)
        ticket = Ticket.objects.create(
            number=f"T-{number}",
            client=world.clients[key],
            project=Project.objects.get(title=project),
            subject=subject,
            status=status,
            priority=priority,
            sla=sla,
            assignee=world.team["owner"],
            opened_by=people[author],
            answer_due_at=opened + timedelta(hours=4),
            solution_due_at=opened + timedelta(days=2),
            answered_at=opened + timedelta(hours=2) if len(messages) > 1 else None,
            solved_at=opened + timedelta(days=1) if status == "solved" else None,
        )
        for step, (who, body) in enumerate(messages):
            TicketMessage.objects.create(
                ticket=ticket,
                author=people[who],
                body=body,
                created_at=opened + timedelta(hours=2 * step),
            )
    TicketCounter.objects.update_or_create(pk=1, defaults={"last": 119})


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


def make_knowledge() -> None:
    """Write the first articles."""
    for order, (shelf, slug, title, audience, summary, body) in enumerate(ARTICLES):
        category, _ = Category.objects.get_or_create(
            name=shelf, defaults={"slug": shelf.lower().replace("é", "e"), "sort_order": order}
        )
        Article.objects.create(
            category=category,
            slug=slug,
            title=title,
            audience=audience,
            summary=summary,
            body=body,
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
