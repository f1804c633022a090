"""The health of clients, as the team reads it: a score, its band, its reasons."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.accounts.health import FAIR, FRAGILE, band_of, health_of
from core.accounts.models import Client
from core.backoffice.columns import PlainColumn, StatusLook, status_badge
from core.hooks import Section

BANDS = {
    "good": (_("Bonne"), StatusLook("done", "ok")),
    "fair": (_("À surveiller"), StatusLook("due", "warn")),
    "fragile": (_("Fragile"), StatusLook("late", "bad")),
}


class HealthColumn(PlainColumn):
    """The score of the last night, with its word; its main reason when the pointer rests on it."""

    def get_value(self, instance: Client) -> Any:
        health = getattr(instance, "health", None)
        if health is None:
            return "—"
        word, look = BANDS[band_of(health.score)]
        badge = status_badge(look, f"{health.score} · {word}")
        return format_html('<span title="{}">{}</span>', health.reason, badge)


def of_band(rows: Any, band: str) -> Any:
    """Keep the clients whose health, as last measured, is in a band."""
    return {
        "good": lambda: rows.filter(health__score__gte=FAIR),
        "fair": lambda: rows.filter(health__score__gte=FRAGILE, health__score__lt=FAIR),
        "fragile": lambda: rows.filter(health__score__lt=FRAGILE),
    }.get(band, lambda: rows)()


def health_section(client: Client) -> Section:
    """Show how things go with a client now, and why."""

    def context() -> dict[str, Any]:
        health = health_of([client.pk], on=timezone.localdate())[client.pk]
        word, look = BANDS[health.band]
        return {
            "score": health.score,
            "badge": status_badge(look, word),
            "signs": [
                (f"{sign.points:+d}".replace("-", "−"), sign.text, sign.url)
                for sign in health.signs
            ],
            "calm": _text("Rien d’inquiétant : ni retard, ni mauvaise note, ni longue absence."),
        }

    return Section(
        title=_("Santé"),
        template="core/backoffice/health.html",
        context=context,
        order=1,
        tab="apercu",
    )
