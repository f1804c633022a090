"""Parts shared by the screens of projects and of tasks."""

from django.utils import timezone
from django_filters import ModelChoiceFilter

from core.backoffice.choosers import RecordChooser
from portal.projects.models import Project, Task


def chooser_of(model: type, label: object, field: str) -> ModelChoiceFilter:
    """Return a filter on a foreign key that opens a chooser: thousands of rows are no list."""
    return ModelChoiceFilter(
        field_name=field,
        label=label,
        queryset=model.objects.all(),
        widget=RecordChooser(model),
    )


def is_late(row: Project | Task) -> bool:
    """Tell whether what is not over has passed its date."""
    over = ("delivered", "archived", "done")
    return (
        row.due_date is not None and row.due_date < timezone.localdate() and row.status not in over
    )
