"""Every address of the back-office, from the resolver itself, with a row to open it on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

NO_ROW = 999_999
PARAMETER = re.compile(r"(?<!\?P)<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
WORDS = {"str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


@dataclass(frozen=True)
class Address:
    """A route of the back-office, and a path on it."""

    route: str
    path: str


def admin_addresses() -> list[Address]:
    """Return every address under /admin/, in the order of their routes."""
    found = {}
    for route, pattern in _walk(get_resolver().url_patterns, ""):
        if route.startswith("admin/"):
            found.setdefault(route, Address(route, "/" + _filled(route, pattern)))
    return [found[route] for route in sorted(found)]


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route.replace("^", "").removesuffix("$").removesuffix("\\Z"), pattern


def _filled(route: str, pattern: URLPattern) -> str:
    """Write a value in place of each parameter of a route."""
    model = _model_of(pattern)

    def value(match: re.Match[str]) -> str:
        return _value(match["name"], match["kind"] or "str", model)

    path = PARAMETER.sub(value, route)
    for name in pattern.pattern.regex.groupindex if "(?P<" in path else ():
        path = _without_group(path, name, _value(name, "int", model))
    return path


def _value(name: str, kind: str, model: type[Model] | None) -> str:
    if model is not None and name in ("pk", "instance_pk", "object_id"):
        return str(_first_key(model))
    if name == "page_id" or name.endswith("page_id"):
        return str(_first_key(apps.get_model("wagtailcore.Page")))
    return WORDS.get(kind, str(NO_ROW))


def _first_key(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk").values_list("pk", flat=True).first() or NO_ROW


def _model_of(pattern: URLPattern) -> type[Model] | None:
    model = getattr(pattern.callback, "view_initkwargs", {}).get("model")
    view = getattr(pattern.callback, "view_class", None)
    model = model or getattr(view, "model", None)
    if isinstance(model, str):
        return apps.get_model(model)
    return model if isinstance(model, type) and issubclass(model, Model) else None


def _without_group(path: str, name: str, value: str) -> str:
    """Replace one named group of a regular expression by a value."""
    start = path.index(f"(?P<{name}>")
    depth, end = 0, start
    for end in range(start, len(path)):
        depth += {"(": 1, ")": -1}.get(path[end], 0)
        if depth == 0:
            break
    return path[:start] + value + path[end + 1 :].replace("\\.", ".")
