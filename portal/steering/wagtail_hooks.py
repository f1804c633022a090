"""What steering adds elsewhere: policies and acts first, then screens, then what hooks ask."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.access.roles import Grant
from core.audit import log
from core.notify.events import declare_event
from core.notify.staff_events import declare_staff_event
from portal.projects.portal_hooks import PROJECTS
from portal.steering.models import (
    ProgressReport,
    ProjectTemplate,
    Risk,
    StatusLimit,
    TemplateMilestone,
    TemplateRequest,
    TemplateTask,
)
from portal.steering.policies import ReportPolicy

for _model in (ProjectTemplate, TemplateMilestone, TemplateTask, TemplateRequest):
    register_permission_policy(_model, TeamPolicy(_model))
register_permission_policy(StatusLimit, TeamPolicy(StatusLimit))
register_permission_policy(Risk, TeamPolicy(Risk))
register_permission_policy(ProgressReport, ReportPolicy(ProgressReport))

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
declare_event(
    "project_report",
    label=_("Le rapport d’avancement de la semaine"),
    group=PROJECTS,
    grant=Grant.VIEW_PROJECTS,
)
declare_staff_event(
    "report_to_read", label=_("Un rapport d’avancement est à relire"), group=PROJECTS
)

from portal.steering import home_hooks, screens  # noqa: E402, F401  they register their parts
