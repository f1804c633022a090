"""The months in which the clients of the demo came: most of them, more of them lately."""

from datetime import datetime, timedelta

from billing.analytics.services import note_visit
from nourx_site.demo.people import World

LATELY, BEFORE = 3, 2  # people who came this month, and last month


def make_visits(world: World, now: datetime) -> None:
    """Note visits of this month and of the one before."""
    people = list(world.members.values())
    last_month = now.replace(day=1) - timedelta(days=1)
    for person in people[:LATELY]:
        note_visit(user_id=person.pk, at=now)
    for person in people[:BEFORE]:
        note_visit(user_id=person.pk, at=last_month)
