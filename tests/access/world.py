"""One row of every model of a client, each with a mark that must never reach anybody else.

`rows_of(client, ...)` makes the rows and returns them by model label. A model that says how it
reaches its client and is missing here fails `test_models.py`.
"""

from datetime import timedelta
from hashlib import sha256

from django.db import connection

from billing.accounting.models import Books, EntryLine, JournalEntry
from billing.analytics.models import ClientVisit
from billing.dunning.models import Dispute, DunningNotice, Pause, PaymentPromise
from billing.fiscal.models import Certification, CertificationEvent
from billing.invoicing.models import (
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    PayLink,
    Quote,
    QuoteAnswer,
    QuoteInstalment,
    QuoteLine,
)
from billing.payments.models import (
    Allocation,
    Anomaly,
    AttemptEvent,
    MoneyAccount,
    Payment,
    PaymentAttempt,
    Receipt,
    Refund,
    RefundOrder,
    TransferDeclaration,
)
from billing.quoting.models import BilledPart, Transformation
from billing.sources.models import (
    BatchItem,
    BilledTime,
    InvoiceBatch,
    OfferedTime,
    RecurringInvoice,
    RecurringLine,
    RecurringPause,
    RecurringRun,
)
from billing.treasury.models import Settlement
from core import rls
from core.access.scope import scoped_models
from core.accounts.models import Contact, Invitation, Membership
from core.files.models import Upload
from core.files.services import store_file
from core.notify.models import Notification
from portal.crm.models import Interaction, Opportunity, PipelineStage
from portal.documents.models import (
    DocumentReading,
    DocumentRequest,
    DocumentVersion,
    ProjectDocument,
    ShareLink,
)
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
from portal.support.models import (
    Ticket,
    TicketAttachment,
    TicketEvent,
    TicketMessage,
    TicketReading,
)
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
        project_rows = _work(client, person, teammate, mark)
        project = project_rows[0]
        rows.append(TaskAttachment.objects.create(task=project_rows[2], file=file))
        rows += _said(project_rows, file, person, mark)
        rows += [*project_rows, *_documents(project, file, person, mark)]
        rows += _tickets(client, project, file, person, number, mark)
        invoice, *papers = _papers(client, project, file, person, number, mark)
        rows += [invoice, *papers, *_money(client, invoice, file, person, number, mark)]
        rows += _fiscal(client, invoice, number, mark)
        rows += _books(client, invoice, mark)
        rows += _sources(client, project, invoice, mark)
    return {row._meta.label: row for row in rows}


def _about(client, person, mark):
    stage = PipelineStage.objects.get_or_create(name="À qualifier")[0]
    sale = Opportunity.objects.create(client=client, title=f"Vente {mark}", stage=stage)
    return [
        Contact.objects.create(client=client, name=f"Contact {mark}", email="k@kanari.test"),
        sale,
        Interaction.objects.create(client=client, body=f"Appel {mark}", happened_at=AT),
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
    ]


def _papers(client, project, file, person, number, mark):
    """Make an invoice, a quote and a credit note, each issued after its line."""
    facts = {
        "company": client.company,
        "client": client,
        "project": project,
        "subject": f"Objet {mark}",
        "total_net": 100_000,
        "total_vat": 18_000,
        "total": 118_000,
        "vat_groups": [{"rate": "18", "base": 100_000, "vat": 18_000}],
    }
    line = {"label": f"Ligne {mark}", "unit_price": 100_000, "net": 100_000}
    issued = {"issue_date": ON, "issued_at": AT, "pdf_id": file.pk}
    invoice = Invoice.objects.create(**facts)
    invoice_line = InvoiceLine.objects.create(invoice=invoice, **line)
    _issue(invoice, number=f"FAC-2026-{number}", status="issued", due_date=DUE, **issued)
    quote = Quote.objects.create(**facts)
    quote_line = QuoteLine.objects.create(quote=quote, **line)
    part = QuoteInstalment.objects.create(quote=quote, kind="deposit", label=f"Part {mark}")
    _issue(quote, number=f"DEV-2026-{number}", status="sent", valid_until=DUE, **issued)
    note = CreditNote.objects.create(**facts, invoice=invoice, reason=mark)
    note_line = CreditNoteLine.objects.create(credit_note=note, **line)
    _issue(note, number=f"AVO-2026-{number}", status="issued", **issued)
    event = InvoiceEvent.objects.create(
        client=client, invoice=invoice, kind="issued", actor=person, detail=mark, happened_at=AT
    )
    billed = BilledPart.objects.create(
        client=client, invoice=invoice, instalment=part, billed_at=AT
    )
    work = Transformation.objects.create(client=client, quote=quote, project=project, done_at=AT)
    answer = QuoteAnswer.objects.create(
        client=client,
        quote=quote,
        kind="accepted",
        name=mark,
        statement=mark,
        answered_at=AT,
        pdf_sha256=file.sha256,
        certificate=file,
    )
    link = PayLink.objects.create(
        client=client,
        invoice=invoice,
        nonce=mark,
        token_hash=sha256(f"{mark}-{number}".encode()).hexdigest(),
        created_at=AT,
    )
    notice = DunningNotice.objects.create(
        client=client, invoice=invoice, step="before", amount_due=118_000, created_at=AT
    )
    holds = [
        Dispute.objects.create(client=client, invoice=invoice, reason=mark, opened_at=AT),
        PaymentPromise.objects.create(
            client=client, invoice=invoice, promised_for=DUE, note=mark, made_at=AT
        ),
        Pause.objects.create(client=client, invoice=invoice, until=DUE, reason=mark, made_at=AT),
    ]
    return [
        *(invoice, invoice_line, quote, quote_line, note, note_line, event),
        *(answer, link, notice, *holds, part, billed, work),
    ]


def _sources(client, project, invoice, mark):
    """Make a contract, time that is billed or offered, and a batch."""
    schedule = RecurringInvoice.objects.create(
        company=client.company, client=client, subject=f"Contrat {mark}", anchor_date=ON
    )
    line, entry = invoice.lines.get(), project.time_entries.get()
    own = {"client": client}
    batch = InvoiceBatch.objects.create(act="issue", asked_at=AT)
    return [
        schedule,
        RecurringLine.objects.create(schedule=schedule, label=f"Ligne {mark}", unit_price=1),
        RecurringPause.objects.create(**own, schedule=schedule, starts_on=ON, reason=mark),
        RecurringRun.objects.create(
            **own, schedule=schedule, period_start=ON, period_end=ON, invoice=invoice, made_at=AT
        ),
        BilledTime.objects.create(**own, entry=entry, line=line),
        OfferedTime.objects.create(**own, entry=entry, offered_at=AT),
        BatchItem.objects.create(**own, batch=batch, invoice=invoice, version=1),
        ClientVisit.objects.create(client=client, month=ON.replace(day=1), first_at=AT),
    ]


def _issue(paper, **values):
    type(paper).objects.filter(pk=paper.pk).update(**values)
    paper.refresh_from_db()


def _fiscal(client, invoice, number, mark):
    row = Certification.objects.create(
        client=client, kind="sale", invoice=invoice, number=number, reason=mark, created_at=AT
    )
    event = CertificationEvent.objects.create(
        client=client,
        certification=row,
        kind="asked",
        state=row.state,
        message=mark,
        happened_at=AT,
    )
    return [row, event]


def _books(client, invoice, mark):
    """Make a balanced entry on an invoice, and return its line of the client."""
    entry = JournalEntry.objects.create(
        books=Books.objects.get_or_create(company=client.company)[0],
        kind="invoice",
        source_id=invoice.pk,
        journal="sales",
        fiscal_year=2026,
        date=ON,
        piece=mark,
        piece_date=ON,
        label=mark,
        total=1000,
        posted_at=AT,
    )
    line = {"entry": entry, "account": "4111", "account_label": mark}
    EntryLine.objects.create(**line, credit=1000)
    return [EntryLine.objects.create(**line, client=client, invoice=invoice, debit=1000)]


def _money(client, invoice, file, person, number, mark):
    attempt = PaymentAttempt.objects.create(
        client=client,
        invoice=invoice,
        reference=f"NX-{number}-KANARI",
        provider="cinetpay",
        amount=118_000,
        state="pending",
        created_at=AT,
        expires_at=AT + timedelta(days=1),
        last_message=mark,
        started_by=person,
    )
    payment = Payment.objects.create(
        company=client.company,
        client=client,
        method="transfer",
        amount=1000,
        received_on=ON,
        recorded_at=AT,
        note=mark,
    )
    common = {"client": client}
    return [
        attempt,
        AttemptEvent.objects.create(
            **common, attempt=attempt, source="check", message=mark, happened_at=AT
        ),
        payment,
        Allocation.objects.create(
            **common, payment=payment, invoice=invoice, amount=1000, created_at=AT
        ),
        Receipt.objects.create(
            **common,
            company=client.company,
            payment=payment,
            number=f"REC-2026-{number}",
            issue_date=ON,
            pdf=file,
        ),
        Refund.objects.create(
            **common,
            payment=payment,
            amount=500,
            reason=mark,
            idempotency_key=f"refund-{number}",
            refunded_on=ON,
            recorded_at=AT,
        ),
        Anomaly.objects.create(
            **common, key=f"anomaly-{number}", kind="amount", detail=mark, raised_at=AT
        ),
        *_told_and_settled(client, invoice, payment, file, number, mark),
    ]


def _told_and_settled(client, invoice, payment, file, number, mark):
    """Make what a client says to have paid, what was asked back, and what a provider kept."""
    account = MoneyAccount.objects.get_or_create(
        company=client.company, kind="wave", name="Wave", defaults={"is_shown": True}
    )[0]
    return [
        TransferDeclaration.objects.create(
            client=client,
            invoice=invoice,
            account=account,
            amount=1000,
            paid_on=ON,
            reference=mark,
            proof=file,
            declared_at=AT,
        ),
        RefundOrder.objects.create(
            client=client,
            payment=payment,
            amount=100,
            reason=mark,
            idempotency_key=f"order-{number}",
            asked_at=AT,
        ),
        Settlement.objects.create(
            client=client, payment=payment, gross=1000, net=1000, basis="estimated", updated_at=AT
        ),
    ]


def fingerprint(client):
    """Return one digest of every row of a client, as the database holds them."""
    whole = sha256()
    with rls.staff("test"), connection.cursor() as cursor:
        columns = {model._meta.db_table: model.scope.client for model in scoped_models()}
        columns |= {model._meta.db_table: "client_id" for model in (Membership, Invitation)}
        for table, column in sorted(columns.items()):
            cursor.execute(
                f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY id)), '') "
                f"FROM {table} t WHERE {column} = %s",
                [client.pk],
            )
            whole.update(f"{table}:{cursor.fetchone()[0]}".encode())
    return whole.hexdigest()
