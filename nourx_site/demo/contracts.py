"""Contracts that come back, what an hour costs, and time that waits to be billed."""

from datetime import date, timedelta

from billing.sources.models import RateCard, RecurringInvoice, RecurringLine
from billing.sources.services.plans import pause_schedule
from nourx_site.demo.people import World
from portal.projects.models import Project, TimeEntry

# client, subject, every, unit, line, price in francs
CONTRACTS = [
    ("akwaba", "Maintenance et hébergement, {mois} {année}", 1, "month", "Du {du} au {au}", 100_000),
    ("lagune", "Suivi et statistiques, {mois} {année}", 1, "month", "Du {du} au {au}", 100_000),
    ("savane", "Nom de domaine et certificats {année}", 1, "year", "Renouvellement", 85_000),
    ("bandama", "Astreinte, {mois} {année}", 3, "month", "Trimestre du {du} au {au}", 240_000),
]  # fmt: skip
TIMES = [(3, 150, "Réglages du panier"), (4, 95, "Appel avec le transporteur"), (6, 240, "Tests")]


def make_contracts(world: World, today: date) -> None:
    """Make contracts whose periods have begun and are billed at their end: nothing is due today."""
    for client, subject, every, unit, label, price in CONTRACTS:
        schedule = RecurringInvoice.objects.create(
            company=world.company,
            client=world.clients[client],
            subject=subject,
            every=every,
            unit=unit,
            anchor_date=today.replace(day=1),
            timing=RecurringInvoice.Timing.ARREARS,
            outcome=RecurringInvoice.Outcome.SEND,
        )
        RecurringLine.objects.create(schedule=schedule, label=label, unit_price=price)
    pause_schedule(
        schedule=schedule, reason="Travaux à la clinique", on=today, actor=world.team["manager"]
    )
    RateCard.objects.create(hourly_rate=25_000)
    RateCard.objects.create(user=world.team["owner"], hourly_rate=40_000)
    project = Project.objects.get(title="Boutique en ligne Akwaba")
    TimeEntry.objects.bulk_create(
        TimeEntry(
            client=project.client,
            project=project,
            user=world.team["editor"],
            spent_on=today - timedelta(days=days),
            minutes=minutes,
            note=note,
        )
        for days, minutes, note in TIMES
    )
