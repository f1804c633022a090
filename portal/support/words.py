"""The words of requests: their kinds, priorities, ways in, and ways they end."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    QUESTION = "question", _("Question")
    INCIDENT = "incident", _("Incident")
    REQUEST = "request", _("Demande")
    MAINTENANCE = "upkeep", _("Maintenance")


class Priority(IntegerChoices):
    LOW = 1, _("Basse")
    NORMAL = 2, _("Normale")
    HIGH = 3, _("Haute")


class Source(TextChoices):
    PORTAL = "portal", _("Espace client")
    EMAIL = "email", _("E-mail")
    LINK = "link", _("Lien")
    TEAM = "team", _("Équipe")


class Resolution(TextChoices):
    FIXED = "fixed", _("Corrigé")
    ANSWERED = "answered", _("Réponse donnée")
    DONE = "done", _("Demande faite")
    WORKAROUND = "workaround", _("Solution de contournement")
    DUPLICATE = "duplicate", _("Doublon")
    NOT_OURS = "not_ours", _("Hors de notre service")
    NO_ANSWER = "no_answer", _("Sans réponse du client")


KINDS, PRIORITIES = Kind.choices, Priority.choices
HIGHEST_LEVEL = 3  # of escalation
