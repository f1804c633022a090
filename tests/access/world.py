"""One row of every model of a client, each with a mark that must never reach anybody else.

`rows_of(client, ...)` makes the rows and returns them by model label. A model that says how it
reaches its client and is missing here fails `test_models.py`.
"""

from datetime import timedelta
from hashlib import sha256

from django.db import connection

from core import rls
from core.access.scope import scoped_models
from core.accounts.models import ClientHealth, Contact, Invitation, Membership
from core.files.models import Upload
from core.files.services import store_file
from core.notify.models import Notification
from portal.crm.models import (
    FollowUp,
    Interaction,
    InteractionFile,
    Opportunity,
    PipelineStage,
    StageMove,
)
from portal.documents.models import (
    DocumentReading,
    DocumentRequest,
    DocumentVersion,
    ProjectDocument,
    ShareLink,
)
from portal.knowledge.models import Article
from portal.projects.models import (
    ChecklistItem,
    CommentFile,
    Deliverable,
    DeliverableDecision,
    DeliverableFile,
    Milestone,
    MilestoneComment,
    Project,
    ProjectChoice,
    ProjectMember,
    SurveyAnswer,
    Task,
    TaskAttachment,
    TaskComment,
    TaskMove,
    TimeEntry,
)
from portal.steering.models import ProgressReport, Risk
from portal.support.models import (
    Ticket,
    TicketArticle,
    TicketAttachment,
    TicketDraft,
    TicketEvent,
    TicketMessage,
    TicketReading,
    TicketTime,
    TicketWatcher,
)
from tests.access.world_of_money import (
    books_of,
    deals_of,
    fiscal_of,
    money_of,
    papers_of,
    sources_of,
)
from tests.access.world_of_work import workload_of
from tests.conftest import AT, DUE, ON

MARK = "KANARI-7F3"
PDF = b"%PDF-1.7\nKANARI-7F3\n%%EOF\n"


def rows_of(client, *, person, teammate, number, mark=MARK):
    """Make one row of every scoped model for a client. `number` tells its papers apart."""
    with rls.staff("test world"):
        file = store_file(
            content=PDF, name=f"{mark}.pdf", content_type="application/pdf", client_id=client.pk
        )
        upload = Upload.objects.create(
            client=client, user=person, name=f"{mark}.pdf", size=9, created_at=AT, expires_at=AT
        )
        rows = [client, file, upload, *_about(client, person, mark)]
        sale, said = rows[4], rows[5]
        rows.append(InteractionFile.objects.create(client=client, interaction=said, file=file))
        project_rows = _work(client, person, teammate, mark)
        project = project_rows[0]
        rows.append(TaskAttachment.objects.create(task=project_rows[2], file=file))
        rows += _said(project_rows, file, person, mark)
        rows += [*project_rows, *_documents(project, file, person, mark)]
        rows += _tickets(client, project, file, person, number, mark)
        invoice, *papers = papers_of(client, project, file, person, number, mark)
        money = money_of(client, invoice, file, person, number, mark)
        rows += [invoice, *papers, *money, *deals_of(sale, project, papers, money[0])]
        rows += fiscal_of(client, invoice, number, mark)
        rows += books_of(client, invoice, mark)
        rows += sources_of(client, project, invoice, mark)
        rows += workload_of(project, project_rows[2], person, mark)
    return {row._meta.label: row for row in rows}


def _about(client, person, mark):
    stage = PipelineStage.objects.get_or_create(name="À qualifier")[0]
    sale = Opportunity.objects.create(client=client, title=f"Vente {mark}", stage=stage)
    return [
        Contact.objects.create(client=client, name=f"Contact {mark}", email="k@kanari.test"),
        sale,
        Interaction.objects.create(client=client, body=f"Appel {mark}", happened_at=AT),
        StageMove.objects.create(
            client=client, opportunity=sale, to_name=f"Étape {mark}", moved_at=AT
        ),
        FollowUp.objects.create(
            client=client, opportunity=sale, outcome="done", due_on=ON, step=mark, made_at=AT
        ),
        ClientHealth.objects.create(client=client, score=40, reason=mark, measured_at=AT),
        Notification.objects.create(
            client=client, user=person, event="test", text=f"Avis {mark}", key=f"k-{client.pk}"
        ),
    ]


def _work(client, person, teammate, mark):
    project = Project.objects.create(
        client=client,
        title=f"Projet {mark}",
        summary=mark,
        clients_may_upload=True,
        delivered_at=AT,
    )
    milestone = Milestone.objects.create(project=project, title=f"Jalon {mark}", due_date=DUE)
    task = Task.objects.create(
        project=project, milestone=milestone, title=f"Tâche {mark}", assignee=person, due_date=DUE
    )
    return [
        project,
        milestone,
        task,
        ProjectMember.objects.create(project=project, user=teammate, part=f"Chef {mark}"),
        Deliverable.objects.create(
            project=project,
            milestone=milestone,
            title=f"Livrable {mark}",
            status="submitted",
            round=2,
        ),
        MilestoneComment.objects.create(
            project=project, milestone=milestone, author=person, body=f"Mot {mark}"
        ),
        ChecklistItem.objects.create(task=task, label=f"Point {mark}"),
        TaskComment.objects.create(task=task, author=person, body=f"Remarque {mark}"),
        TaskMove.objects.create(
            task=task, actor=person, from_status="todo", to_status="doing", moved_at=AT
        ),
        TimeEntry.objects.create(project=project, user=teammate, spent_on=ON, note=mark),
        Risk.objects.create(project=project, title=f"Risque {mark}"),
        ProgressReport.objects.create(project=project, year=2026, week=47, done=mark),
    ]


def _said(rows, file, person, mark):
    """Make what was said of the work: rows that hang under those of `_work`."""
    project, deliverable, comment = rows[0], rows[4], rows[5]
    return [
        CommentFile.objects.create(comment=comment, file=file),
        DeliverableFile.objects.create(deliverable=deliverable, round=1, file=file),
        DeliverableDecision.objects.create(
            deliverable=deliverable,
            round=1,
            verdict="refused",
            comment=f"Non {mark}",
            decided_by=person,
            decided_at=AT,
        ),
        SurveyAnswer.objects.create(
            project=project,
            user=person,
            score=7,
            comment=f"Avis {mark}",
            answered_at=AT,
            changed_at=AT,
        ),
        ProjectChoice.objects.create(project=project, user=person, chosen_at=AT),
    ]


def _documents(project, file, person, mark):
    document = ProjectDocument.objects.create(
        project=project, title=f"Document {mark}", visibility="client", shared_at=AT
    )
    version = DocumentVersion.objects.create(
        document=document, number=1, file=file, author=person, created_at=AT
    )
    return [
        document,
        version,
        DocumentReading.objects.create(document=document, user=person, number=1, read_at=AT),
        DocumentRequest.objects.create(project=project, title=f"Demande {mark}", due_date=DUE),
        ShareLink.objects.create(
            version=version,
            token_hash=f"{mark}-{project.pk}",
            created_by=person,
            created_at=AT,
            ends_at=AT + timedelta(days=7),
        ),
    ]


def _tickets(client, project, file, person, number, mark):
    ticket = Ticket.objects.create(
        client=client,
        project=project,
        number=f"T-{number}",
        subject=f"Question {mark}",
        opened_by=person,
    )
    message = TicketMessage.objects.create(
        ticket=ticket, author=person, body=f"Message {mark}", created_at=AT
    )
    return [
        ticket,
        message,
        TicketAttachment.objects.create(ticket=ticket, message=message, file=file),
        TicketEvent.objects.create(
            ticket=ticket, kind="opened", status="open", actor=person, created_at=AT
        ),
        TicketReading.objects.create(ticket=ticket, user=person, read_at=AT),
        TicketArticle.objects.create(
            ticket=ticket, article=Article.objects.create(title=mark, slug=f"article-{number}")
        ),
        TicketDraft.objects.create(ticket=ticket, user=person, body=mark, touched_at=AT),
        TicketTime.objects.create(ticket=ticket, user=person, minutes=5, spent_on=AT.date()),
        TicketWatcher.objects.create(ticket=ticket, user=person),
    ]


def fingerprint(client):
    """Return one digest of every row of a client, as the database holds them."""
    whole = sha256()
    with rls.staff("test"), connection.cursor() as cursor:
        columns = {model._meta.db_table: model.scope.client for model in scoped_models()}
        columns |= {model._meta.db_table: "client_id" for model in (Membership, Invitation)}
        for table, column in sorted(columns.items()):
            cursor.execute(
                f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
                f"FROM {table} t WHERE {column} = %s",
                [client.pk],
            )
            whole.update(f"{table}:{cursor.fetchone()[0]}".encode())
    return whole.hexdigest()
