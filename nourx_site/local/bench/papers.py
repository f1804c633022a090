"""How long an invoice's PDF takes, and whether a long batch keeps memory flat."""

from time import perf_counter

import psutil
from django.utils import timezone

from billing.invoicing.models import Invoice
from billing.invoicing.papers import document_of
from billing.invoicing.pdf import render_document
from core import rls
from nourx_site.local.bench.figures import Sample

WARM = 10
MEGABYTE = 1024 * 1024


def measure_papers(batch: int) -> dict[str, Sample | float]:
    """Draw one PDF in a fresh process, some more, then a batch."""
    with rls.staff("bench: papers to draw"):
        rows = Invoice.objects.issued().select_related("company", "client").order_by("-pk")
        views = [(document_of(row), row.issued_at or timezone.now()) for row in rows[:batch]]
    cold = _draw(*views[0])
    warm = [_draw(*views[rank % len(views)]) for rank in range(WARM)]
    before = _memory()
    start = perf_counter()
    for view, at in views:
        render_document(view, at=at)
    return {
        "PDF, first of a process": Sample((cold,)),
        "PDF, warm": Sample(tuple(warm)),
        f"PDFs per second, batch of {batch}": len(views) / (perf_counter() - start),
        "memory before the batch, MB": before,
        "memory after the batch, MB": _memory(),
    }


def _draw(view, at) -> float:
    start = perf_counter()
    render_document(view, at=at)
    return (perf_counter() - start) * 1000


def _memory() -> float:
    return psutil.Process().memory_info().rss / MEGABYTE
