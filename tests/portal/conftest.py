"""Work of clients: projects with their roadmap, tasks, documents and tickets."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import rls
from core.files.models import StoredFile
from core.files.uploads import PlainFile, check_content
from portal.documents import services as documents
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.projects.models import (
    ChecklistItem,
    Deliverable,
    Milestone,
    MilestoneComment,
    Project,
    ProjectMember,
    Task,
)
from portal.support import services as support
from portal.support.models import Ticket

PDF = b"%PDF-1.7\nbonjour\n%%EOF"
BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def plain_file(name, content=PDF):
    """Return a file as a form gives it to a service, its bytes checked."""
    upload = SimpleUploadedFile(name, content)
    return PlainFile(upload=upload, content_type=check_content(upload))


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def in_days(today):
    """Return a function that gives the day so many days from today."""
    return lambda days: today + timedelta(days=days)


@pytest.fixture
def make_milestone():
    def make(project, title="Maquettes", *, delivers=(), **fields):
        with rls.staff("test world"):
            row = Milestone.objects.create(project=project, title=title, **fields)
            for label, status in delivers:
                Deliverable.objects.create(
                    project=project, milestone=row, title=label, status=status
                )
        return row

    return make


@pytest.fixture
def make_task():
    def make(project, title="Envoyer les photos", **fields):
        with rls.staff("test world"):
            return Task.objects.create(project=project, title=title, **fields)

    return make


@pytest.fixture
def mine(project, acme_owner, make_task):
    """A task that the client does."""
    return make_task(project, assignee=acme_owner)


@pytest.fixture
def theirs(project, owner_staff, make_task):
    """A task that the team does."""
    return make_task(project, "Développer le panier", assignee=owner_staff)


@pytest.fixture
def make_document(owner_staff):
    """Return a function that shares a file with the client, unless it is internal."""

    def make(project, title="Compte rendu", *, visibility="client", name="cr.pdf", content=PDF):
        with rls.staff("test world"):
            row = ProjectDocument.objects.create(
                project=project, title=title, visibility=visibility
            )
            documents.add_version(
                document=row,
                attachment=plain_file(name, content),
                actor=owner_staff,
                at=timezone.now(),
            )
        return row

    return make


@pytest.fixture
def make_ticket():
    """Return a function that opens a ticket in somebody's name."""

    def make(client, actor, *, subject="Frais de livraison", body="Est-ce voulu ?", **fields):
        with rls.staff("test world"):
            row = support.open_ticket(
                client_id=client.pk,
                project=None,
                subject=subject,
                body=body,
                priority=2,
                actor=actor,
                at=timezone.now(),
            )
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        return row

    return make


@pytest.fixture
def count_queries():
    """Return a function that opens a page a second time, and counts what it asks the database.

    The first time signs the device in the list of sessions, as the first page of a visit does.
    """

    def count(browser, address):
        assert browser.get(address).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return sum(not row["sql"].startswith(BOOKKEEPING) for row in asked.captured_queries)

    return count


@pytest.fixture
def fill():
    """Return a function that gives a client this many of everything, in one project."""

    def make(client, owner, many):
        with rls.staff("test world"):
            project = Project.objects.create(client=client, title="Projet plein")
            _rows(project, client, owner, many, timezone.now())
        return project

    return make


def _rows(project: Project, client, owner, many: int, now: datetime) -> None:
    mine = {"project": project, "client": client}
    ProjectMember.objects.create(project=project, user=owner)
    Project.objects.bulk_create(
        Project(client=client, title=f"Projet {n}") for n in range(min(many, 50))
    )
    milestones = Milestone.objects.bulk_create(
        Milestone(**mine, title=f"Jalon {n}", due_date=now.date(), sort_order=n)
        for n in range(many)
    )
    Deliverable.objects.bulk_create(
        Deliverable(**mine, milestone=row, title="Livrable", status="submitted")
        for row in milestones
    )
    MilestoneComment.objects.bulk_create(
        MilestoneComment(**mine, milestone=row, author=owner, body="Vu.") for row in milestones
    )
    tasks = Task.objects.bulk_create(
        Task(**mine, title=f"Tâche {n}", assignee=owner, due_date=now.date()) for n in range(many)
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(client=client, task=row, label="Étape") for row in tasks
    )
    documents = ProjectDocument.objects.bulk_create(
        ProjectDocument(**mine, title=f"Document {n}", visibility="client") for n in range(many)
    )
    files = StoredFile.objects.bulk_create(
        StoredFile(key=f"docs/{n}", client=client, name="a.pdf", content_type="", size=1)
        for n in range(many)
    )
    DocumentVersion.objects.bulk_create(
        DocumentVersion(client=client, document=row, number=1, file=file, created_at=now)
        for row, file in zip(documents, files, strict=True)
    )
    DocumentRequest.objects.bulk_create(
        DocumentRequest(**mine, title=f"Pièce {n}") for n in range(many)
    )
    Ticket.objects.bulk_create(
        Ticket(client=client, number=f"T-9{n}", subject=f"Sujet {n}", status="waiting")
        for n in range(many)
    )
