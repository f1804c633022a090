"""The risk of an unpaid invoice, out of 100, from four facts that anybody can check.

lateness   1 point a day late, 40 at most
amount     1 point for each 100 000 francs left to pay, 20 at most
history    1 point for each 2 days that the client's invoices of two years were late on
           average, 25 at most; 8 for a client who has paid none yet
trouble    10 points for an open dispute, 5 for each promise broken, 15 at most
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Floor, Greatest, Least, TruncDate
from django.utils.timezone import get_current_timezone

from billing.dunning.models import Dispute, DunningNotice, Pause, PaymentPromise
from billing.invoicing.models import Invoice

MOST_LATE, MOST_AMOUNT, MOST_HISTORY, MOST_TROUBLE = 40, 20, 25, 15
FRANCS_A_POINT, DAYS_A_POINT, UNKNOWN = 100_000, 2, 8
DISPUTE, BROKEN = 10, 5
REMEMBERED = timedelta(days=730)
WITHOUT_CENTS = ("XOF", "XAF", "GNF")
DEFAULT_RATE = 655.957  # francs for a euro, when an invoice says no rate


def risk_score(
    *, days_late: int, francs: int, mean_late: float | None, is_disputed: bool, broken: int
) -> int:
    """Return the score of an unpaid invoice; `mean_late` None for a client who has paid none."""
    late = min(max(days_late, 0), MOST_LATE)
    amount = min(francs // FRANCS_A_POINT, MOST_AMOUNT)
    history = UNKNOWN if mean_late is None else min(int(mean_late // DAYS_A_POINT), MOST_HISTORY)
    trouble = min(DISPUTE * is_disputed + BROKEN * broken, MOST_TROUBLE)
    return late + amount + history + trouble


def with_risk(rows: QuerySet[Invoice], *, on: date) -> QuerySet[Invoice]:
    """Add to unpaid invoices their lateness, score, and what holds them, in the same query."""
    mine = {"invoice": OuterRef("pk")}
    notices = DunningNotice.objects.filter(**mine, is_sent=True).order_by("-created_at", "-pk")
    promises = PaymentPromise.objects.filter(**mine)
    broken = promises.filter(state="broken").order_by().values("invoice")
    return rows.annotate(
        days_late=_days_between("due_date", on),
        francs=_francs(),
        mean_late=_mean_late(on),
        is_disputed=Exists(Dispute.objects.filter(**mine, closed_at=None)),
        promised_for=Subquery(promises.filter(state="open").values("promised_for")[:1]),
        broken=Coalesce(Subquery(broken.annotate(count=Count("pk")).values("count")), 0),
        last_step=Subquery(notices.values("label")[:1]),
        last_told_at=Subquery(notices.values("created_at")[:1]),
        paused_until=Subquery(
            Pause.objects.filter(
                Q(invoice=None) | Q(invoice=OuterRef("pk")),
                client=OuterRef("client"),
                ended_at=None,
                until__gt=on,
            )
            .order_by("-until")
            .values("until")[:1]
        ),
    ).annotate(risk=_score())


def _days_between(field: str, on: date) -> Func:
    return Func(
        Value(on, output_field=DateField()),
        F(field),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def _francs() -> Any:
    due = (
        F("total")
        + F("total_added")
        - F("amount_credited")
        - F("amount_adjusted")
        - F("amount_paid")
    )
    rate = Coalesce(Cast("exchange_rate", FloatField()), Value(DEFAULT_RATE))
    return Case(
        When(currency__in=WITHOUT_CENTS, then=Cast(due, FloatField())),
        default=ExpressionWrapper(Cast(due, FloatField()) * rate / 100, FloatField()),
        output_field=FloatField(),
    )


def _mean_late(on: date) -> Cast:
    """Look the client's mean up in one object of all clients' means, made once per query."""
    late = Func(
        TruncDate("settled_at"),
        F("due_date"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    paid = Invoice.objects.issued().filter(
        settled_at__gte=datetime.combine(on - REMEMBERED, time.min, get_current_timezone()),
        due_date__isnull=False,
    )
    means = paid.order_by().values("client").annotate(mean=Avg(Greatest(late, 0)))
    all_means = Func(
        Subquery(means),
        template="(SELECT jsonb_object_agg(means.client, means.mean) "
        "FROM %(expressions)s AS means(client, mean))",
        output_field=JSONField(),
    )
    mine = Func(
        all_means,
        Cast("client_id", TextField()),
        template="(%(expressions)s)",
        arg_joiner=" ->> ",
        output_field=TextField(),
    )
    return Cast(mine, FloatField())


def _score() -> Any:
    late = Least(Greatest(F("days_late"), 0), MOST_LATE)
    amount = Least(Floor(F("francs") / FRANCS_A_POINT), MOST_AMOUNT)
    paid = Floor(Coalesce(F("mean_late"), float(UNKNOWN * DAYS_A_POINT)) / DAYS_A_POINT)
    history = Least(paid, MOST_HISTORY)  # of no invoice paid yet: the points of the unknown
    dispute = Case(When(is_disputed=True, then=DISPUTE), default=0)
    trouble = Least(dispute + BROKEN * F("broken"), MOST_TROUBLE)
    points = (Cast(each, FloatField()) for each in (late, amount, history, trouble))
    return Cast(sum(points, Value(0.0)), IntegerField())
