"""The date of a legal page, and the company it may present. Reversible."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_first_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="standardpage",
            name="in_force_on",
            field=models.DateField(
                blank=True,
                help_text="La date de cette version, montrée sous le titre.",
                null=True,
                verbose_name="en vigueur depuis le",
            ),
        ),
        migrations.AddField(
            model_name="standardpage",
            name="names_the_company",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Ajoute la raison sociale, le RCCM, le NCC et l’adresse de la fiche Société."
                ),
                verbose_name="présenter la société",
            ),
        ),
    ]
