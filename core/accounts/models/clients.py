"""The client: the root of everything that belongs to somebody else than us."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Right
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.accounts.models.companies import NCC
from core.models import Dated, Versioned
from core.search import search_text

COMPARED_DIGITS = 8  # at the end of a number: what is before is the country or the operator
LAST_DIGITS = Right(
    models.Func(
        models.F("phone"),
        models.Value("[^0-9]"),
        models.Value(""),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    ),
    COMPARED_DIGITS,
)


class ClientTag(models.Model):
    """A segment of clients, such as « BTP »."""

    name = models.CharField(_("nom"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name


class ClientCategory(models.Model):
    """A class of clients, such as « Grand compte »: a client is in one at most."""

    name = models.CharField(_("nom"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("catégorie de clients")
        verbose_name_plural = _("catégories de clients")

    def __str__(self) -> str:
        return self.name


class Client(Dated, Versioned, ClusterableModel):
    """A company we work for, or hope to: a prospect is a client not yet won."""

    class Stage(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        WON = "won", _("Client")
        LOST = "lost", _("Perdu")
        ARCHIVED = "archived", _("Archivé")

    class Sector(models.TextChoices):
        COMPANY = "company", _("Entreprise")
        PUBLIC = "public", _("Administration")
        PERSON = "person", _("Particulier")

    company = models.ForeignKey(
        "accounts.Company",
        on_delete=models.PROTECT,
        related_name="clients",
        verbose_name=_("société"),
    )
    name = models.CharField(_("raison sociale"), max_length=300)
    stage = models.CharField(_("étape"), max_length=10, choices=Stage.choices, default=Stage.WON)
    archived_from = models.CharField(
        _("étape avant l’archivage"), max_length=10, blank=True, editable=False
    )
    ncc = models.CharField("NCC", max_length=10, blank=True, validators=[NCC])
    rccm = models.CharField("RCCM", max_length=60, blank=True)
    tax_id = models.CharField(
        _("identifiant fiscal étranger"),
        max_length=60,
        blank=True,
        help_text=_("Imprimé tel quel sur ses papiers : « SIREN 123 456 789 », « TVA FR… »."),
    )
    address = models.TextField(_("adresse"), blank=True)
    city = models.CharField(_("ville"), max_length=120, blank=True)
    country = models.CharField(_("pays (code à deux lettres)"), max_length=2, default="CI")
    email = models.EmailField(_("e-mail de facturation"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    sector = models.CharField(
        _("secteur"), max_length=10, choices=Sector.choices, default=Sector.COMPANY
    )
    account_code = models.CharField(
        _("compte auxiliaire"),
        max_length=17,
        blank=True,
        validators=[RegexValidator(r"^[A-Z0-9]+$", _("Des lettres majuscules et des chiffres."))],
        help_text=_("Le code du client en comptabilité ; vide : C et son numéro."),
    )
    wants_facturx = models.BooleanField(
        _("joindre Factur-X"),
        default=False,
        help_text=_("Ses factures portent aussi leurs données (EN 16931), pour son comptable."),
    )
    lead = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("interlocuteur NOURX"),
    )
    category = models.ForeignKey(
        ClientCategory,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clients",
        verbose_name=_("catégorie"),
    )
    tags = ParentalManyToManyField(ClientTag, blank=True, verbose_name=_("segments"))
    search_norm = models.TextField(editable=False, default="")
    search_vector = models.GeneratedField(
        expression=SearchVector("search_norm", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(client="id", grant=Grant.ENTER)

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        permissions = [(grant.value, grant.label) for grant in Grant]
        indexes = [
            GinIndex(fields=["search_vector"], name="client_search"),
            models.Index(fields=["name", "id"], name="client_name"),
            models.Index(fields=["stage", "name"], name="client_stage"),
            models.Index(LAST_DIGITS, name="client_last_digits"),
            models.Index(Lower("email"), name="client_email_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_norm = search_text(self.name, self.ncc, self.city, self.email, self.phone)
        super().save(*args, **kwargs)


class ClientHealth(models.Model):
    """How well things go with a client, from 0 to 100, as last measured. The team's alone."""

    client = models.OneToOneField(
        Client, primary_key=True, on_delete=models.CASCADE, related_name="health"
    )
    score = models.PositiveSmallIntegerField(_("santé"))
    reason = models.CharField(_("raison principale"), max_length=200, blank=True)
    measured_at = models.DateTimeField(_("mesurée le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.ENTER, only=models.Q(pk=None))

    class Meta:
        verbose_name = _("santé d’un client")
        verbose_name_plural = _("santé des clients")
        indexes = [models.Index(fields=["score", "client"], name="client_health_score")]

    def __str__(self) -> str:
        return f"{self.score}/100"


class Contact(Dated):
    """A person at a client. Some of them also have an account; see `Membership`."""

    class Part(models.TextChoices):
        DECIDER = "decider", _("Décide")
        BILLING = "billing", _("Comptabilité")
        PROJECT = "project", _("Suit les projets")
        TECHNICAL = "technical", _("Technique")
        OTHER = "other", _("Autre")

    client = ParentalKey(
        Client, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("client")
    )
    name = models.CharField(_("nom"), max_length=200)
    job_title = models.CharField(_("fonction"), max_length=120, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    part = models.CharField(_("rôle"), max_length=10, choices=Part.choices, default=Part.OTHER)
    is_main = models.BooleanField(_("contact principal"), default=False)
    search_norm = models.TextField(editable=False, default="")
    search_vector = models.GeneratedField(
        expression=SearchVector("search_norm", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.ENTER)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(is_main=True),
                name="contact_one_main",
                violation_error_message=_("Un client a un seul contact principal."),
            )
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="contact_search"),
            models.Index(LAST_DIGITS, name="contact_last_digits"),
            models.Index(Lower("email"), name="contact_email_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_norm = search_text(self.name, self.job_title, self.email, self.phone)
        super().save(*args, **kwargs)


class ClientGroupGrant(GroupObjectPermissionBase):
    """A grant of a group on a client: guardian's table, with a real foreign key."""

    content_object = models.ForeignKey(Client, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = _("droit sur un client")
        verbose_name_plural = _("droits sur les clients")
