"""Keep the history of sales to the team; bring sales that were closed before up to date.

Reversible. Locks each table for an instant; rows of sales are few.
"""

from django.db import migrations
from django.db.models import F, Q

from core import rls, rls_operations
from core.search import search_text

# Some ways to lose a sale, and what makes one promising, to start from: each may be changed.
REASONS = ("Trop cher", "Un concurrent", "Projet abandonné", "Sans réponse", "Hors de notre métier")
CRITERIA = (
    ("Recommandé par quelqu’un", "source", "referral", 20),
    ("Déjà client", "known", "", 20),
    ("Budget d’un million ou plus", "amount", "1000000", 15),
    ("Budget de cinq millions ou plus", "amount", "5000000", 10),
    ("Besoin décrit", "need", "", 10),
    ("La personne qui décide est connue", "decider", "", 15),
    ("Décision attendue dans deux mois", "close", "60", 10),
    ("Échange dans les quinze derniers jours", "exchange", "15", 10),
    ("Appel d’offres", "source", "tender", -10),
)


def bring_up_to_date(apps, schema_editor):
    with rls.staff("migration: every sale"):
        _bring_up_to_date(apps)
    _begin(apps)


def _bring_up_to_date(apps):
    opportunity = apps.get_model("crm", "Opportunity")
    stage = apps.get_model("crm", "PipelineStage")
    rows = opportunity.objects.select_related(None)
    rows.update(stage_since=F("updated_at"), manual_score=F("score"))
    closing = Q(stage__is_won=True) | Q(stage__is_lost=True)
    rows.filter(closing, closed_at=None).update(closed_at=F("updated_at"))
    stage.objects.filter(is_won=True).update(probability=100, tone="ok")
    stage.objects.filter(is_lost=True).update(probability=0)
    for row in rows.only("pk", "title", "need").iterator():
        text = search_text(row.title, row.need[:1000])
        opportunity.objects.filter(pk=row.pk).update(search_norm=text)


def _begin(apps):
    reasons, criteria = apps.get_model("crm", "LossReason"), apps.get_model("crm", "ScoreCriterion")
    reasons.objects.bulk_create([reasons(name=name) for name in REASONS], ignore_conflicts=True)
    criteria.objects.bulk_create(
        [
            criteria(label=label, fact=fact, value=value, points=points, sort_order=order)
            for order, (label, fact, value, points) in enumerate(CRITERIA)
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_pipeline_and_follow_ups")]

    operations = [
        rls_operations.protect_for_staff("crm_stagemove"),
        rls_operations.protect_for_staff("crm_followup"),
        rls_operations.same_client("crm_stagemove", "opportunity_id", "crm_opportunity"),
        rls_operations.same_client("crm_followup", "opportunity_id", "crm_opportunity"),
        migrations.RunPython(bring_up_to_date, migrations.RunPython.noop),
    ]
