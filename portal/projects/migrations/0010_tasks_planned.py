"""Tasks are planned: from when, how long, put away once over; time knows its hours.

Reversible. Indexes are made on tables of some ten thousand rows at most: a lock of a second.
"""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_milestone_done_at")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="start_date",
            field=models.DateField(blank=True, null=True, verbose_name="début"),
        ),
        migrations.AddField(
            model_name="task",
            name="estimate",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Zéro : pas encore estimée. Elle compte dans la charge de l’équipe.",
                verbose_name="charge prévue (minutes)",
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="archived_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="archivée le"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="team_rank",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=Q(due_date=None) | Q(start_date=None) | Q(due_date__gte=F("start_date")),
                name="task_ends_after_start",
                violation_error_message="L’échéance ne peut pas précéder le début.",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=Q(archived_at=None),
                fields=["status", "due_date", "id"],
                name="task_open_by_due",
            ),
        ),
        migrations.AddField(
            model_name="timeentry",
            name="started_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="commencé à"
            ),
        ),
        migrations.AddField(
            model_name="timeentry",
            name="ended_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="fini à"
            ),
        ),
        migrations.AddIndex(
            model_name="timeentry",
            index=models.Index(fields=["user", "spent_on"], name="time_of_person"),
        ),
    ]
