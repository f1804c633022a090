"""Checks at start: the server refuses to run with a hole it can see."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register

from core.access.scope import ClientOwned, scoped_models


@register(Tags.security)
def client_owned_models_are_scoped(app_configs: Any, **_: Any) -> list[Error]:
    """Every model that belongs to a client says who sees it."""
    scoped = set(scoped_models())
    return [
        Error(
            f"{model._meta.label} belongs to a client but has no scope.",
            hint="Add `scope = Scope(...)` and a ScopedQuerySet, and protect its table.",
            id="nourx.E001",
        )
        for model in apps.get_models()
        if issubclass(model, ClientOwned) and model not in scoped
    ]


@register(Tags.security)
def shared_cache(app_configs: Any, **_: Any) -> list[Error]:
    """Sign-in limits only hold when all processes count together."""
    if "redis" in settings.CACHES["default"]["BACKEND"]:
        return []
    return [Error("The default cache must be Redis: sign-in limits rely on it.", id="nourx.E002")]


@register(Tags.security)
def staff_gives_second_factor(app_configs: Any, **_: Any) -> list[Error]:
    """Only where demo accounts are allowed may the team come in with a password alone."""
    if settings.DEBUG or settings.DEMO_ACCOUNTS_ALLOWED or settings.STAFF_SECOND_FACTOR_REQUIRED:
        return []
    return [
        Error(
            "The team must give a second factor: STAFF_SECOND_FACTOR_REQUIRED is off.",
            hint="Only development and demonstration may turn it off.",
            id="nourx.E003",
        )
    ]
