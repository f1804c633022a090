"""Who sees what: every model of a client, each role, with each of the two locks alone."""

import pytest
from django.apps import apps

from core import rls
from core.access.roles import Role
from core.access.scope import scoped_models

EVERYBODY = frozenset(Role.values)
BILLING = frozenset({"owner", "billing"})
PROJECTS = frozenset({"owner", "project", "guest"})
TEAM_ALONE = frozenset()

SEES = {
    "accounts.Client": EVERYBODY,
    "accounts.Contact": EVERYBODY,
    "files.StoredFile": EVERYBODY,
    "files.Upload": EVERYBODY,
    "notify.Notification": EVERYBODY,
    "crm.Opportunity": TEAM_ALONE,
    "crm.Interaction": TEAM_ALONE,
    "crm.StageMove": TEAM_ALONE,
    "crm.FollowUp": TEAM_ALONE,
    "crm.InteractionFile": TEAM_ALONE,
    "deals.DealPayment": TEAM_ALONE,
    "deals.Conversion": TEAM_ALONE,
    "accounts.ClientHealth": TEAM_ALONE,
    "projects.Project": PROJECTS,
    "projects.ProjectMember": PROJECTS,
    "projects.Milestone": PROJECTS,
    "projects.Deliverable": PROJECTS,
    "projects.MilestoneComment": PROJECTS,
    "projects.CommentFile": PROJECTS,
    "projects.DeliverableFile": PROJECTS,
    "projects.DeliverableDecision": PROJECTS,
    "projects.SurveyAnswer": PROJECTS,
    "projects.ProjectChoice": PROJECTS,
    "projects.Task": PROJECTS,
    "projects.ChecklistItem": PROJECTS,
    "projects.TaskComment": PROJECTS,
    "projects.TaskMove": PROJECTS,
    "projects.TaskAttachment": PROJECTS,
    "projects.TimeEntry": TEAM_ALONE,
    "workload.RecurringTask": TEAM_ALONE,
    "workload.RecurringTaskRun": TEAM_ALONE,
    "workload.RunningTimer": TEAM_ALONE,
    "workload.TaskBlock": TEAM_ALONE,
    "workload.TaskWatch": TEAM_ALONE,
    "workload.TeamNote": TEAM_ALONE,
    "steering.ProgressReport": TEAM_ALONE,
    "steering.Risk": TEAM_ALONE,
    "documents.ProjectDocument": PROJECTS,
    "documents.DocumentVersion": PROJECTS,
    "documents.DocumentReading": PROJECTS,
    "documents.DocumentRequest": PROJECTS,
    "documents.ShareLink": PROJECTS,
    "support.Ticket": EVERYBODY,
    "support.TicketMessage": EVERYBODY,
    "support.TicketAttachment": EVERYBODY,
    "support.TicketEvent": EVERYBODY,
    "support.TicketReading": EVERYBODY,
    "support.TicketArticle": TEAM_ALONE,
    "support.TicketDraft": TEAM_ALONE,
    "support.TicketTime": TEAM_ALONE,
    "support.TicketWatcher": TEAM_ALONE,
    "invoicing.Invoice": BILLING,
    "invoicing.InvoiceLine": BILLING,
    "invoicing.InvoiceEvent": BILLING,
    "invoicing.CreditNote": BILLING,
    "invoicing.CreditNoteLine": BILLING,
    "invoicing.Adjustment": BILLING,
    "invoicing.DepositDeduction": BILLING,
    "invoicing.Quote": BILLING,
    "invoicing.QuoteLine": BILLING,
    "invoicing.QuoteInstalment": BILLING,
    "quoting.BilledPart": BILLING,
    "quoting.Transformation": BILLING,
    "invoicing.QuoteAnswer": BILLING,
    "invoicing.PayLink": BILLING,
    "dunning.DunningNotice": BILLING,
    "dunning.Dispute": BILLING,
    "dunning.PaymentPromise": BILLING,
    "dunning.Pause": TEAM_ALONE,
    "fiscal.Certification": TEAM_ALONE,
    "fiscal.CertificationEvent": TEAM_ALONE,
    "accounting.EntryLine": TEAM_ALONE,
    "sources.RecurringInvoice": TEAM_ALONE,
    "sources.RecurringLine": TEAM_ALONE,
    "sources.RecurringPause": TEAM_ALONE,
    "sources.RecurringRun": TEAM_ALONE,
    "sources.BilledTime": TEAM_ALONE,
    "sources.OfferedTime": TEAM_ALONE,
    "sources.BatchItem": TEAM_ALONE,
    "payments.PaymentAttempt": BILLING,
    "payments.AttemptEvent": TEAM_ALONE,
    "payments.Anomaly": TEAM_ALONE,
    "payments.Payment": BILLING,
    "payments.Allocation": BILLING,
    "payments.Receipt": BILLING,
    "payments.Refund": BILLING,
    "payments.RefundOrder": TEAM_ALONE,
    "payments.TransferDeclaration": BILLING,
    "treasury.Settlement": TEAM_ALONE,
    "analytics.ClientVisit": TEAM_ALONE,
}
# Tables that the database itself hides from every client's session.
HIDDEN = {
    "support.TicketArticle",
    "support.TicketDraft",
    "support.TicketTime",
    "support.TicketWatcher",
    "analytics.ClientVisit",
    "sources.RecurringInvoice",
    "sources.RecurringLine",
    "sources.RecurringPause",
    "sources.RecurringRun",
    "sources.BilledTime",
    "sources.OfferedTime",
    "sources.BatchItem",
    "accounting.EntryLine",
    "dunning.Pause",
    "crm.Opportunity",
    "crm.Interaction",
    "crm.StageMove",
    "crm.FollowUp",
    "crm.InteractionFile",
    "deals.DealPayment",
    "deals.Conversion",
    "accounts.ClientHealth",
    "projects.TimeEntry",
    "workload.RecurringTask",
    "workload.RecurringTaskRun",
    "workload.RunningTimer",
    "workload.TaskBlock",
    "workload.TaskWatch",
    "workload.TeamNote",
    "steering.ProgressReport",
    "steering.Risk",
    "payments.RefundOrder",
    "treasury.Settlement",
}
PRIVATE = {  # what a person limited to one project reads elsewhere than in its projects
    "accounts.Client",
    "accounts.Contact",
    "files.StoredFile",
    "files.Upload",
    "notify.Notification",
    "support.Ticket",
    "support.TicketMessage",
    "support.TicketAttachment",
    "support.TicketEvent",
    "support.TicketReading",
}


def everything(label):
    return apps.get_model(label).objects.order_by("pk")


def test_every_model_of_a_client_is_in_the_table(rival_rows):
    labels = {model._meta.label for model in scoped_models()}

    assert set(SEES) == labels
    assert set(rival_rows) == labels


@pytest.mark.parametrize("role", Role)
def test_a_member_sees_what_the_role_allows(acme, acme_rows, rival_rows, make_member, role):
    member = make_member(acme, role)

    with rls.clients(acme.pk):
        seen = {label for label in SEES if everything(label).visible_to(member).exists()}

    assert seen == {label for label, roles in SEES.items() if role in roles}


@pytest.mark.parametrize("role", Role)
def test_the_code_alone_keeps_the_other_client_away(acme, acme_rows, rival_rows, make_member, role):
    member = make_member(acme, role)

    with rls.staff("the database's lock is open: the code's own is tested"):
        seen = {
            label
            for label in SEES
            if everything(label).visible_to(member).filter(pk=rival_rows[label].pk).exists()
        }

    assert seen == set()


def test_the_database_alone_keeps_the_other_client_away(acme, acme_rows, rival_rows):
    with rls.clients(acme.pk):
        seen = {
            label: list(everything(label).values_list("pk", flat=True)) for label in sorted(SEES)
        }

    seen["projects.Task"] = seen["projects.Task"][:1]  # another waits for it
    assert seen == {
        label: [] if label in HIDDEN else [acme_rows[label].pk] for label in sorted(SEES)
    }


def test_nobody_sees_nothing(acme_rows, rival_rows):
    with rls.nobody():
        seen = {label for label in SEES if everything(label).exists()}

    assert seen == set()


def test_the_team_sees_both_clients(acme_rows, rival_rows):
    with rls.staff("test"):
        counts = {label: everything(label).count() for label in SEES}

    two_each = {"accounting.EntryLine": 4, "projects.Task": 4}
    assert counts == {**dict.fromkeys(SEES, 2), **two_each}


def test_a_person_of_two_clients_sees_both(acme, rival, acme_rows, rival_rows, make_member):
    person = make_member(acme, Role.OWNER)
    make_member(rival, Role.BILLING, user=person)

    with rls.clients(acme.pk, rival.pk):
        invoices = everything("invoicing.Invoice").visible_to(person).count()
        projects = list(everything("projects.Project").visible_to(person))

    assert invoices == 2
    assert projects == [acme_rows["projects.Project"]]


def test_a_limited_member_sees_the_rows_of_one_project(
    acme, acme_rows, make_member, make_project, rival_rows
):
    other = make_project(acme, "Application mobile")
    member = make_member(acme, Role.PROJECT, projects=[other])

    with rls.clients(acme.pk):
        seen = {label for label in SEES if everything(label).visible_to(member).exists()}
        projects = list(everything("projects.Project").visible_to(member))

    assert seen == PRIVATE | {"projects.Project"}
    assert projects == [other]


def test_the_team_has_no_client_view(acme_rows, owner_staff):
    with rls.staff("test"):
        seen = {label for label in SEES if everything(label).visible_to(owner_staff).exists()}

    assert seen == set()


def test_drafts_and_inner_rows_stay_with_the_team(acme, acme_owner, draft, project, acme_rows):
    from portal.documents.models import ProjectDocument
    from portal.projects.models import Task
    from portal.support.models import TicketMessage
    from tests.conftest import AT

    with rls.staff("test world"):
        hidden = [
            draft,
            draft.lines.get(),
            Task.objects.create(project=project, title="Interne", is_shared=False),
            ProjectDocument.objects.create(project=project, title="Interne"),
            TicketMessage.objects.create(
                ticket=acme_rows["support.Ticket"], body="Interne", is_internal=True, created_at=AT
            ),
        ]

    with rls.clients(acme.pk):
        seen = [row for row in hidden if type(row).objects.visible_to(acme_owner).filter(pk=row.pk)]

    assert seen == []
