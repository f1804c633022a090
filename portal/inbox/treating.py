"""What becomes of a message: into its ticket, a new one, the queue of the team, or refused.

An address alone opens nothing: words go straight into a ticket only when the server we trust says
that the sender really wrote, and that sender is of the ticket's client.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import rls
from core.files.forms import MOST_FILES
from core.files.limits import check_declared
from core.files.uploads import PlainFile, check_content
from core.notify.models import OutgoingMail
from core.throttle import is_too_often
from portal.crm.eml import BROKEN, NotAnEmail, ParsedEmail, Piece, message_of, read_email
from portal.inbox.bounces import note_bounce
from portal.inbox.headers import (
    bounce_of,
    header,
    is_verified,
    recipients_of,
    robot_reason,
    thread_of,
)
from portal.inbox.models import IncomingMail, Mailbox
from portal.inbox.people import Sender, find_sender
from portal.inbox.quotes import new_words
from portal.inbox.receiving import plain, raw_of
from portal.inbox.telling import tell_of_waiting
from portal.support.addresses import ticket_of_address
from portal.support.models import MOST_CHARACTERS, Ticket
from portal.support.services import add_message_from, open_ticket_for

State = IncomingMail.State
MOST_AN_HOUR = 20  # messages of one sender: beyond, a loop or an attack


@dataclass
class Read:
    """A message taken apart."""

    parsed: ParsedEmail
    files: list[PlainFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@transaction.atomic
def treat(*, mail_id: int, at: datetime) -> str:
    """Do with a message what is to be done, once; return the state it is in.

    The row is held from start to end, in the transaction of what is written: a job run twice, or
    killed in the middle, leaves one effect.
    """
    with rls.staff("inbox: find the ticket and the client of a message"):
        mail = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
        if mail.state != State.RECEIVED:
            return mail.state
        mail.tries += 1
        mail.treated_at = at
        _decide(mail, at)
        mail.save()
        if mail.waits:
            tell_of_waiting(mail)
        return mail.state


def _decide(mail: IncomingMail, at: datetime) -> None:
    raw = raw_of(mail)
    try:
        message = message_of(raw)
        bounce = bounce_of(message)
        if bounce is not None:
            mail.state, mail.reason = State.BOUNCE, note_bounce(bounce, at=at)[:300]
            return
        reason = robot_reason(message, _our_addresses()) or _loop_reason(message)
        read = read_message(raw)
    except (NotAnEmail, *BROKEN) as error:
        _refuse(
            mail, _("Ce message ne peut pas être lu (%(error)s).") % {"error": type(error).__name__}
        )
        return
    mail.text = plain(new_words(read.parsed.body))
    mail.refused_files = read.refused
    if reason:
        _refuse(mail, reason)
    elif is_too_often(f"inbox:{mail.sender}", most=MOST_AN_HOUR, seconds=3600):
        _refuse(mail, _("Plus de %(most)s messages en une heure.") % {"most": MOST_AN_HOUR})
    else:
        mail.is_verified = is_verified(message, mail.mailbox.trusted_server)
        mail.ticket = find_ticket(message)
        _place(mail, read, at)


def _place(mail: IncomingMail, read: Read, at: datetime) -> None:
    """Put a message of a person where it belongs, or in the queue of the team with the reason."""
    sender = find_sender(mail.sender, mail.sender_name)
    mail.person = sender.user
    if mail.ticket is not None:
        mail.client_id = mail.ticket.client_id
    elif len(sender.client_ids) == 1:
        mail.client_id = next(iter(sender.client_ids))
    waiting = _why_it_waits(mail, sender)
    if waiting is not None:
        mail.state, mail.reason = waiting
        return
    put_in_ticket(mail, read, sender, at)


def _why_it_waits(mail: IncomingMail, sender: Sender) -> tuple[str, str] | None:
    """Return the state and the reason of a message that somebody must look at; None: it may go."""
    if sender.is_ours:
        return State.HELD, _("Écrit par quelqu’un de l’équipe : répondez depuis le ticket.")
    if mail.client_id is None:
        many = _("Cette personne écrit pour plusieurs clients : choisissez lequel.")
        nobody = _("Aucun client ni contact n’a cette adresse.")
        return State.UNKNOWN, many if sender.client_ids else nobody
    if not mail.is_verified:
        return State.HELD, _("Expéditeur non vérifié : son serveur ne prouve pas qu’il a écrit.")
    ticket = mail.ticket
    is_its_own = ticket is not None and ticket.contact_email.lower() == mail.sender
    if mail.client_id not in sender.client_ids and not is_its_own:
        return State.HELD, _("Répond à ce ticket sans être de ce client.")
    return None


def put_in_ticket(mail: IncomingMail, read: Read, sender: Sender, at: datetime) -> None:
    """Write a message in its ticket, or in a new one of its client. The caller has decided."""
    author = sender.user if mail.client_id in sender.client_ids and not sender.is_ours else None
    words = {
        "author": author,
        "name": sender.name,
        "email": mail.sender,
        "body": _body(mail, read),
        "at": at,
        "source": Ticket.Source.EMAIL,
    }
    try:
        with transaction.atomic():
            _write(mail, words, read.files)
    except ValidationError as refusal:  # the client has no room left: the words still go
        mail.refused_files = [*read.refused, *(str(one) for one in refusal.messages)]
        _write(mail, {**words, "body": _body(mail, read)}, [])
    mail.state, mail.reason = State.TREATED, ""


def _write(mail: IncomingMail, words: dict[str, Any], files: list[PlainFile]) -> None:
    if mail.ticket is not None:
        mail.ticket = add_message_from(ticket=mail.ticket, files=files, **words).ticket
        return
    subject = mail.subject or _("Sans objet")
    mail.ticket = open_ticket_for(
        client_id=mail.client_id,  # type: ignore[arg-type]  # decided before
        subject=subject,
        files=files,
        **words,
    )


def read_message(raw: bytes) -> Read:
    """Take a message apart; each file that we do not keep is refused in words, the rest is kept.

    :raises NotAnEmail: if it cannot be read.
    """
    read = Read(read_email(raw))
    for piece in read.parsed.pieces:
        if len(read.files) == MOST_FILES:
            read.refused.append(
                _("%(name)s : %(most)s fichiers au plus.")
                % {"name": piece.name, "most": MOST_FILES}
            )
            continue
        _take(piece, read)
    return read


def _take(piece: Piece, read: Read) -> None:
    upload = SimpleUploadedFile(piece.name, piece.content, piece.content_type)
    try:
        check_declared(piece.name, len(piece.content))
        read.files.append(PlainFile(upload=upload, content_type=check_content(upload)))
    except ValidationError as refusal:
        said = {"name": piece.name, "why": refusal.messages[0]}
        read.refused.append(_("%(name)s : %(why)s") % said)


def find_ticket(message: EmailMessage) -> Ticket | None:
    """Return the ticket that a message answers: by its address, else by the mail it answers."""
    ids = [ticket_of_address(address) for address in recipients_of(message)]
    ids += [ticket_of_address(address) for address in _replies_to(thread_of(message))]
    found = next((ticket_id for ticket_id in ids if ticket_id is not None), None)
    return Ticket.objects.filter(pk=found).first() if found is not None else None


def _replies_to(message_ids: list[str]) -> list[str]:
    rows = OutgoingMail.objects.filter(message_id__in=message_ids).exclude(reply_to="")
    return list(rows.values_list("reply_to", flat=True)) if message_ids else []


def _our_addresses() -> list[str]:
    ours = list(Mailbox.objects.values_list("address", flat=True))
    return [*ours, settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")]


def _loop_reason(message: EmailMessage) -> str:
    own = header(message, "message-id").strip("<> ")
    is_ours = bool(own) and OutgoingMail.objects.filter(message_id=own).exists()
    return _("C’est un message que nous avons envoyé : une boucle.") if is_ours else ""


def _refuse(mail: IncomingMail, reason: str) -> None:
    mail.state, mail.reason = State.REFUSED, reason[:300]


def _body(mail: IncomingMail, read: Read) -> str:
    refused = ""
    if mail.refused_files:
        title = _("Pièces jointes non gardées :")
        refused = "\n\n" + "\n".join([title, *(f"– {one}" for one in mail.refused_files)])
    words = mail.text or _("(message sans texte)")
    room = MOST_CHARACTERS - len(refused) - 100
    if len(words) > room:
        words = words[:room] + "\n" + _("[Message coupé : la suite est dans le courrier entrant.]")
    return words + refused[: MOST_CHARACTERS // 2]
