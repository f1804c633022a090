"""Names the device and the browser of a session, for people; asks a device for a passkey."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

register = template.Library()

BROWSERS = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
]


@register.filter
def device(user_agent: str) -> str:
    """Say what a browser calls itself, such as "Chrome, Android"."""
    found = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return ", ".join(name for name in found if name) or _("Appareil inconnu")


@register.filter
def as_json(value: object) -> str:
    """Write what a script reads from an attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


def _first(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
