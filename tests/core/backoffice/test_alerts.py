"""What to look at today: in order, put off, made a task; and nobody else's."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from wagtail import hooks

from billing.invoicing.models import Invoice
from core import rls
from core.backoffice import alerts
from core.backoffice.home import strips
from core.backoffice.models import AlertFollowUp, AlertSnooze
from core.hooks import Alert, Alerts
from core.hooks.team import TeamFigure
from portal.projects.models import Project, Task

FRIDAY = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Africa/Abidjan"))
ROWS = [
    Alert("test:1", "support", "Ticket en retard", "", "/admin/1/", 90, "bad", date(2026, 11, 19)),
    Alert("test:2", "projets", "Jalon à risque", "", "/admin/2/", 60, since=date(2026, 11, 2)),
    Alert("test:3", "commercial", "Relance", "", "/admin/3/", 70, since=date(2026, 11, 20)),
]


@pytest.fixture
def told():
    """Have a module tell three alerts, and say how many it was asked for."""
    asked = []

    def tell(request):
        def rows(most):
            asked.append(most)
            return ROWS[:most]

        return [Alerts("test", "Essais", "/admin/essais/", rows, total=len(ROWS), order=1)]

    with hooks.register_temporarily("nourx_team_alerts", tell):
        yield asked


@pytest.fixture
def asked_by(rf):
    """Return a function that gives the request of somebody of the team."""

    def request(person):
        request = rf.get("/admin/")
        request.user = person
        return request

    return request


def keys(today):
    return [row.alert.key for row in today.rows if row.alert.key.startswith("test:")]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (alerts.URGENCY, ["test:1", "test:3", "test:2"]),
        (alerts.DATE, ["test:2", "test:1", "test:3"]),
        (alerts.GROUP, ["test:3", "test:2", "test:1"]),
        ("n’importe quoi", ["test:1", "test:3", "test:2"]),
    ],
)
def test_alerts_come_in_the_order_asked(told, asked_by, manager, order, found):
    today = alerts.todays_alerts(asked_by(manager), at=FRIDAY, most=5, order=order)

    assert keys(today) == found
    assert today.kinds[0] == alerts.AlertKind("test", "Essais", "/admin/essais/", 3)


def test_an_alert_put_off_leaves_its_place_to_the_next_until_its_moment(told, asked_by, manager):
    until = alerts.snooze(user=manager, key="test:1", delay="demain", at=FRIDAY)

    today = alerts.todays_alerts(asked_by(manager), at=FRIDAY, most=2)
    shown = alerts.todays_alerts(asked_by(manager), at=FRIDAY, most=5, with_snoozed=True)
    tomorrow = alerts.todays_alerts(asked_by(manager), at=until, most=5)

    assert until == datetime(2026, 11, 21, 7, tzinfo=FRIDAY.tzinfo)
    assert keys(today) == ["test:3", "test:2"]
    assert told[0] == 3  # two, and one more for the one put off
    assert (today.snoozed, today.total) == (1, 3)
    assert [row.snoozed_until for row in shown.rows if row.alert.key == "test:1"] == [until]
    assert keys(tomorrow) == ["test:1", "test:3", "test:2"]


def test_somebody_else_still_sees_it(told, asked_by, manager, owner_staff):
    alerts.snooze(user=manager, key="test:1", delay="semaine", at=FRIDAY)

    today = alerts.todays_alerts(asked_by(owner_staff), at=FRIDAY, most=5)

    assert "test:1" in keys(today)


def test_an_alert_may_be_shown_again_at_once(told, asked_by, manager):
    alerts.snooze(user=manager, key="test:1", delay="3-jours", at=FRIDAY)

    alerts.wake(user=manager, key="test:1")

    assert "test:1" in keys(alerts.todays_alerts(asked_by(manager), at=FRIDAY, most=5))


@pytest.mark.parametrize(
    ("key", "delay"), [("test:1", "un-siecle"), ("", "demain"), ("x" * 121, "demain")]
)
def test_what_is_no_alert_or_no_delay_puts_nothing_off(manager, key, delay):
    with pytest.raises(alerts.CannotSnooze):
        alerts.snooze(user=manager, key=key, delay=delay, at=FRIDAY)

    assert not AlertSnooze.objects.exists()


def test_the_page_puts_off_and_comes_back(told, as_manager, manager):
    sent = {"alerte": "test:2", "delai": "demain", "retour": "/admin/alertes/?ordre=date"}

    answer = as_manager.post("/admin/alertes/reporter/", sent)

    assert answer.url == "/admin/alertes/?ordre=date"
    assert AlertSnooze.objects.get().user == manager
    assert "Jalon à risque" not in as_manager.get("/admin/alertes/").content.decode()
    assert "Jalon à risque" in as_manager.get("/admin/alertes/?reportees=1").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://ailleurs.test/", "//ailleurs.test/", "javascript:1"]
)
def test_coming_back_leads_nowhere_else(told, as_manager, elsewhere):
    sent = {"alerte": "test:2", "delai": "demain", "retour": elsewhere}

    assert as_manager.post("/admin/alertes/reporter/", sent).url == "/admin/"


def test_a_late_invoice_is_brought_up_to_whoever_reads_invoices(
    make_invoice, acme, as_manager, as_editor
):
    due = timezone.localdate() - timedelta(days=40)
    issued = {"status": "issued", "issue_date": due, "issued_at": FRIDAY, "due_date": due}
    rows = Invoice.objects.filter(pk=make_invoice(acme).pk)
    rows.update(number="FAC-2026-0007", **issued)

    assert "FAC-2026-0007" in as_manager.get("/admin/").content.decode()
    assert "FAC-2026-0007" not in as_editor.get("/admin/").content.decode()
    assert "FAC-2026-0007" not in as_editor.get("/admin/alertes/").content.decode()


def test_a_task_is_made_of_an_alert_and_everybody_sees_it(
    told, as_manager, as_owner, manager, acme
):
    project = Project.objects.create(client=acme, title="Boutique", status=Project.Status.ACTIVE)
    page = f"/admin/alertes/tache/?alerte=test:1&titre=Ticket+en+retard&client={acme.pk}"
    form = as_manager.get(page).context["form"]
    fields = {"title": "Répondre au ticket", "project": project.pk, "priority": 3}

    answer = as_manager.post(page, {**fields, "assignee": manager.pk, "due_date": "24/11/2026"})

    assert form.initial["project"] == project.pk
    assert answer.url == "/admin/"
    task = Task.objects.get()
    assert (task.title, task.due_date, task.assignee) == (
        "Répondre au ticket",
        date(2026, 11, 24),
        manager,
    )
    assert AlertFollowUp.objects.get().key == "test:1"
    assert "Tâche : Répondre au ticket" in as_owner.get("/admin/").content.decode()


def test_a_task_without_a_project_is_refused_and_keeps_what_was_typed(told, as_manager):
    answer = as_manager.post(
        "/admin/alertes/tache/?alerte=test:1", {"title": "À faire", "priority": 3}
    )

    assert "À faire" in answer.content.decode()
    assert answer.context["form"].errors["project"] == ["Champ requis."]
    assert not Task.objects.exists()


def test_an_editor_makes_no_task(told, as_editor, acme):
    project = Project.objects.create(client=acme, title="Boutique")

    as_editor.post("/admin/alertes/tache/", {"title": "X", "project": project.pk, "priority": 3})

    assert not Task.objects.exists()


def test_what_was_made_of_an_alert_is_the_team_s_alone(manager, acme):
    AlertFollowUp.objects.create(key="k", title="Titre", url="/", by=manager, made_at=FRIDAY)

    with rls.clients(acme.pk):
        assert not AlertFollowUp.objects.exists()


def test_figures_stand_by_part_of_the_work():
    figures = [
        TeamFigure("Tâches", 3, "/", 1, group="taches"),
        TeamFigure("Encaissé", 4, "/", 2, group="encaissements"),
        TeamFigure("Tickets", 5, "/", 3, group="support"),
        TeamFigure("Sans groupe", 6, "/", 4),
    ]

    found = [(str(strip.label), [row.value for row in strip.figures]) for strip in strips(figures)]

    assert found == [("Projets", [3]), ("Support", [5]), ("Finance", [4, 6])]
