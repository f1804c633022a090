"""Columns of tasks that are changed where they stand: who, how far, how pressing, by when.

Without JavaScript, or without the right to change, they say their value.
"""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.row_guard import policy_of
from core.backoffice.columns import PlainColumn
from core.once import once
from portal.projects.admin_screens.parts import is_late
from portal.projects.admin_screens.task_filters import team_members
from portal.projects.models import Task

WORDS = {
    "status": gettext_lazy("Statut"),
    "priority": gettext_lazy("Priorité"),
    "assignee": gettext_lazy("Assignée à"),
    "due_date": gettext_lazy("Échéance"),
}


def may_change(request: Any) -> bool:
    """Tell whether the person may change tasks; asked once for a page."""
    policy = policy_of(Task)
    return once(
        request, "may_change_tasks", lambda: policy.user_has_permission(request.user, "change")
    )


class InlineColumn(PlainColumn):
    """A field of a task in a list; its control says the version it was read with."""

    def render_cell_html(self, instance: Task, parent_context: Any) -> SafeString:
        request = parent_context["request"]
        if not may_change(request):
            return format_html("<td>{}</td>", self.text(instance))
        return format_html('<td class="nx-inline__cell">{}</td>', self.control(instance, request))

    def text(self, task: Task) -> Any:
        """Return the value as people read it."""
        return getattr(task, f"get_{self.name}_display")()

    def control(self, task: Task, request: Any) -> SafeString:
        """Return what changes the value."""
        choices = Task._meta.get_field(self.name).choices or ()
        return self.select(task, [(key, label) for key, label in choices], getattr(task, self.name))

    def select(self, task: Task, choices: list[tuple[Any, Any]], value: Any) -> SafeString:
        """Draw a list of choices."""
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, format_html(" selected") if key == value else "", label)
                for key, label in choices
            ),
        )
        return format_html(
            '<select class="nx-inline" data-value="{}" {}>{}</select>',
            value,
            self.attributes(task),
            options,
        )

    def attributes(self, task: Task) -> SafeString:
        """Return what the script sends: the task, the field, the version that was read."""
        label = _("%(field)s de « %(task)s »") % {"field": WORDS[self.name], "task": task.title}
        return format_html(
            'data-inline="{}" data-url="{}" data-seen="{}" aria-label="{}"',
            self.name,
            reverse("task_inline", args=[task.pk]),
            task.version,
            label,
        )


class PersonColumn(InlineColumn):
    """Who does a task: somebody of the team, chosen in the list."""

    def text(self, task: Task) -> Any:
        return task.assignee or "—"

    def control(self, task: Task, request: Any) -> SafeString:
        people = [(person.pk, str(person)) for person in team_members(request)]
        if task.assignee is not None and task.assignee_id not in dict(people):
            people.append((task.assignee_id, str(task.assignee)))
        return self.select(task, [("", "—"), *people], task.assignee_id or "")


class DayColumn(InlineColumn):
    """The due date of a task, said late in words too."""

    def text(self, task: Task) -> Any:
        return task.due_date or "—"

    def control(self, task: Task, request: Any) -> SafeString:
        late = is_late(task)
        day = task.due_date.isoformat() if task.due_date else ""
        return format_html(
            '<input type="date" class="nx-inline{}" value="{}" data-value="{}" {}>{}',
            " nx-inline--late" if late else "",
            day,
            day,
            self.attributes(task),
            format_html('<span class="nx-late nx-inline__late">{}</span>', _("En retard"))
            if late
            else "",
        )


class ProjectColumn(PlainColumn):
    """The project of a task, and its client under it."""

    def get_value(self, instance: Task) -> SafeString:
        return format_html(
            '{}<span class="nx-inline__client">{}</span>',
            instance.project.title,
            instance.project.client,
        )
