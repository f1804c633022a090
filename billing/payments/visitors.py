"""Telling a person who opens a link from a program that previews it.

WhatsApp, Facebook, Slack and mail filters read a page to draw its preview as soon as its link is
written: that is no opening. They name themselves, or do not navigate as a browser does.
"""

import hashlib
import re

from django.http import HttpRequest

from core.throttle import address_of

PROGRAMS = re.compile(
    r"bot|crawl|spider|preview|whatsapp|facebookexternalhit|facebot|telegram|slack|discord|skype"
    r"|embedly|vkshare|pinterest|outbrain|quora link|curl|wget|python|java/|go-http|okhttp|axios"
    r"|node-fetch|headless|scan|proofpoint|barracuda|mimecast|safelinks",
    re.IGNORECASE,
)


def is_person(request: HttpRequest) -> bool:
    """Tell whether a GET looks like somebody opening a page in a browser."""
    agent = request.headers.get("User-Agent", "")
    if request.method != "GET" or "Mozilla" not in agent or PROGRAMS.search(agent):
        return False
    if "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""):
        return False
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def mark_of(request: HttpRequest) -> str:
    """Return a mark of the visitor that tells no address: to count one visit once."""
    agent = request.headers.get("User-Agent", "")
    return hashlib.sha256(f"{address_of(request)} {agent}".encode()).hexdigest()[:32]
