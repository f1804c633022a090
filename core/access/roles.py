"""Roles of people at a client, and the grants each role gives on the client."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is at a client company."""

    OWNER = "owner", _("Responsable")
    BILLING = "billing", _("Facturation")
    PROJECT = "project", _("Membre projet")
    GUEST = "guest", _("Invité")


class Grant(models.TextChoices):
    """What a person may do at a client. The values are permissions on the root model."""

    ENTER = "portal_enter", _("Ouvrir l’espace client")
    VIEW_PROJECTS = "portal_view_projects", _("Suivre tous les projets")
    TAKE_PART = "portal_take_part", _("Agir sur les projets : tâches, commentaires, fichiers")
    VIEW_BILLING = "portal_view_billing", _("Lire les devis et les factures")
    PAY_INVOICES = "portal_pay_invoices", _("Payer les factures, accepter les devis")
    OPEN_TICKETS = "portal_open_tickets", _("Écrire au support")
    MANAGE_MEMBERS = "portal_manage_members", _("Inviter et retirer des membres")


PROJECT_GRANT = "portal_follow_project"  # on one project, for members limited to some

GRANTS_OF_ROLE: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset(Grant.values),
    Role.BILLING: frozenset(
        {Grant.ENTER, Grant.VIEW_BILLING, Grant.PAY_INVOICES, Grant.OPEN_TICKETS}
    ),
    Role.PROJECT: frozenset(
        {Grant.ENTER, Grant.VIEW_PROJECTS, Grant.TAKE_PART, Grant.OPEN_TICKETS}
    ),
    Role.GUEST: frozenset({Grant.ENTER, Grant.VIEW_PROJECTS, Grant.OPEN_TICKETS}),
}
