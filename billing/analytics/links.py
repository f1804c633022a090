"""Where the rows behind a figure are: our filtered lists."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from billing.analytics.choice import Choice


def list_url(model: str, **filters: Any) -> str:
    """Return the address of a list, such as "invoicing_invoice", filtered; empty filters left."""
    kept = {name: value for name, value in filters.items() if value not in (None, "")}
    return reverse(f"wagtailsnippets_{model}:list") + (f"?{urlencode(kept)}" if kept else "")


def invoices(choice: Choice, **filters: Any) -> str:
    """Return the list of invoices, of the client chosen."""
    return list_url("invoicing_invoice", **{"client": choice.client, **filters})


def issued(choice: Choice, first: date | None = None, last: date | None = None, **more: Any) -> str:
    """Return the invoices issued in the period, or between two days."""
    days = {
        "issue_date_from": first or choice.seen.first,
        "issue_date_to": last or choice.seen.last,
    }
    return invoices(choice, **days, **more)


def payments(
    choice: Choice, first: date | None = None, last: date | None = None, **more: Any
) -> str:
    """Return the payments received in the period, or between two days."""
    days = {
        "received_on_from": first or choice.seen.first,
        "received_on_to": last or choice.seen.last,
        "client": choice.client,
    }
    return list_url("payments_payment", **{**days, **more})


def due(choice: Choice, first: date | None, last: date | None) -> str:
    """Return the unpaid invoices due between two days."""
    return invoices(choice, situation="due", due_date_from=first, due_date_to=last)


def quotes(choice: Choice, **filters: Any) -> str:
    """Return the quotes sent in the period."""
    seen = choice.seen
    own = {"issue_date_from": seen.first, "issue_date_to": seen.last, "client": choice.client}
    return list_url("invoicing_quote", **{**own, **filters})
