"""The journal of sign-ins: the team's, and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_dark_logo"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="quand")),
                (
                    "email",
                    models.CharField(blank=True, max_length=254, verbose_name="adresse tapée"),
                ),
                ("succeeded", models.BooleanField(verbose_name="réussie")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("password", "Mot de passe"),
                            ("code", "Code par e-mail"),
                            ("passkey", "Clé d’accès"),
                            ("other", "Autre"),
                        ],
                        max_length=10,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "second",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("totp", "Application"),
                            ("webauthn", "Clé d’accès"),
                            ("recovery_codes", "Code de secours"),
                        ],
                        max_length=15,
                        verbose_name="second facteur",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wrong", "Mot de passe faux"),
                            ("unknown", "Adresse inconnue"),
                            ("code", "Code faux"),
                            ("held", "Trop d’essais : retenu"),
                            ("closed", "Compte fermé"),
                        ],
                        max_length=10,
                        verbose_name="raison",
                    ),
                ),
                (
                    "address",
                    models.GenericIPAddressField(
                        blank=True, null=True, verbose_name="adresse du réseau"
                    ),
                ),
                ("device", models.CharField(blank=True, max_length=100, verbose_name="appareil")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "connexion",
                "verbose_name_plural": "connexions",
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="sign_in_newest"),
                    models.Index(fields=["user", "-at"], name="sign_in_of_user"),
                    models.Index(fields=["email", "-at"], name="sign_in_of_email"),
                    models.Index(
                        condition=models.Q(("succeeded", False)),
                        fields=["-at", "-id"],
                        name="sign_in_failed",
                    ),
                ],
            },
        ),
        rls.protect_for_staff("accounts_signin"),
        rls.never_changed("accounts_signin"),
    ]
