"""Prospects of the demo."""

from datetime import date, datetime, timedelta

from core.accounts.models import Client
from nourx_site.demo.people import World
from portal.crm.models import Interaction, Opportunity, PipelineStage

STAGES = [("Piste", False, False), ("Qualifiée", False, False), ("Devis envoyé", False, False),
          ("Gagnée", True, False), ("Perdue", False, True)]  # fmt: skip
OPPORTUNITIES = [
    ("Hôtel Les Cocotiers", "Site et réservation en ligne", "Devis envoyé", "referral", 3_200_000, 70, 2),
    ("Imprimerie du Plateau", "Boutique d’impression", "Qualifiée", "website", 1_800_000, 55, -1),
    ("Groupe scolaire La Réussite", "Gestion des inscriptions", "Piste", "tender", 6_500_000, 40, 9),
]  # fmt: skip


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
