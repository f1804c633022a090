"""A client with some of everything, in words too long for a phone, and the pages that show it."""

from datetime import timedelta

from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from billing.invoicing.pay_links import url_of
from billing.invoicing.services.pay_links import make_pay_link
from core import rls
from portal.guests.services import make_link
from portal.knowledge.models import Article
from portal.projects.models import Deliverable, Milestone, Project, Task
from portal.support.models import Ticket, TicketMessage
from tests.access.world import rows_of
from tests.conftest import AT

MARK = "Refonte_du_catalogue_et_de_la_boutique"  # one word, wider than a phone of 320 px
LONG = (
    "Bonjour, l’adresse https://boutique.exemple.test/un/chemin/vraiment/tres/long/sans/aucun/"
    "espace/qui/ne/tient/pas/sur/un/telephone affiche toujours l’ancien prix de chaque article "
    "du catalogue. " * 4
)
NAMES = {"first_name": "Marie-Antoinette Aya", "last_name": "N’Guessan_Kouadio_de_la_Lagune"}


def fill_world(client, person, teammate):
    """Make the rows of the world, and return them by model label."""
    type(person).objects.filter(pk__in=[person.pk, teammate.pk]).update(**NAMES)
    rows = rows_of(client, person=person, teammate=teammate, number="0901", mark=MARK)
    with rls.staff("test world"):
        _stretch(rows)
        _add_work(rows["projects.Project"], person)
        Article.objects.create(
            title=f"Payer une facture {MARK}",
            slug="payer",
            audience="public",
            live=True,
            body=f"<h2>Avant tout</h2><p>{LONG}</p><ol><li>Touchez le bouton.</li></ol>",
        )
    return rows


def _stretch(rows):
    """Say at length what the rows say."""
    longer = Concat(F("title"), Value(" de tous les articles de la saison prochaine"))
    for label in ("projects.Project", "projects.Milestone", "projects.Task"):
        row = rows[label]
        type(row).objects.filter(pk=row.pk).update(title=longer)
    Project.objects.update(summary=LONG, progress=45, status="active")
    Milestone.objects.update(summary=LONG, status="review")
    Task.objects.update(body=LONG)
    TicketMessage.objects.update(body=LONG)
    Ticket.objects.update(status="waiting", answered_at=AT)


def _add_work(project, person):
    """Add a few more rows in other states."""
    today = timezone.localdate()
    for rank, status in enumerate(("done", "active", "upcoming")):
        milestone = Milestone.objects.create(
            project=project,
            title=f"Étape {rank} : {status}",
            status=status,
            start_date=today + timedelta(days=30 * rank - 40),
            due_date=today + timedelta(days=30 * rank - 20),
            sort_order=rank + 1,
        )
        Deliverable.objects.create(
            project=project, milestone=milestone, title="Livrable", status="approved"
        )
        Task.objects.create(
            project=project,
            title=f"Relire le texte {rank}",
            assignee=person,
            status=("todo", "doing", "done")[rank],
            priority=rank + 1,
            due_date=milestone.due_date,
        )
    Ticket.objects.create(
        client=project.client, number="T-9001", subject="Frais de livraison", status="solved"
    )


def pages_of(rows, payable):
    """Return the addresses that the person of the client opens, each with a name."""
    project = rows["projects.Project"].pk
    milestone, deliverable = rows["projects.Milestone"].pk, rows["projects.Deliverable"].pk
    named = {
        "dashboard": reverse("dashboard:home"),
        "to do": reverse("dashboard:to_dos"),
        "projects": reverse("projects:list"),
        "project": reverse("projects:detail", args=[project]),
        "roadmap": reverse("projects:roadmap", args=[project]),
        "roadmaps": reverse("projects:roadmaps"),
        "milestone": reverse("projects:milestone", args=[project, milestone]),
        "deliverable": reverse("projects:deliverable", args=[project, deliverable]),
        "survey": reverse("projects:survey", args=[project]),
        "tasks, board": reverse("projects:tasks"),
        "tasks, list": reverse("projects:tasks") + "?vue=liste",
        "task": reverse("projects:task", args=[rows["projects.Task"].pk]),
        "documents": reverse("documents:list"),
        "document": reverse("documents:detail", args=[rows["documents.ProjectDocument"].pk]),
        "document asked": reverse("documents:request", args=[rows["documents.DocumentRequest"].pk]),
        "hand in": reverse("documents:hand_in"),
        "support": reverse("support:list"),
        "new request": reverse("support:new"),
        "request": reverse("support:ticket", args=[rows["support.Ticket"].pk]),
    }
    return named | _of_money(rows, payable) | _of_person()


def _of_money(rows, payable):
    invoice, quote = rows["invoicing.Invoice"].number, rows["invoicing.Quote"].number
    attempt = rows["payments.PaymentAttempt"].reference
    return {
        "invoices": reverse("invoicing:invoices"),
        "quotes": reverse("invoicing:invoices") + "?vue=devis",
        "invoice": reverse("invoicing:invoice", args=[invoice]),
        "quote": reverse("invoicing:quote", args=[quote]),
        "pay": reverse("payments:pay", args=[payable.number]),
        "payment": reverse("payments:attempt", args=[attempt]),
        "payments": reverse("payments:list"),
        "statement": reverse("payments:statement"),
        "kept receipts": reverse("payments:kept_receipts"),
    }


def _of_person():
    return {
        "notifications": reverse("notifications"),
        "wishes": reverse("notification_preferences"),
        "profile": reverse("profile"),
        "invite": reverse("invite_member"),
        "devices": reverse("usersessions_list"),
        "second factor": reverse("mfa_index"),
        "password": reverse("account_change_password"),
    }


def pages_of_nobody(client, payable, team):
    """Return the addresses that are opened without signing in."""
    now = timezone.now()
    with rls.staff("test world"):
        link = url_of(make_pay_link(invoice=payable, at=now, actor=None))
        _row, token = make_link(client=client, actor=team, at=now)
    return {
        "sign-in": reverse("account_login"),
        "forgotten password": reverse("account_reset_password"),
        "help": reverse("knowledge:list"),
        "article": reverse("knowledge:article", args=["payer"]),
        "offline": reverse("ui:offline"),
        "pay by link": link,
        "portal by link": reverse("guests:enter", args=[token]),
    }
