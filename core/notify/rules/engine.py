"""Runs the rules: notes what is to be told, asks above a number, then sends under a cap.

What a rule sends is no fact of any event, so a rule never sets off another one. A send is noted
once for a rule, a fact, a person and a channel, whatever happens: a job run twice, in parallel, or
stopped for days tells nobody twice.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import rls
from core.hooks.rules import rule_events
from core.notify.models import DeliveryWishes, NotificationRule, RuleSend
from core.notify.rules.finding import SLACK, Telling, audience_of, due_facts, tellings
from core.notify.rules.sending import Outcome, send
from core.notify.team import tell_staff
from core.notify.timing import leaves_at

ASK_ABOVE = 200  # sends of one run that leave without being asked for
CATCH_UP = timedelta(days=7)  # a job that was stopped tells what is not older
BATCH = 50
State = RuleSend.State


def run_rules(*, at: datetime) -> tuple[int, int]:
    """Note what the rules that are on have to tell, then send what may leave now.

    Returns how many sends were noted, and how many left.
    """
    with rls.staff("rules: watch what the team asked to be told of"):
        rows = NotificationRule.objects.filter(is_on=True).order_by("-priority", "pk")
        noted = sum(note(rule_id, at=at) for rule_id in rows.values_list("pk", flat=True))
        return noted, release(at=at)


@transaction.atomic
def note(rule_id: int, *, at: datetime) -> int:
    """Note what one rule has to tell now, and return how much of it is new."""
    rule = NotificationRule.objects.select_for_update(skip_locked=True).filter(pk=rule_id).first()
    if rule is None or not rule.is_on or rule.event not in rule_events() or is_quiet(rule, at):
        return 0
    today = timezone.localtime(at).date()
    since = max(rule.on_since or today, today - CATCH_UP)
    wanted = list(tellings(rule, since, today))
    fresh = _unknown(rule, wanted)
    is_asked = len(fresh) > ASK_ABOVE or _is_asked(rule)
    state = State.ASKED if is_asked else State.WAITING
    RuleSend.objects.bulk_create(
        [_row(rule, one, state, at) for one in fresh], ignore_conflicts=True, batch_size=1000
    )
    rule.ran_at = at
    rule.save(update_fields=["ran_at"])
    if is_asked and fresh:
        _ask(rule, today)
    return len(fresh)


def release(*, at: datetime) -> int:
    """Send what waits, oldest first, at most `RULES_MOST_AN_HOUR` in an hour; return how many."""
    left = RuleSend.objects.filter(left_at__gt=at - timedelta(hours=1)).count()
    room, sent = settings.RULES_MOST_AN_HOUR - left, 0
    while room > sent:
        done = _release_some(min(BATCH, room - sent), at)
        if not done:
            break
        sent += done
    return sent


@transaction.atomic
def _release_some(most: int, at: datetime) -> int:
    quiet = [rule.pk for rule in _open_rules() if is_quiet(rule, at)]
    rows = RuleSend.objects.filter(state=State.WAITING, rule__is_on=True).exclude(rule__in=quiet)
    rows = rows.select_for_update(skip_locked=True, of=("self",)).order_by("created_at", "pk")
    batch = list(rows.select_related("rule")[:most])
    for rule_id in dict.fromkeys(row.rule_id for row in batch):
        _send_of_rule([row for row in batch if row.rule_id == rule_id], at)
    return len(batch)


def _open_rules() -> Iterable[NotificationRule]:
    return NotificationRule.objects.filter(is_on=True).exclude(quiet_from=None)


def _send_of_rule(batch: list[RuleSend], at: datetime) -> None:
    """Send some sends of one rule: those whose fact is still so, to who may still be told."""
    rule, days = batch[0].rule, [row.due_on for row in batch]
    is_known = rule.event in rule_events()
    found = due_facts(rule, min(days) - SLACK, max(days) + SLACK) if is_known else ()
    facts = {fact.key: fact for _day, fact in found}
    audience = audience_of(rule) if is_known else None
    for row in batch:
        fact = facts.get(row.fact_key)
        if fact is None or audience is None:
            outcome = Outcome(State.HELD, _("Ce n’est plus vrai au moment de l’envoi."))
        else:
            told = {one.key: one for one in audience.of(fact)}.get(row.recipient)
            outcome = (
                send(row, fact, told, at)
                if told is not None
                else Outcome(State.HELD, _("Cette personne n’est plus concernée."))
            )
        row.state, row.reason, row.left_at = outcome.state, str(outcome.reason)[:300], at
        row.save(update_fields=["state", "reason", "left_at"])


def is_quiet(rule: NotificationRule, at: datetime) -> bool:
    """Tell whether a rule is to leave people alone at a moment."""
    if rule.quiet_from is None:
        return False
    hours = DeliveryWishes(quiet_from=rule.quiet_from, quiet_to=rule.quiet_to)
    return leaves_at(hours, at) > at


def _unknown(rule: NotificationRule, wanted: list[Telling]) -> list[Telling]:
    """Keep what this rule did not note yet, and no other rule tells that day by that channel."""
    keys = {one.fact.key for one in wanted}
    known = Q(rule=rule) | Q(due_on__in={one.due_on for one in wanted})
    rows = RuleSend.objects.filter(known, fact_key__in=keys).exclude(
        ~Q(rule=rule) & Q(state=State.STOPPED)
    )
    noted: set[tuple[Any, ...]] = set()
    for rule_id, *what, due_on in rows.values_list(
        "rule_id", "fact_key", "recipient", "channel", "due_on"
    ):
        noted.add((*what, None) if rule_id == rule.pk else (*what, due_on))
    return [one for one in wanted if not {(*_what(one), None), (*_what(one), one.due_on)} & noted]


def _what(telling: Telling) -> tuple[str, str, str]:
    return telling.fact.key, telling.recipient.key, telling.channel


def _is_asked(rule: NotificationRule) -> bool:
    return RuleSend.objects.filter(rule=rule, state=State.ASKED).exists()


def _row(rule: NotificationRule, telling: Telling, state: str, at: datetime) -> RuleSend:
    return RuleSend(
        rule=rule,
        client_id=telling.fact.client_id,
        fact_key=telling.fact.key[:120],
        fact_on=telling.fact.on,
        title=telling.fact.title[:200],
        recipient=telling.recipient.key[:260],
        name=telling.recipient.name[:200],
        channel=telling.channel,
        state=state,
        due_on=telling.due_on,
        created_at=at,
    )


def _ask(rule: NotificationRule, today: date) -> None:
    """Tell the owners that a rule waits for their word."""
    count = RuleSend.objects.filter(rule=rule, state=State.ASKED).count()
    owners = get_user_model().objects.filter(is_superuser=True, is_active=True)
    tell_staff(
        "rule_asked",
        to=owners,
        text=format_lazy(
            _("La règle « {rule} » veut faire {count} envois : dites si elle peut."),
            rule=rule.name,
            count=count,
        ),
        url=reverse("wagtailsnippets_notify_notificationrule:inspect", args=[rule.pk]),
        key=f"{rule.pk}:{today}",
    )
