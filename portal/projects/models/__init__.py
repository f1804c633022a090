"""The work we do for a client: projects, milestones, deliverables, tasks."""

from portal.projects.models.projects import (
    Deliverable,
    Milestone,
    MilestoneComment,
    Project,
    ProjectMember,
    ProjectUserGrant,
)
from portal.projects.models.tasks import ChecklistItem, Task, TaskComment, TimeEntry

__all__ = [
    "ChecklistItem",
    "Deliverable",
    "Milestone",
    "MilestoneComment",
    "Project",
    "ProjectMember",
    "ProjectUserGrant",
    "Task",
    "TaskComment",
    "TimeEntry",
]
