"""What every screen of the back-office carries: search, bell, help, and how rows are drawn."""

from typing import Any

from django import template
from django.urls import reverse

from core.backoffice import guide, shortcuts
from core.backoffice.guide_pages import help_slug_of
from core.desk.reading import desk_of
from core.notify.team_bell import MOST_COUNTED, unread_by_team
from core.once import once

register = template.Library()


@register.inclusion_tag("core/backoffice/top.html", takes_context=True)
def top_bar(context: Any) -> dict[str, Any]:
    """Draw the search, the help and the bell of a screen, for whoever may enter."""
    request = context["request"]
    user = request.user
    if not user.is_authenticated:
        return {"user": None}
    unread = unread_by_team(user)
    places = shortcuts.places(user)
    profile = getattr(user, "wagtail_userprofile", None)
    return {
        "request": request,
        "user": user,
        "unread": f"{MOST_COUNTED - 1}+" if unread >= MOST_COUNTED else unread,
        "help_url": help_url(help_slug_of(context.get("view"), request)),
        "is_roomy": once(request, f"desk:{user.pk}", lambda: desk_of(user)).is_roomy,
        "has_shortcuts": profile is None or profile.keyboard_shortcuts,
        "places": {letter: url for letter, (_label, url) in places.items()},
        "place_names": [(letter, label) for letter, (label, _url) in places.items()],
    }


@register.simple_tag
def help_url(slug: str) -> str:
    """Return the address of a page of the guide, or of its contents while it has no such page."""
    if slug and guide.page_of(slug) is not None:
        return reverse("nourx_help", args=[slug])
    return reverse("nourx_help_index")


@register.simple_tag
def help_of(view: Any) -> str:
    """Return the address of the guide's page on a view."""
    return help_url(help_slug_of(view))
