"""The mail that came, and our mailboxes, in the back-office."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.widgets import AdminSnippetChooser

from core import rls
from core.access.row_guard import row_allows
from core.accounts.models import Client
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, PlainColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet, RecordViewSet
from core.hooks import Section
from core.notify.models import UndeliverableAddress
from core.ui.formats import date_long, file_size
from portal.inbox import polling, services
from portal.inbox.models import IncomingMail, Mailbox
from portal.inbox.receiving import raw_of
from portal.support.models import Ticket

State = IncomingMail.State
LOOKS = {
    State.RECEIVED: StatusLook("half", "now"),
    State.TREATED: StatusLook("done", "ok"),
    State.UNKNOWN: StatusLook("due", "warn"),
    State.HELD: StatusLook("due", "warn"),
    State.REFUSED: StatusLook("cancel"),
    State.BOUNCE: StatusLook("reply", "bad"),
    State.FAILED: StatusLook("late", "bad"),
}
WAITING = (State.UNKNOWN, State.HELD, State.FAILED)


class MailFilterSet(WagtailFilterSet):
    """By state, by mailbox, by day; or what waits for somebody."""

    a_regarder = django_filters.BooleanFilter(
        label=_("À regarder"), method="only_waiting", widget=forms.CheckboxInput
    )
    received_at = django_filters.DateFromToRangeFilter(label=_("Reçu entre"))

    class Meta:
        model = IncomingMail
        fields = ["state", "mailbox", "received_at"]

    def only_waiting(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(state__in=WAITING) if value else rows


class TakeIn(RecordAction):
    """Put a message that waited into a ticket: one that exists, or a new one of a client."""

    name = "rattacher"
    label = _("Mettre dans un ticket")
    icon_name = "check"
    permission = "take"
    is_main = True
    question = _(
        "Son auteur n’est celui du ticket que si son compte est de ce client. Un message non "
        "vérifié : assurez-vous qu’il vient bien de cette personne."
    )
    success = _("Message mis dans le ticket.")
    refusals = (services.CannotTreat,)

    class form_class(forms.Form):
        client = forms.ModelChoiceField(
            label=_("Client"), queryset=Client.objects.all(), widget=AdminSnippetChooser(Client)
        )
        number = forms.CharField(
            label=_("Numéro du ticket"),
            required=False,
            max_length=20,
            help_text=_("Vide : un nouveau ticket."),
        )

        def clean_number(self) -> Ticket | None:
            number = self.cleaned_data["number"].strip()
            if not number:
                return None
            found = Ticket.objects.filter(number__iexact=number).first()
            if found is None:
                raise ValidationError(_("Aucun ticket n’a ce numéro."))
            return found

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.waits

    def get_initial(self) -> dict[str, Any]:
        ticket = self.object.ticket
        return {"client": self.object.client_id, "number": ticket.number if ticket else ""}

    def perform(
        self, record: IncomingMail, actor: Any, client: Client, number: Ticket | None
    ) -> None:
        services.take_in(
            mail=record, client_id=client.pk, ticket=number, actor=actor, at=timezone.now()
        )

    @property
    def permission_required(self) -> str:
        return "act"

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return cls.is_offered(record) and may_treat(user)


class Refuse(TakeIn):
    """Put a message aside for good; its sender is told nothing."""

    name = "refuser"
    label = _("Refuser")
    icon_name = "cross"
    is_main = False
    question = _("Le message reste dans le journal. Son auteur n’en est pas averti.")
    success = _("Message refusé.")

    class form_class(forms.Form):
        reason = forms.CharField(label=_("Motif"), max_length=200)

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, record: IncomingMail, actor: Any, reason: str) -> None:  # type: ignore[override]
        services.refuse(mail=record, reason=reason, actor=actor, at=timezone.now())


class TreatAgain(Refuse):
    """Treat a message again with what we know now, such as a contact added since."""

    name = "retraiter"
    label = _("Traiter de nouveau")
    icon_name = "resubmit"
    question = _(
        "Le message est relu comme s’il venait d’arriver : utile après avoir ajouté un contact."
    )
    success = _("Message à traiter de nouveau.")

    class form_class(forms.Form):
        pass

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        closed = record.state in (State.TREATED, State.BOUNCE, State.RECEIVED)
        return bool(record.raw_key) and not closed

    def perform(self, record: IncomingMail, actor: Any) -> None:  # type: ignore[override]
        services.treat_again(mail=record, actor=actor)


def may_treat(user: Any) -> bool:
    """Tell whether somebody of the team decides what becomes of mail: who changes tickets."""
    return user.has_perm("inbox.change_incomingmail") and user.has_perm("support.change_ticket")


class IncomingMailViewSet(ReadOnlyViewSet):
    """The journal of the mail that came."""

    model = IncomingMail
    icon = "mail"
    menu_label = _("Courrier entrant")
    ordering = ("-received_at", "-id")
    list_display = [
        "subject",
        PlainColumn("sender", label=_("De")),
        PlainColumn("client", label=_("Client")),
        PlainColumn("ticket", accessor="ticket.number", label=_("Ticket")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        PlainColumn("reason", label=_("Motif")),
        MomentColumn("received_at", label=_("Reçu")),
    ]
    filterset_class = MailFilterSet
    search_fields = ["subject", "sender", "sender_name"]
    list_export = ["subject", "sender", "client.name", "state", "reason", "received_at"]
    inspect_view_fields = [
        "sender", "sender_name", "is_verified", "recipients", "subject", "state", "reason",
        "client", "ticket", "refused_files", "size", "mailbox", "received_at", "treated_at", "text",
    ]  # fmt: skip
    actions = (TakeIn, Refuse, TreatAgain)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = IncomingMail.objects.select_related("client", "ticket", "mailbox")
        return rows.defer("client__search_vector", "text")

    def inspect_value(self, record: IncomingMail, name: str) -> Any:
        if name == "size":
            return file_size(record.size)
        if name == "refused_files":
            return "\n".join(record.refused_files) or "—"
        if name == "ticket" and record.ticket is not None:
            url = reverse("wagtailsnippets_support_ticket:inspect", args=[record.ticket_id])
            return format_html('<a href="{}">{}</a>', url, record.ticket)
        return None

    def sections(self, record: IncomingMail, request: HttpRequest) -> list[Section]:
        if not record.raw_key:
            return []
        url = reverse("inbox_raw", args=[record.pk])
        return [
            Section(
                title=_("Message d’origine"),
                links=[(_("Télécharger tel qu’il est arrivé (.eml)"), url)],
                empty=_("Gardé six mois. Ouvrez-le avec prudence : il vient de l’extérieur."),
            )
        ]


def raw_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over a message as it came, as a download: nothing of it runs here."""
    if not may_treat(request.user):
        raise PermissionDenied
    mail = IncomingMail.objects.filter(pk=pk).first()
    if mail is None or not row_allows(request.user, "view", mail):
        raise Http404
    try:
        content = raw_of(mail)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{mail.pk}.eml"'
    response["Cache-Control"] = "private, no-store"
    return response


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("courrier-entrant/<int:pk>/origine/", raw_message, name="inbox_raw")]


class MailboxForm(WagtailAdminModelForm):
    """A mailbox; its secret is typed, never shown."""

    secret = forms.CharField(
        label=_("Mot de passe, ou secret des appels"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Gardé chiffré, jamais montré. Vide : celui d’avant reste."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        secret = cleaned.get("secret", "")
        is_imap = cleaned.get("kind") == Mailbox.Kind.IMAP
        if not secret and not self.instance.sealed:
            self.add_error("secret", _("Cette boîte a besoin d’un secret."))
        if secret and not is_imap and len(secret) < 24:
            self.add_error("secret", _("Au moins 24 caractères : il signe les appels."))
        if is_imap and not (cleaned.get("host") and cleaned.get("username")):
            self.add_error("host", _("Une boîte relevée a un serveur et un identifiant."))
        is_plain = cleaned.get("security") == Mailbox.Security.NONE
        if is_imap and is_plain and cleaned.get("host") not in polling.LOCAL:
            self.add_error("security", _("Sans chiffrement : sur cette machine seulement."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.typed_secret = self.cleaned_data.get("secret", "")
        return super().save(commit)


class TryMailbox(RecordAction):
    """Open a mailbox now, and say what it answers. Nothing is read."""

    name = "essayer"
    label = _("Essayer la connexion")
    icon_name = "view"
    success = _("La boîte répond.")
    refusals = (polling.MailboxUnreadable,)

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.kind == Mailbox.Kind.IMAP

    def perform(self, record: Mailbox, actor: Any) -> None:
        with polling.connected(record):
            return

    def _refusal_text(self, error: Exception) -> Any:
        return str(error)


class MailboxViewSet(RecordViewSet):
    """Our mailboxes. Owners only."""

    model = Mailbox
    icon = "download"
    menu_label = _("Boîtes aux lettres")
    add_label = _("Nouvelle boîte")
    ordering = ("name",)
    list_display = [
        "name",
        "address",
        PlainColumn("kind", accessor="get_kind_display", label=_("Nature")),
        BooleanColumn("is_on", label=_("Active")),
        MomentColumn("polled_at", label=_("Dernière relève")),
        PlainColumn("last_error", label=_("Dernière erreur")),
    ]
    inspect_view_fields = [
        "name", "address", "kind", "host", "folder", "trusted_server", "is_on", "polled_at",
        "last_error",
    ]  # fmt: skip
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("address")]),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("is_on")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("host"), FieldPanel("port")]),
                    FieldRowPanel([FieldPanel("security"), FieldPanel("folder")]),
                    FieldPanel("username"),
                ],
                heading=_("Boîte relevée (IMAP)"),
            ),
            FieldPanel("secret"),
            FieldPanel("trusted_server"),
        ],
        base_form_class=MailboxForm,
    )
    actions = (TryMailbox,)

    def saved(self, record: Any, *, actor: Any, is_new: bool) -> None:
        services.keep_secret(mailbox=record, secret=record.typed_secret, actor=actor)

    def sections(self, record: Mailbox, request: HttpRequest) -> list[Section]:
        if record.kind != Mailbox.Kind.WEBHOOK:
            return []
        url = request.build_absolute_uri(reverse("inbox:incoming", args=[record.uuid]))
        how = _now("HMAC-SHA256 du secret sur « horodatage.corps », en hexadécimal")
        return [
            Section(
                title=_("Ce que le fournisseur appelle"),
                headings=[_("Quoi"), _("Valeur")],
                rows=[
                    [_("Adresse (POST, le message tel quel)"), url],
                    ["X-Nourx-Timestamp", _("secondes depuis 1970, à cinq minutes près")],
                    ["X-Nourx-Signature", how],
                ],
            )
        ]


def undeliverable_section(client: Any) -> list[Section]:
    """Return the addresses of a client that take no mail any more; nothing when all do."""
    with rls.staff("inbox: addresses of a client that take no mail"):
        emails = {one.email.lower() for one in client.contacts.all() if one.email}
        emails |= {one.lower() for one in client.memberships.values_list("user__email", flat=True)}
        emails |= {client.email.lower()} if client.email else set()
        rows = list(UndeliverableAddress.objects.filter(email__in=emails).order_by("email"))
    if not rows:
        return []
    return [
        Section(
            title=_("Adresses qui ne reçoivent plus"),
            headings=[_("Adresse"), _("Depuis"), _("Ce que dit son serveur")],
            rows=[
                [row.email, date_long(timezone.localtime(row.since)), row.reason] for row in rows
            ],
            order=12,
        )
    ]


menu.add("support", IncomingMailViewSet, order=60)
menu.add(menu.SETTINGS, MailboxViewSet, order=24)
