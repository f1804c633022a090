"""The days off move here from the reminders, with their rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("dunning", "0005_letters_and_tickets_of_one_client")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Holiday",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("on", models.DateField(unique=True, verbose_name="jour")),
                        ("name", models.CharField(max_length=100, verbose_name="nom")),
                        (
                            "is_off",
                            models.BooleanField(
                                default=True,
                                help_text="Décoché : un jour que le calendrier croyait chômé, et qui se travaille.",
                                verbose_name="chômé",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "jour férié",
                        "verbose_name_plural": "jours fériés",
                        "ordering": ["on"],
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE dunning_holiday RENAME TO workdays_holiday",
                    "ALTER TABLE workdays_holiday RENAME TO dunning_holiday",
                ),
            ],
        ),
    ]
