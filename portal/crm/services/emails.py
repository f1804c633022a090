"""What was said with a client, put in its history by the team: e-mails, calls, notes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.accounts.models import Client, User
from core.audit.log import record
from core.files.contents import UnsafeContent, content_type_of
from core.files.services import owe_removal, store_file
from portal.crm.eml import LONGEST_BODY, Piece, clean_text
from portal.crm.models import Interaction, InteractionFile, Opportunity

Kind = Interaction.Kind
AHEAD = timedelta(minutes=5)  # of a clock that runs before ours


class ExchangeRefused(Exception):
    """The exchange cannot be kept; `message` is a French sentence, `field` what it is about."""

    def __init__(self, message: str, field: str = "body") -> None:
        super().__init__(message)
        self.message, self.field = message, field


class KeptAlready(ExchangeRefused):
    """An e-mail of this Message-ID is in a history; `interaction` is that one."""

    def __init__(self, interaction: Interaction) -> None:
        super().__init__(_("Cet e-mail est déjà dans l’historique."))
        self.interaction = interaction


@dataclass(frozen=True)
class Email:
    """An e-mail as it is kept. `is_ours` when the team wrote it; `meta` are plain values."""

    sender: str
    subject: str
    body: str
    sent_at: datetime
    is_ours: bool = False
    message_id: str = ""
    pieces: tuple[Piece, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)


def keep_email(
    *,
    client: Client,
    email: Email,
    opportunity: Opportunity | None = None,
    at: datetime,
    actor: User,
) -> Interaction:
    """Put an e-mail in the history of a client, with its files; each Message-ID once.

    A file that is not what its name says is left out, and named in `meta`.

    :raises ExchangeRefused: if it has no text, or its date or its opportunity cannot be.
    :raises KeptAlready: if it is in a history.
    """
    body = clean_text(email.body)
    _require(body, email.sent_at, client, opportunity, at)
    interaction = _row_of(client, email, body, opportunity, actor)
    if twin := _twin_of(interaction):
        raise KeptAlready(twin)
    try:
        with transaction.atomic():
            interaction.save()
            _keep_files(interaction, email.pieces, actor)
            record("interaction_noted", interaction, actor=actor, kind=interaction.kind)
    except IntegrityError as error:
        if (twin := _twin_of(interaction)) is None:
            raise
        raise KeptAlready(twin) from error
    return interaction


def _row_of(
    client: Client, email: Email, body: str, opportunity: Opportunity | None, actor: User
) -> Interaction:
    return Interaction(
        client=client,
        opportunity=opportunity,
        kind=Kind.EMAIL if email.is_ours else Kind.EMAIL_CLIENT,
        sender=clean_text(email.sender)[:320],
        subject=clean_text(email.subject)[:300],
        body=body,
        meta=email.meta,
        message_id=email.message_id.strip("<> ")[:500] or None,
        happened_at=email.sent_at,
        author=actor,
    )


def _twin_of(interaction: Interaction) -> Interaction | None:
    """Return the exchange that has the Message-ID of another one, if it has any."""
    if not interaction.message_id:
        return None
    return Interaction.objects.filter(message_id=interaction.message_id).first()


@transaction.atomic
def keep_exchange(
    *,
    client: Client,
    kind: str,
    body: str,
    happened_at: datetime,
    opportunity: Opportunity | None = None,
    at: datetime,
    actor: User,
) -> Interaction:
    """Put a call, a meeting, a message or a note in the history of a client.

    :raises ExchangeRefused: if it has no text, or its date or its opportunity cannot be.
    """
    text = clean_text(body)
    _require(text, happened_at, client, opportunity, at)
    interaction = Interaction.objects.create(
        client=client,
        opportunity=opportunity,
        kind=kind,
        body=text,
        happened_at=happened_at,
        author=actor,
    )
    record("interaction_noted", interaction, actor=actor, kind=kind)
    return interaction


@transaction.atomic
def remove_interaction(*, interaction: Interaction, actor: User) -> None:
    """Take an exchange out of the history with its files; the log keeps that it was there.

    :raises django.core.exceptions.PermissionDenied: if the system wrote it.
    """
    row = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if row.is_locked:
        raise PermissionDenied
    record(
        "interaction_removed",
        row.client,
        actor=actor,
        kind=row.kind,
        subject=row.subject[:120],
        happened_at=row.happened_at.isoformat(),
        author=str(row.author or ""),
    )
    files = [kept.file for kept in row.files.select_related("file")]
    row.delete()
    for file in files:
        key = file.key
        file.delete()
        owe_removal(key)


def _require(
    body: str,
    happened_at: datetime,
    client: Client,
    opportunity: Opportunity | None,
    at: datetime,
) -> None:
    if not body:
        raise ExchangeRefused(_("Écrivez ce qui a été dit : le texte est vide."))
    if len(body) > LONGEST_BODY:
        text = _("Ce texte fait %(length)s caractères ; la limite est de %(most)s.")
        raise ExchangeRefused(text % {"length": len(body), "most": LONGEST_BODY})
    if happened_at > at + AHEAD:
        raise ExchangeRefused(_("Cette date est à venir."), "happened_at")
    if opportunity is not None and opportunity.client_id != client.pk:
        raise ExchangeRefused(_("Cette opportunité est celle d’un autre client."), "opportunity")


def _keep_files(interaction: Interaction, pieces: tuple[Piece, ...], actor: User) -> None:
    """Keep the files that are what they say; those that are not are named in `meta`."""
    refused = []
    for piece in pieces:
        try:
            content_type = content_type_of(piece.content, piece.name)
        except UnsafeContent:
            refused.append(piece.name)
            continue
        file = store_file(
            content=piece.content,
            name=piece.name,
            content_type=content_type,
            client_id=interaction.client_id,
            actor=actor,
            from_outside=True,
        )
        InteractionFile.objects.create(
            client_id=interaction.client_id, interaction=interaction, file=file
        )
    if refused:
        interaction.meta = {**interaction.meta, "refused_files": refused}
        interaction.save(update_fields=["meta"])
