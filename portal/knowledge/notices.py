"""Telling the team where the review of an article stands: under the bell and by owed mail.

Wagtail's own mails leave in the middle of the request, one by one: these take their place, and
their names, whichever of the two is connected first.
"""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from core.accounts.models import User
from core.notify.team import tell_staff


def tell_reviewers(sender: type, instance: TaskState, user: Any = None, **_kwargs: Any) -> None:
    """Tell whoever may review that something waits for them."""
    groups = getattr(instance.task.specific, "groups", None)
    if groups is None:
        return
    people = User.objects.filter(is_active=True, is_staff=True)
    reviewers = people.filter(groups__in=groups.all()) | people.filter(is_superuser=True)
    record = instance.workflow_state.content_object
    tell_staff(
        "article_review",
        to=reviewers.distinct(),
        text=format_lazy(_("À relire : {title}"), title=str(instance.revision.object_str)),
        detail=format_lazy(_("Soumis par {person}"), person=str(user or "NOURX")),
        url=_page_of(record),
        key=str(instance.pk),
        actor=user,
    )


def tell_of_approval(sender: type, instance: WorkflowState, user: Any = None, **_: Any) -> None:
    """Tell whoever asked that it is published."""
    _tell_author(instance, user, _approved)


def tell_of_rejection(sender: type, instance: WorkflowState, user: Any = None, **_: Any) -> None:
    """Tell whoever asked that it comes back, with the words of the reviewer."""
    _tell_author(instance, user, _rejected)


_approved = _("Relu et publié : {title}")
_rejected = _("À reprendre : {title}")


def _tell_author(state: WorkflowState, actor: Any, words: Any) -> None:
    if state.requested_by is None:
        return
    task = state.current_task_state
    tell_staff(
        "article_reviewed",
        to=[state.requested_by],
        text=format_lazy(words, title=str(state.content_object)),
        detail=task.comment if task else "",
        url=_page_of(state.content_object),
        key=f"{state.pk}:{task.pk if task else 0}",
        actor=actor,
    )


def _page_of(record: Any) -> str:
    return AdminURLFinder().get_edit_url(record) or "/admin/"


def tell_nobody(sender: type, **_: Any) -> None:
    """Stand where Wagtail mails the owners of the house at each submission: reviewers are told."""


INSTEAD_OF_WAGTAIL = (
    (task_submitted, TaskState, "group_approval_task_submitted", tell_reviewers),
    (workflow_submitted, WorkflowState, "workflow_state_submitted", tell_nobody),
    (workflow_rejected, WorkflowState, "workflow_state_rejected", tell_of_rejection),
    (workflow_approved, WorkflowState, "workflow_state_approved", tell_of_approval),
)
for _signal, _sender, _name, _ours in INSTEAD_OF_WAGTAIL:
    _uid = f"{_name}_email_notification"
    _signal.disconnect(sender=_sender, dispatch_uid=_uid)
    _signal.connect(_ours, sender=_sender, dispatch_uid=_uid)
