"""What the team does to a rule: switch it on knowingly, let it send, stop it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import rls
from core.audit.log import record
from core.hooks.rules import rule_events
from core.notify.models import NotificationRule, OutgoingText, RuleSend
from core.notify.rules.engine import ASK_ABOVE
from core.notify.rules.finding import Telling, tellings
from core.notify.sms_sending import mark_text_sent

State = RuleSend.State
LOOKED_BACK = timedelta(days=30)
MOST_SHOWN = 200


class CannotRun(Exception):
    """The rule cannot do this as it stands; its message is for people."""

    def __init__(self, message: Any):
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class DryRun:
    """What a rule would have done between two days: nothing was sent."""

    since: date
    until: date
    facts: int
    people: int
    sends: int
    worst_day: int
    shown: list[Telling]

    @property
    def needs_agreement(self) -> bool:
        """Tell whether a day like the worst one is asked for first."""
        return self.worst_day > ASK_ABOVE


def try_rule(*, rule: NotificationRule, on: date) -> DryRun:
    """Say whom a rule would have told over the last thirty days. Sends and writes nothing.

    :raises UnknownEvent: if no module finds the facts of its event.
    """
    since = on - LOOKED_BACK
    facts: set[str] = set()
    people: set[str] = set()
    days: dict[date, int] = {}
    shown: list[Telling] = []
    for one in tellings(rule, since, on, as_it_was=True):
        facts.add(one.fact.key)
        people.add(one.recipient.key)
        days[one.due_on] = days.get(one.due_on, 0) + 1
        shown.append(one)
        if len(shown) > 2 * MOST_SHOWN:
            shown = shown[-MOST_SHOWN:]
    newest = list(reversed(shown[-MOST_SHOWN:]))
    worst = max(days.values(), default=0)
    return DryRun(since, on, len(facts), len(people), sum(days.values()), worst, newest)


@transaction.atomic
def switch_on(*, rule: NotificationRule, actor: Any, on: date, agreed: int | None) -> None:
    """Put a rule to work from a day on: what was due before that day is never told.

    `agreed` is the number that the person typed, asked when a day may send more than 200.

    :raises CannotRun: if it tells nobody, its event is gone, or the number is not agreed.
    """
    locked = NotificationRule.objects.select_for_update().get(pk=rule.pk)
    if locked.event not in rule_events():
        raise CannotRun(_("Cet événement n’existe plus : choisissez-en un autre."))
    if not locked.channels or not (locked.audience or locked.addresses.split()):
        raise CannotRun(_("Cette règle ne prévient personne : choisissez qui, et par où."))
    if locked.is_on:
        return
    tried = try_rule(rule=locked, on=on)
    if tried.needs_agreement and agreed != tried.worst_day:
        text = _("Pour l’activer, tapez le nombre d’envois d’un jour : %(count)s.")
        raise CannotRun(text % {"count": tried.worst_day})
    locked.is_on, locked.on_since = True, on
    locked.save(update_fields=["is_on", "on_since", "updated_at"])
    record("rule_switched_on", locked, actor=actor, worst_day=tried.worst_day)


@transaction.atomic
def stop_rule(*, rule: NotificationRule, actor: Any) -> int:
    """Switch a rule off, and let go of all it had still to send. Return how much that was."""
    locked = NotificationRule.objects.select_for_update().get(pk=rule.pk)
    locked.is_on = False
    locked.save(update_fields=["is_on", "updated_at"])
    with rls.staff("rules: let go of what waits"):
        waiting = RuleSend.objects.filter(rule=locked, state__in=(State.ASKED, State.WAITING))
        count = waiting.update(state=State.STOPPED)
    record("rule_stopped", locked, actor=actor, let_go=count)
    return count


@transaction.atomic
def let_send(*, rule: NotificationRule, count: int, actor: Any) -> int:
    """Let a rule send what it asked for. Return how much that is.

    :raises CannotRun: if what it asks for is no longer the number that the person read.
    """
    NotificationRule.objects.select_for_update().get(pk=rule.pk)
    with rls.staff("rules: send what was asked"):
        asked = RuleSend.objects.filter(rule=rule, state=State.ASKED)
        found = asked.count()
        if found != count:
            text = _("Il s’agit maintenant de %(count)s envois : relisez, puis confirmez.")
            raise CannotRun(text % {"count": found})
        asked.update(state=State.WAITING)
    record("rule_let_send", rule, actor=actor, count=count)
    return count


@transaction.atomic
def note_sent_by_hand(*, send: RuleSend, actor: Any, at: datetime) -> None:
    """Note that a person sent the WhatsApp message of a rule; only the first time counts.

    :raises CannotRun: if it does not wait for a hand.
    """
    locked = RuleSend.objects.select_for_update().get(pk=send.pk)
    text = OutgoingText.objects.filter(key=f"rule:{send.pk}").first()
    if locked.state != State.BY_HAND or text is None:
        raise CannotRun(_("Ce message n’est pas à envoyer à la main."))
    mark_text_sent(text=text, actor=actor, at=at)
    locked.state, locked.left_at = State.SENT, at
    locked.save(update_fields=["state", "left_at"])
