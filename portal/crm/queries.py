"""Reads of sales: scores explained, the pipeline in sums, likely duplicates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Lower
from django.utils import timezone

from core.accounts.models import Client, Contact
from core.accounts.models.clients import COMPARED_DIGITS, LAST_DIGITS
from core.search import search_text
from portal.crm.models import Interaction, Opportunity, PipelineStage, ScoreCriterion
from portal.crm.scoring import Facts, Score, score_of

MOST_DUPLICATES = 5
MOST_COMPARED = 40
LEAST_LIKENESS = 0.6
MOST_WORDS = 5
# Words that say nothing of which company it is.
EMPTY_WORDS = frozenset(
    (
        *("sarl", "sa", "sas", "suarl", "sarlu", "ets", "etablissement", "etablissements"),
        *("societe", "ste", "groupe", "cabinet", "entreprise", "cie", "international"),
        *("et", "de", "du", "des", "la", "le", "les", "l", "d", "ci", "cote", "ivoire"),
    )
)


@dataclass(frozen=True)
class LaneSum:
    """What a step holds: how many sales, and their amounts in minor units by currency."""

    count: int = 0
    amounts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Duplicate:
    """A client that a new prospect may already be, and what they share."""

    client: Client
    reasons: tuple[str, ...]


def last_exchanges(sales: Sequence[Opportunity]) -> dict[int, date]:
    """Return the day of the last exchange, notes aside, of each opportunity that has one."""
    rows = Interaction.objects.filter(opportunity__in=[sale.pk for sale in sales])
    said = rows.exclude(kind=Interaction.Kind.NOTE).values("opportunity_id")
    return {
        row["opportunity_id"]: timezone.localdate(row["last"])
        for row in said.annotate(last=Max("happened_at"))
    }


def facts_of(row: Opportunity, last_exchange: date | None) -> Facts:
    """Return what the criteria look at."""
    return Facts(
        source=row.source,
        amount=row.amount,
        currency=row.currency,
        need=row.need,
        decider=row.decider,
        expected_close=row.expected_close,
        last_exchange=last_exchange,
        is_known=row.client.stage == Client.Stage.WON,
    )


def explain_score(row: Opportunity, *, on: date) -> Score:
    """Return the score that the criteria give to an opportunity, and why."""
    criteria = ScoreCriterion.objects.filter(is_active=True).order_by("sort_order", "pk")
    return score_of(facts_of(row, last_exchanges([row]).get(row.pk)), criteria, on=on)


def sums_by_stage(rows: Any) -> dict[int, LaneSum]:
    """Return what each step holds among some opportunities, in one query."""
    found: dict[int, LaneSum] = {}
    sums = rows.order_by().values("stage_id", "currency")
    for row in sums.annotate(count=Count("pk"), amount=Sum("amount")).order_by("currency"):
        lane = found.get(row["stage_id"], LaneSum())
        amounts = lane.amounts
        if row["amount"]:
            amounts = (*amounts, (row["currency"], int(row["amount"])))
        found[row["stage_id"]] = LaneSum(lane.count + row["count"], amounts)
    return found


def forecast(stages: Iterable[PipelineStage], sums: dict[int, LaneSum]) -> dict[str, int]:
    """Return the amounts of open steps weighted by their probability, by currency.

    Rounded down to the minor unit: a forecast promises no more than it holds.
    """
    weighted: dict[str, int] = {}
    for stage in stages:
        if stage.is_closing:
            continue
        for currency, amount in sums.get(stage.pk, LaneSum()).amounts:
            weighted[currency] = weighted.get(currency, 0) + amount * stage.probability
    return {currency: total // 100 for currency, total in weighted.items()}


def count_sales(since: datetime) -> tuple[int, int]:
    """Return how many leads came since a moment, and how many of these are won."""
    found = Opportunity.objects.filter(created_at__gte=since).aggregate(
        leads=Count("pk"), won=Count("pk", filter=Q(stage__is_won=True))
    )
    return found["leads"], found["won"]


def find_duplicates(*, name: str, phone: str = "", email: str = "") -> list[Duplicate]:
    """Return the clients that look like a new one: same e-mail, same number, or much the same name.

    At most five, the likeliest first. Each question goes through an index.
    """
    found: dict[int, list[str]] = {}
    digits = "".join(char for char in phone if char.isdigit())[-COMPARED_DIGITS:]
    if email:
        _note(found, _clients_with(Q(folded=email.lower()), folded=Lower("email")), "email")
    if len(digits) == COMPARED_DIGITS:
        _note(found, _clients_with(Q(digits=digits), digits=LAST_DIGITS), "phone")
    _note(found, _clients_named(name), "name")
    best = sorted(found, key=lambda pk: -len(found[pk]))[:MOST_DUPLICATES]
    clients = Client.objects.defer("search_vector", "search_norm").in_bulk(best)
    return [Duplicate(clients[pk], tuple(found[pk])) for pk in best if pk in clients]


def _note(found: dict[int, list[str]], keys: Iterable[int], reason: str) -> None:
    for key in keys:
        found.setdefault(key, []).append(reason)


def _clients_with(condition: Q, **expressions: Any) -> set[int]:
    clients = Client.objects.annotate(**expressions).filter(condition)
    contacts = Contact.objects.annotate(**expressions).filter(condition)
    own = clients.values_list("pk", flat=True)[:MOST_DUPLICATES]
    return {*own, *contacts.values_list("client_id", flat=True)[:MOST_DUPLICATES]}


def _clients_named(name: str) -> list[int]:
    words = telling_words(name)
    if not words:
        return []
    kept = words[:MOST_WORDS]
    groups = combinations(kept, len(kept) - 1) if len(kept) > 2 else [kept]
    text = " | ".join("(" + " & ".join(f"{word}:*" for word in group) + ")" for group in groups)
    query = SearchQuery(text, search_type="raw", config="simple")
    near = Client.objects.filter(search_vector=query).values_list("pk", "name")[:MOST_COMPARED]
    return [pk for pk, other in near if likeness(words, telling_words(other)) >= LEAST_LIKENESS]


def telling_words(name: str) -> list[str]:
    """Return the words of a company's name that tell it from others, folded."""
    words = search_text(name).split()
    return [word for word in words if word not in EMPTY_WORDS] or words


def likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """Return how much of the shorter name is in the other, from 0 to 1."""
    shared = set(words) & set(others)
    shorter = min(len(set(words)), len(set(others)))
    return len(shared) / shorter if shorter else 0.0


def due_follow_ups(today: date) -> Any:
    """Return the open opportunities to call today or late, the latest first."""
    rows = Opportunity.objects.due(today).select_related("client", "owner", "stage")
    return rows.defer("client__search_vector", "search_vector").order_by("follow_up_date", "pk")
