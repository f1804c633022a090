"""How a company keeps its books: settings, accounts, journals, and how far they are closed."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.accounting.chart import DEFAULTS, OF_PROVIDERS, UEMOA, Journal, Use
from core.models import Dated

NUMBER = RegexValidator(
    r"^[0-9]{3}[0-9A-Z]{0,10}$",
    _("Un compte commence par trois chiffres, et a 13 signes au plus : 4111, 552WAVE."),
)
CODE = RegexValidator(r"^[A-Z0-9]{1,3}$", _("Un code de journal a un à trois signes : VE."))
COUNTRIES = RegexValidator(
    r"^[A-Z]{2}( [A-Z]{2})*$", _("Des codes de pays à deux lettres, séparés par une espace.")
)


class Books(Dated):
    """The books of a company. `locked_until` is the last validated day: nothing posts before."""

    class VatDue(models.TextChoices):
        DEBITS = "debits", _("Sur les débits : à la facturation")
        CASH = "cash", _("Sur les encaissements : au paiement")

    company = models.OneToOneField(
        "accounts.Company",
        on_delete=models.PROTECT,
        related_name="books",
        editable=False,
        verbose_name=_("société"),
    )
    vat_due = models.CharField(
        _("exigibilité de la TVA"),
        max_length=10,
        choices=VatDue.choices,
        default=VatDue.DEBITS,
        help_text=_(
            "À confirmer avec votre comptable. Sur les encaissements, la TVA des prestations "
            "attend sur un compte à part, et passe en TVA facturée à chaque règlement."
        ),
    )
    recovers_lost_vat = models.BooleanField(
        _("reprendre la TVA des créances perdues"),
        default=True,
        help_text=_("Sinon, la perte est comptée toutes taxes comprises."),
    )
    first_month = models.PositiveSmallIntegerField(
        _("premier mois de l’exercice"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    starts_on = models.DateField(
        _("tenue ici depuis le"),
        null=True,
        blank=True,
        help_text=_("Ce qui est daté d’avant n’est pas comptabilisé. Vide : tout l’est."),
    )
    region = models.CharField(
        _("pays de la région"),
        max_length=120,
        default=UEMOA,
        validators=[COUNTRIES],
        help_text=_("Les ventes ailleurs vont sur les comptes « hors région »."),
    )
    posts_test_money = models.BooleanField(
        _("comptabiliser les paiements d’essai"),
        default=False,
        help_text=_("Pour une démonstration seulement."),
    )
    locked_until = models.DateField(_("validé jusqu’au"), null=True, blank=True, editable=False)
    letterings = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("réglages comptables")
        verbose_name_plural = _("réglages comptables")

    def __str__(self) -> str:
        return str(self.company)

    def year_of(self, on: date) -> int:
        """Return the fiscal year of a day, named after the year it starts in."""
        return on.year if on.month >= self.first_month else on.year - 1

    def year_end(self, year: int) -> date:
        """Return the last day of a fiscal year."""
        start = date(year + 1, self.first_month, 1)
        return date.fromordinal(start.toordinal() - 1)


class ChartAccount(models.Model):
    """The account of a use, maybe of one provider. A use without a row has its default."""

    books = models.ForeignKey(
        Books, on_delete=models.CASCADE, related_name="accounts", verbose_name=_("société")
    )
    use = models.CharField(_("usage"), max_length=20, choices=Use.choices)
    provider = models.CharField(
        _("prestataire"),
        max_length=20,
        blank=True,
        help_text=_("Un sous-compte par prestataire : cinetpay, wave, orange… Vide : tous."),
    )
    number = models.CharField(_("compte"), max_length=13, validators=[NUMBER])
    label = models.CharField(_("intitulé"), max_length=80)

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("plan comptable")
        ordering = ["number", "provider", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["books", "use", "provider"], name="account_of_use"),
            models.CheckConstraint(
                condition=models.Q(provider="") | models.Q(use__in=OF_PROVIDERS),
                name="account_of_provider",
                violation_error_message=_("Seuls les comptes de prestataires se divisent."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[0-9]{3}[0-9A-Z]{0,10}$"),
                name="account_number_reads",
                violation_error_message=_("Un compte commence par trois chiffres."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def default_number(self) -> str:
        """Return the number that the SYSCOHADA suggests for this use."""
        return DEFAULTS[self.use][0]


class JournalCode(models.Model):
    """The code and the name of a journal."""

    books = models.ForeignKey(
        Books, on_delete=models.CASCADE, related_name="journals", verbose_name=_("société")
    )
    kind = models.CharField(_("usage"), max_length=10, choices=Journal.choices)
    code = models.CharField(_("code"), max_length=3, validators=[CODE])
    label = models.CharField(_("nom"), max_length=60)

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journaux")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["books", "kind"], name="journal_of_use"),
            models.UniqueConstraint(fields=["books", "code"], name="journal_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class SalesAccount(models.Model):
    """Lines whose section or name holds a word are sold on an account of their own."""

    class Nature(models.TextChoices):
        SERVICES = "services", _("Prestations")
        GOODS = "goods", _("Marchandises")

    books = models.ForeignKey(
        Books, on_delete=models.CASCADE, related_name="sales_accounts", verbose_name=_("société")
    )
    word = models.CharField(
        _("mot de la rubrique ou de la désignation"),
        max_length=60,
        help_text=_("Sans tenir compte des accents : « materiel » trouve « Matériel réseau »."),
    )
    nature = models.CharField(
        _("nature"),
        max_length=10,
        choices=Nature.choices,
        default=Nature.SERVICES,
        help_text=_("Décide du compte de TVA."),
    )
    number = models.CharField(_("compte de vente"), max_length=13, validators=[NUMBER])
    label = models.CharField(_("intitulé"), max_length=80)

    class Meta:
        verbose_name = _("compte de vente")
        verbose_name_plural = _("comptes de vente")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["books", "word"], name="sales_word_once")]

    def __str__(self) -> str:
        return f"{self.word} → {self.number}"


class FiscalYear(models.Model):
    """The counter of a fiscal year: the last number given to an entry. Without gap."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("exercice"))
    last = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        verbose_name = _("exercice")
        verbose_name_plural = _("exercices")
        constraints = [models.UniqueConstraint(fields=["books", "year"], name="fiscal_year_once")]

    def __str__(self) -> str:
        return str(self.year)
