"""What admin templates of documents need."""

from typing import Any

from django import template

from portal.documents.merging.fields import known_fields

register = template.Library()


@register.simple_tag
def paper_fields() -> list[dict[str, Any]]:
    """Return the fields that a template of paper may hold, as they are written."""
    return [
        {"code": "{{ " + one.name + " }}", "label": one.label} for one in known_fields().values()
    ]
