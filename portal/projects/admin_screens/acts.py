"""What the team does on a project in front of its client: replies, and hands over."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.backoffice.actions import RecordAction
from core.files.forms import AttachmentsField
from portal.projects.admin_screens import sections
from portal.projects.models import Deliverable, Milestone, MilestoneComment, Project
from portal.projects.models.feedback import LONGEST_WORD
from portal.projects.services import deliverables, words


class ReplyForm(forms.Form):
    """The team's word on the roadmap."""

    body = forms.CharField(
        label=_("Message"), max_length=LONGEST_WORD, widget=forms.Textarea(attrs={"rows": 6})
    )
    files = AttachmentsField()


class SubmitForm(forms.Form):
    """What is handed over for approval."""

    files = AttachmentsField()
    link = forms.URLField(label=_("Lien"), max_length=500, required=False, assume_scheme="https")
    message = forms.CharField(
        label=_("Message au client"),
        max_length=LONGEST_WORD,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReplyAction(RecordAction):
    """Write to the client, under what was said so far."""

    name = "repondre"
    label = _("Répondre au client")
    icon_name = "comment"
    success = _("Message envoyé au client.")
    form_class = ReplyForm
    template_name = "portal/projects/backoffice/reply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        talk = sections.talk_of(self.object).shown()
        return super().get_context_data(talk=talk, **kwargs)


class ReplyToMilestone(ReplyAction):
    """Write to the client on a milestone."""

    def perform(self, record: Milestone, actor: Any, **values: Any) -> None:
        words.comment_as_team(project=record.project, milestone=record, actor=actor, **values)


class ReplyToProject(ReplyAction):
    """Write to the client on the whole roadmap."""

    label = _("Écrire sur la feuille de route")

    def perform(self, record: Project, actor: Any, **values: Any) -> None:
        words.comment_as_team(project=record, milestone=None, actor=actor, **values)


class ReplyToComment(ReplyAction):
    """Reply to a word, where it stands."""

    def perform(self, record: MilestoneComment, actor: Any, **values: Any) -> None:
        words.comment_as_team(
            project=record.project, milestone=record.milestone, actor=actor, **values
        )


class SubmitDeliverable(RecordAction):
    """Hand a deliverable over to the client, for approval."""

    name = "soumettre"
    label = _("Soumettre au client")
    icon_name = "upload"
    question = _("Le client sera prévenu et pourra valider ou demander des changements.")
    success = _("Livrable soumis : le client est prévenu.")
    form_class = SubmitForm
    refusals = {deliverables.CannotSubmit: _("Ce livrable attend déjà une décision.")}

    def perform(self, record: Deliverable, actor: Any, **values: Any) -> None:
        deliverables.submit_deliverable(
            deliverable=record, actor=actor, at=timezone.now(), **values
        )

    @classmethod
    def is_offered(cls, record: Deliverable) -> bool:
        return record.status in (Deliverable.Status.PLANNED, Deliverable.Status.REFUSED)
