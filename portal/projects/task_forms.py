"""What a client writes on tasks."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.files.forms import AttachmentsField
from portal.projects.models import Task

LONGEST_MESSAGE = 5000


class MoveForm(forms.Form):
    """Where a task goes: the column, and the task it goes under."""

    status = forms.ChoiceField(choices=Task.Status.choices)
    seen = forms.ChoiceField(choices=Task.Status.choices, required=False)
    after = forms.IntegerField(min_value=0, max_value=2**62, required=False)


class CommentForm(forms.Form):
    """A message on a task, with files."""

    body = forms.CharField(
        label=_("Votre message"),
        validators=[MaxLengthValidator(LONGEST_MESSAGE)],  # said, where the browser would cut
        widget=forms.Textarea(attrs={"rows": 3, "data-draft": "tache"}),
    )
    files = AttachmentsField()


class QuickCommentForm(forms.Form):
    """A message written on a card of the board."""

    body = forms.CharField(
        label=_("Votre message"),
        validators=[MaxLengthValidator(LONGEST_MESSAGE)],  # said, where the browser would cut
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FilesForm(forms.Form):
    """Files joined to a task; its fields are told from those of the message beside it."""

    files = AttachmentsField(required=True, label=_("Pièces jointes"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "join_%s", **options})
