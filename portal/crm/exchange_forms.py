"""What is asked to note an exchange with a client."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Client
from portal.crm.eml import LONGEST_BODY, MOST_BYTES, NotAnEmail, looks_like_source, read_email
from portal.crm.models import Interaction, Opportunity
from portal.crm.services.emails import Email

Kind = Interaction.Kind
MOMENT = "%Y-%m-%dT%H:%M"
MOST_SALES = 100
NOTED = (Kind.CALL, Kind.MEETING, Kind.MESSAGE, Kind.NOTE)


class ExchangeForm(forms.Form):
    """A call, a meeting, a message or a note."""

    body = forms.CharField(
        label=_("Ce qui a été dit"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_BODY,
        error_messages={"required": _("Écrivez ce qui a été dit : le texte est vide.")},
    )
    happened_at = forms.DateTimeField(
        label=_("Le"),
        required=False,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=_("Vide : maintenant."),
    )
    opportunity = forms.ModelChoiceField(
        label=_("Opportunité"), queryset=Opportunity.objects.none(), required=False
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Opportunity.objects.filter(client=client).order_by("-pk")
        kept = list(rows.values_list("pk", flat=True)[:MOST_SALES])
        field: Any = self.fields["opportunity"]
        field.queryset = rows.filter(pk__in=kept)
        if not kept:
            del self.fields["opportunity"]


class EmailForm(ExchangeForm):
    """An e-mail, typed or pasted, or the file a mail program saved."""

    sender = forms.CharField(
        label=_("Expéditeur"),
        max_length=320,
        required=False,
        help_text=_("« Awa Koné <awa@exemple.ci> », ou son nom."),
    )
    subject = forms.CharField(label=_("Objet"), max_length=300, required=False)
    is_ours = forms.BooleanField(label=_("C’est notre équipe qui l’a écrit"), required=False)
    message_id = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    source = forms.FileField(
        label=_("Fichier .eml"),
        required=False,
        help_text=_("Enregistré par votre logiciel de courrier : il remplit tout, jusqu’à 30 Mo."),
        widget=forms.FileInput(attrs={"accept": ".eml,message/rfc822"}),
        error_messages={"empty": _("Ce fichier est vide.")},
    )
    keeps_files = forms.BooleanField(
        label=_("Garder ses pièces jointes"), required=False, initial=True
    )

    field_order = (
        "sender", "subject", "body", "happened_at", "is_ours", "opportunity", "source",
        "keeps_files", "message_id",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Texte ou résumé")
        self.fields["body"].required = False
        self.fields["body"].help_text = _(
            "Vous pouvez coller la source entière du message : son expéditeur, son objet et sa "
            "date en sont tirés."
        )
        self.parsed: Any = None

    def clean_source(self) -> Any:
        file = self.cleaned_data["source"]
        if file is None:
            return None
        if file.size > MOST_BYTES:
            text = _text("Ce fichier fait %(size)s Mo ; la limite est de 30 Mo.")
            raise ValidationError(text % {"size": -(-file.size // 1_000_000)}, code="size")
        self._read(file.read())
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        body = cleaned.get("body", "")
        if self.parsed is None and "source" not in self.errors and looks_like_source(body):
            self._read(body.encode())
        if self.parsed is None:
            if not body.strip() and not self.errors:
                text = _text("Écrivez ou collez le texte de l’e-mail : il est vide.")
                self.add_error("body", ValidationError(text, code="required"))
            if not cleaned.get("sender", "").strip() and not self.errors:
                text = _text("Dites de qui vient cet e-mail.")
                self.add_error("sender", ValidationError(text, code="required"))
        return cleaned

    def email(self, at: datetime) -> Email:
        """Return the e-mail: what was typed goes before what the file says, its text apart."""
        typed, read = self.cleaned_data, self.parsed
        if read is None:
            return Email(
                sender=typed["sender"],
                subject=typed["subject"],
                body=typed["body"],
                sent_at=typed["happened_at"] or at,
                is_ours=typed["is_ours"],
                message_id=typed["message_id"],
            )
        known = {"to": read.to, "cc": read.copies, "cut": read.is_cut}
        note = typed["body"].strip() if typed.get("source") else ""
        return Email(
            sender=typed["sender"] or read.sender,
            subject=typed["subject"] or read.subject,
            body=read.body or note or _text("(sans texte)"),
            sent_at=typed["happened_at"] or read.sent_at or at,
            is_ours=typed["is_ours"],
            message_id=read.message_id,
            pieces=read.pieces if typed["keeps_files"] else (),
            meta={
                **{name: value for name, value in known.items() if value},
                **({"summary": note} if note and read.body else {}),
                **({} if typed["keeps_files"] else _left_out(read)),
            },
        )

    def _read(self, content: bytes) -> None:
        try:
            self.parsed = read_email(content)
        except NotAnEmail as error:
            text = _text(
                "Ce fichier n’est pas un e-mail, ou il est abîmé : copiez plutôt son texte."
            )
            raise ValidationError(text, code="broken") from error


def _left_out(read: Any) -> dict[str, Any]:
    return {"left_files": [piece.name for piece in read.pieces]} if read.pieces else {}


def form_of(kind: str, *args: Any, client: Client, **kwargs: Any) -> ExchangeForm:
    """Return the form of a kind of exchange, its date the present moment."""
    if kind == Kind.EMAIL_CLIENT:
        maker, initial = EmailForm, {"keeps_files": True}
    else:
        maker, initial = ExchangeForm, {"happened_at": timezone.localtime().strftime(MOMENT)}
    # Several stand on one page: each names its fields by its kind.
    return maker(*args, client=client, initial=initial, auto_id=f"{kind}-%s", **kwargs)
