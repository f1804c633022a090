"""The documentation of the JSON API, drawn from its own schema, without a script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every address of the API: what it does, what it takes, what it answers."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [
        _operation(address, method, details)
        for address, methods in schema["paths"].items()
        for method, details in methods.items()
        if method in METHODS
    ]
    shapes = [
        {"name": name, "fields": _fields(shape)}
        for name, shape in schema["components"]["schemas"].items()
        if shape.get("properties")
    ]
    context = {"operations": operations, "shapes": shapes}
    return render(request, "core/access/api_docs.html", context)


def _operation(address: str, method: str, details: dict[str, Any]) -> dict[str, Any]:
    body = details.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = details.get("responses", {})
    return {
        "address": address,
        "method": method.upper(),
        "text": details.get("description", ""),
        "parameters": details.get("parameters", []),
        "body": _shape_name(body),
        "answers": [
            {
                "status": status,
                "shape": _shape_name(answer.get("content", {}).get("application/json", {})),
            }
            for status, answer in answers.items()
        ],
    }


def _shape_name(content: dict[str, Any]) -> str:
    reference = content.get("schema", {}).get("$ref", "")
    return reference.rpartition("/")[2]


def _fields(shape: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "type": field.get("type") or _shape_name({"schema": field}) or _("valeur")}
        for name, field in shape["properties"].items()
    ]
