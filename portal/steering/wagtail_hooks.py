"""What steering adds elsewhere: policies and acts first, then screens, then what hooks ask."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from core.access.policies import KeptRecordPolicy, NeverDeletedPolicy, TeamPolicy
from core.audit import log
from portal.steering.models import (
    ProgressReport,
    ProjectTemplate,
    Risk,
    StatusLimit,
    TemplateMilestone,
    TemplateRequest,
    TemplateTask,
)

for _model in (ProjectTemplate, TemplateMilestone, TemplateTask, TemplateRequest):
    register_permission_policy(_model, TeamPolicy(_model))
register_permission_policy(StatusLimit, TeamPolicy(StatusLimit))
register_permission_policy(Risk, KeptRecordPolicy(Risk))
register_permission_policy(ProgressReport, NeverDeletedPolicy(ProgressReport))

log.declare(
    project_moved=_("Projet changé de statut"),
    project_delivered=_("Projet livré"),
    roadmap_saved=_("Feuille de route modifiée"),
    milestones_removed=_("Jalons retirés"),
    risk_saved=_("Risque noté"),
    template_saved=_("Modèle de projet enregistré"),
    template_made=_("Modèle tiré d’un projet"),
    project_started=_("Projet créé d’après un modèle"),
    report_drafted=_("Rapport d’avancement préparé"),
    report_saved=_("Rapport d’avancement modifié"),
    report_approved=_("Rapport d’avancement approuvé"),
    report_sent=_("Rapport d’avancement envoyé"),
    report_dropped=_("Rapport d’avancement non envoyé"),
)

from portal.steering import screens  # noqa: E402, F401  they register their parts
