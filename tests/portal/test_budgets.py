"""How much each page asks of the database, with ten rows of everything and with a thousand."""

import pytest
from django.urls import reverse

from core import rls
from portal.documents.models import DocumentRequest, ProjectDocument
from portal.projects.models import Deliverable, Task
from portal.support import services as support

LISTS = ["projects:list", "projects:tasks", "documents:list", "support:list", "support:new"]
PAGE, HOME = 8, 12


@pytest.mark.parametrize("many", [10, 1000])
def test_every_page_keeps_its_budget(many, acme, acme_owner, client_of, fill, count_queries):
    project = fill(acme, acme_owner, many)
    browser = client_of(acme_owner)
    with rls.staff("test"):
        task = Task.objects.filter(project=project).first()
        deliverable = Deliverable.objects.filter(project=project).first()
        asked = DocumentRequest.objects.filter(project=project).first()
        document = ProjectDocument.objects.filter(project=project).first()
        ticket = support.open_ticket(
            client_id=acme.pk,
            project=project,
            subject="Sujet",
            body="Bonjour",
            priority=2,
            actor=acme_owner,
            at=project.created_at,
        )
    pages = [
        *map(reverse, LISTS),
        reverse("projects:tasks") + "?vue=liste",
        reverse("projects:detail", args=[project.pk]),
        reverse("projects:roadmap", args=[project.pk]),
        reverse("projects:task", args=[task.pk]),
        reverse("support:ticket", args=[ticket.pk]),
        reverse("projects:milestone", args=[project.pk, deliverable.milestone_id]),
        reverse("projects:deliverable", args=[project.pk, deliverable.pk]),
        reverse("documents:request", args=[asked.pk]),
        reverse("documents:detail", args=[document.pk]),
        reverse("notifications"),
    ]

    asked = {address: count_queries(browser, address) for address in pages}
    home = count_queries(browser, reverse("dashboard:home"))

    assert {address: count for address, count in asked.items() if count > PAGE} == {}
    assert home <= HOME
