"""The review of articles: written by editors, published by whoever manages.

The workflow is made once, after the migrations; the team may then change or switch it off in
Wagtail's own screens, and nothing here puts it back.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from core.access.staff_roles import StaffRole

WORKFLOW = "Relecture des articles"
TASK = "Relecture par la gestion"


@transaction.atomic
def sync_workflow() -> None:
    """Have articles reviewed by the managers, unless the team decided otherwise. Safe to repeat."""
    article = ContentType.objects.get(app_label="knowledge", model="article")
    if Workflow.objects.filter(name=WORKFLOW).exists():
        return
    if WorkflowContentType.objects.filter(content_type=article).exists():
        return
    task = GroupApprovalTask.objects.create(name=TASK)
    task.groups.add(Group.objects.get_or_create(name=StaffRole.MANAGER.value)[0])
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(content_type=article, workflow=workflow)


def sync_after_migrations(sender: AppConfig, **_: Any) -> None:
    """Make the workflow once the last app that has models is migrated."""
    if sender is [app for app in apps.get_app_configs() if app.models_module][-1]:
        sync_workflow()
