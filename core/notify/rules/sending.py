"""One send of a rule: by the portal or the bell, by mail, by SMS, or ready for a person’s hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.hooks.rules import Fact, rule_events
from core.notify import sms
from core.notify.announcing import NOTICE_ALONE, announce
from core.notify.events import event_of as declared
from core.notify.mail import Letter, owe_letters, owe_mail
from core.notify.models import (
    MessageTemplate,
    NotificationRule,
    OutgoingText,
    RuleSend,
    UndeliverableAddress,
)
from core.notify.own_messages import facts_of, own_wording, own_words
from core.notify.rules.audiences import Recipient
from core.notify.sms_sending import owe_text, refuses
from core.notify.team import tell_staff
from core.notify.timing import leaves_at
from core.notify.wishes import wishes_for
from core.notify.wordings import Wording, fill

Channel = NotificationRule.Channel
State = RuleSend.State
EVENT = "rule_told"  # what people may stop: the messages of our rules
MAIL = "notify/rule"


@dataclass(frozen=True)
class Outcome:
    """What became of a send, and why it did not leave."""

    state: str
    reason: Any = ""


@dataclass(frozen=True)
class Told:
    """The words of a rule for one person."""

    subject: str
    body: str
    url: str


def send(row: RuleSend, fact: Fact, recipient: Recipient, at: datetime) -> Outcome:
    """Send one thing that a rule tells, in the caller’s transaction; say what became of it."""
    told = words_for(row.rule, fact, recipient, channel=row.channel, at=at)
    key = f"rule:{row.pk}"
    if row.channel == Channel.NOTICE:
        return _notice(row, fact, recipient, told)
    if row.channel == Channel.EMAIL:
        return _mail(row, recipient, told, key, at)
    return _text(row, recipient, told, key)


def words_for(
    rule: NotificationRule, fact: Fact, recipient: Recipient, *, channel: str, at: datetime
) -> Told:
    """Return what a rule says to one person about a fact, by a channel, in their language."""
    event = rule_events()[rule.event]
    on = timezone.localtime(at).date()
    with translation.override(recipient.language):
        facts = facts_of(fact, event, name=recipient.name, on=on, is_staff=recipient.is_staff)
        wording = own_wording(rule.event) or Wording("", event.label)
        sentence = fill(str(event.sentence), wording, facts)
        is_short = channel in (Channel.SMS, Channel.WHATSAPP)
        written = _template(rule.text_template if is_short else rule.mail_template, recipient)
        if written is None or channel == Channel.NOTICE:
            body = f"{sentence} {facts['lien']}" if is_short else ""
            return Told(sentence, body, facts["lien"])
        words = own_words(written, wording, facts)
        return Told(words.subject or sentence, words.body, facts["lien"])


def _template(chosen: MessageTemplate | None, recipient: Recipient) -> MessageTemplate | None:
    """Return the template of a rule in the language of a person, if there is one in it."""
    if chosen is None or chosen.language == recipient.language:
        return chosen
    same = MessageTemplate.objects.filter(
        name=chosen.name, kind=chosen.kind, language=recipient.language, is_active=True
    )
    return same.first() or chosen


def _notice(row: RuleSend, fact: Fact, recipient: Recipient, told: Told) -> Outcome:
    if recipient.is_staff:
        tell_staff(
            EVENT,
            to=[recipient.user],
            text=told.subject,
            url=fact.url,
            key=str(row.pk),
            client_id=row.client_id,
            mails=False,
        )
        return Outcome(State.SENT)
    if not wishes_for(declared(EVENT), [recipient.user.pk]).shows(recipient.user.pk):
        return Outcome(State.HELD, _("Cette personne ne veut pas de ces notifications."))
    announce(
        EVENT,
        client_id=row.client_id,  # type: ignore[arg-type]  # people of a client: it is known
        to=[recipient.user],
        text=told.subject,
        url=fact.client_url or "/client/",
        key=str(row.pk),
        channels=NOTICE_ALONE,
    )
    return Outcome(State.SENT)


def _mail(row: RuleSend, recipient: Recipient, told: Told, key: str, at: datetime) -> Outcome:
    if not recipient.email:
        return Outcome(State.HELD, _("Pas d’adresse e-mail."))
    if UndeliverableAddress.objects.filter(email=recipient.email.lower()).exists():
        return Outcome(State.HELD, _("Cette adresse ne reçoit plus de courrier."))
    context = {"subject": told.subject, "body": told.body, "url": told.url}
    if recipient.user is None or recipient.is_staff:
        with translation.override(recipient.language):
            owe_mail(MAIL, key=key, to=[recipient.email], context=context, client_id=row.client_id)
        return Outcome(State.SENT)
    wishes = wishes_for(declared(EVENT), [recipient.user.pk])
    if not wishes.mails(recipient.user.pk):
        return Outcome(State.HELD, _("Cette personne ne veut pas de ces e-mails."))
    leaving = leaves_at(wishes.timing(recipient.user.pk), at)
    letter = Letter(
        key=key,
        person=recipient.user,
        context={**context, "stop_label": declared(EVENT).label},
        event=EVENT,
        at=leaving if leaving > at else None,
    )
    owe_letters(MAIL, [letter], client_id=row.client_id)
    return Outcome(State.SENT)


def _text(row: RuleSend, recipient: Recipient, told: Told, key: str) -> Outcome:
    number = sms.international(recipient.phone)
    if not number:
        return Outcome(State.HELD, _("Pas de numéro de téléphone."))
    is_sms = row.channel == Channel.SMS
    if is_sms and sms.gateway() is None:
        return Outcome(State.HELD, _("Les SMS ne sont pas configurés."))
    if is_sms and refuses(number):
        return Outcome(State.HELD, _("Ce numéro ne veut pas de SMS."))
    kind = OutgoingText.Channel.SMS if is_sms else OutgoingText.Channel.WHATSAPP
    owe_text(channel=kind, key=key, phone=number, text=told.body, client_id=row.client_id)
    return Outcome(State.SENT if is_sms else State.BY_HAND)
