"""What the team does on a project: deliver it, keep it as a template."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.backoffice.actions import RecordAction, add_action
from portal.projects.models import Project
from portal.projects.services import moves
from portal.steering.models import ProjectTemplate
from portal.steering.services import templates


class DeliverForm(forms.Form):
    """What becomes of the milestones that are not done."""

    ends_milestones = forms.BooleanField(
        label=_("Terminer aussi les jalons ouverts, et passer l’avancement à 100 %"),
        required=False,
        initial=True,
    )


class DeliverProject(RecordAction):
    """Delivers a project; asks first what becomes of its open milestones."""

    name = "livrer"
    label = _("Livrer le projet")
    icon_name = "check"
    is_main = True
    success = _("Projet livré : le client est prévenu, et son avis lui est demandé.")
    form_class = DeliverForm
    template_name = "portal/steering/deliver.html"
    refusals = (moves.CannotMove,)

    def perform(self, record: Project, actor: Any, **values: Any) -> None:
        moves.deliver_project(project=record, actor=actor, at=timezone.now(), **values)

    @classmethod
    def is_offered(cls, record: Project) -> bool:
        return record.status == Project.Status.ACTIVE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = self.object.milestones.exclude(status="done").order_by("sort_order", "id")
        return super().get_context_data(left=left, **kwargs)

    @property
    def question(self) -> str:  # type: ignore[override]
        count = moves.open_milestones(self.object)
        if not count:
            return str(_("Le client sera prévenu, et son avis lui sera demandé."))
        text = ngettext(
            "Un jalon n’est pas terminé.", "%(count)s jalons ne sont pas terminés.", count
        )
        return text % {"count": count}


class TemplateForm(forms.Form):
    """How the template is called."""

    name = forms.CharField(label=_("Nom du modèle"), max_length=120)


class KeepAsTemplate(RecordAction):
    """Makes a template of a project: its milestones, tasks and requests, as days from its start."""

    name = "modele"
    label = _("En faire un modèle")
    icon_name = "copy"
    is_listed = False
    question = _("Jalons, livrables, tâches et documents demandés sont copiés, sans dates ni noms.")
    success = _("Modèle enregistré.")
    form_class = TemplateForm
    refusals = (templates.CannotKeep,)

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.title[:120]}

    def perform(self, record: Project, actor: Any, **values: Any) -> ProjectTemplate:
        return templates.template_of_project(project=record, actor=actor, **values)

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_steering_projecttemplate:inspect", args=[done.pk])

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("steering.add_projecttemplate")


add_action(Project, DeliverProject)
add_action(Project, KeepAsTemplate)
