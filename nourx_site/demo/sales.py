"""The pipeline of the demo: its steps, its sales and their history, classes of clients."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.accounts.models import Client, ClientCategory
from nourx_site.demo.people import World
from portal.crm.models import (
    FollowUp,
    Interaction,
    LossReason,
    Opportunity,
    PipelineStage,
    StageMove,
)
from portal.crm.services import rescore_open

STAGES = [
    ("Piste", {"probability": 10}),
    ("Qualifiée", {"probability": 30, "tone": "now"}),
    ("Devis envoyé", {"probability": 60, "tone": "warn", "limit": 8}),
    ("Gagnée", {"probability": 100, "tone": "ok", "is_won": True}),
    ("Perdue", {"probability": 0, "is_lost": True}),
]
CATEGORIES = {"Grand compte": ("akwaba", "lagune"), "PME": ("bandama",), "Coopérative": ("savane",)}


@dataclass(frozen=True)
class Sale:
    """A sale of the demo; days are counted from today."""

    client: str
    title: str
    path: tuple[str, ...]  # its steps, the last one where it stands
    source: str
    amount: int
    need: str
    follow_up: int | None = None
    step: str = ""
    decider: str = ""
    expected: int | None = None
    loss: str = ""


SALES = [
    Sale("Hôtel Les Cocotiers", "Site et réservation en ligne",
         ("Piste", "Qualifiée", "Devis envoyé"), "referral", 3_200_000,
         "Être réservé sans intermédiaire, et payé par Mobile Money.", 2,
         "Demander leur avis sur le devis", "M. Aka, directeur", 20),
    Sale("Imprimerie du Plateau", "Boutique d’impression", ("Piste", "Qualifiée"), "website",
         1_800_000, "Recevoir les fichiers des clients et chiffrer sans se déplacer.", -1,
         "Rappeler pour le nombre de formats", "Mme Ehui, gérante", 35),
    Sale("Groupe scolaire La Réussite", "Gestion des inscriptions", ("Piste",), "tender",
         6_500_000, "Inscrire et encaisser 1 800 élèves avant la rentrée.", 9,
         "Déposer le dossier d’appel d’offres", "", 60),
    Sale("Akwaba Distribution SARL", "Application des livreurs", ("Piste", "Qualifiée"),
         "referral", 4_500_000, "Suivre les tournées et faire signer les livraisons.", 0,
         "Appeler Aminata Koné au sujet des tablettes", "Aminata Koné", 45),
    Sale("Lagune Transit SA", "Maintenance de l’extranet",
         ("Piste", "Devis envoyé", "Gagnée"), "call", 1_200_000,
         "Une personne joignable, et des mises à jour chaque mois."),
    Sale("Clinique du Bandama", "Refonte de l’intranet", ("Piste", "Qualifiée", "Perdue"),
         "social", 2_700_000, "Remplacer un intranet que plus personne n’ouvre.",
         loss="Un concurrent"),
]  # fmt: skip


def make_sales(world: World, today: date, now: datetime) -> None:
    """Make the pipeline and its opportunities."""
    stages = {
        name: PipelineStage.objects.create(name=name, sort_order=order, **facts)
        for order, (name, facts) in enumerate(STAGES)
    }
    for sale in SALES:
        _make_sale(sale, stages, world.team["manager"], today, now)
    for name, keys in CATEGORIES.items():
        category = ClientCategory.objects.create(name=name)
        Client.objects.filter(pk__in=[world.clients[key].pk for key in keys]).update(
            category=category
        )
    Interaction.objects.create(
        client=world.clients["akwaba"],
        body="Ne jamais appeler le vendredi après 13 h ; Aminata préfère WhatsApp.",
        author=world.team["manager"],
        happened_at=now - timedelta(days=40),
        is_pinned=True,
    )
    rescore_open(on=today)


def _make_sale(
    sale: Sale, stages: dict[str, PipelineStage], owner: Any, today: date, now: datetime
) -> None:
    stage = stages[sale.path[-1]]
    row = Opportunity.objects.create(
        client=Client.objects.get(name=sale.client),
        title=sale.title,
        stage=stage,
        stage_since=now - timedelta(days=3),
        closed_at=now - timedelta(days=3) if stage.is_closing else None,
        loss_reason=LossReason.objects.get(name=sale.loss) if sale.loss else None,
        loss_note="Un tarif deux fois moins cher, sans maintenance." if sale.loss else "",
        source=sale.source,
        need=sale.need,
        amount=sale.amount,
        decider=sale.decider,
        expected_close=_day(today, sale.expected),
        follow_up_date=_day(today, sale.follow_up),
        next_step=sale.step,
        owner=owner,
    )
    for rank, name in enumerate(sale.path):
        StageMove.objects.create(
            client_id=row.client_id,
            opportunity=row,
            from_name=sale.path[rank - 1] if rank else "",
            to_name=name,
            moved_by=owner,
            moved_at=now - timedelta(days=3 + 9 * (len(sale.path) - 1 - rank)),
        )
    _say(row, owner, today, now)


def _say(row: Opportunity, owner: Any, today: date, now: datetime) -> None:
    Interaction.objects.create(
        client_id=row.client_id,
        opportunity=row,
        kind=Interaction.Kind.CALL,
        body="Premier échange : budget confirmé, décision attendue ce mois-ci.",
        author=owner,
        happened_at=now - timedelta(days=3),
    )
    FollowUp.objects.create(
        client_id=row.client_id,
        opportunity=row,
        outcome=FollowUp.Outcome.DONE,
        due_on=today - timedelta(days=3),
        step="Premier appel",
        note="Intéressé, attend une proposition.",
        next_on=row.follow_up_date,
        made_by=owner,
        made_at=now - timedelta(days=3),
    )


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)
