"""What the team keeps beside a project to steer it. Clients see none of these rows."""

from portal.steering.models.projects import ProgressReport, Risk, StatusLimit
from portal.steering.models.templates import (
    ProjectTemplate,
    TemplateMilestone,
    TemplateRequest,
    TemplateTask,
)

__all__ = [
    "ProgressReport",
    "ProjectTemplate",
    "Risk",
    "StatusLimit",
    "TemplateMilestone",
    "TemplateRequest",
    "TemplateTask",
]
