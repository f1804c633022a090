"""The work we do for a client: projects, milestones, deliverables, tasks."""

from portal.projects.models.feedback import (
    CommentFile,
    DeliverableDecision,
    DeliverableFile,
    MilestoneComment,
    ProjectChoice,
    SurveyAnswer,
)
from portal.projects.models.projects import (
    Deliverable,
    Milestone,
    Project,
    ProjectMember,
    ProjectUserGrant,
)
from portal.projects.models.tasks import (
    ChecklistItem,
    Task,
    TaskAttachment,
    TaskComment,
    TaskMove,
    TimeEntry,
)

__all__ = [
    "ChecklistItem",
    "CommentFile",
    "Deliverable",
    "DeliverableDecision",
    "DeliverableFile",
    "Milestone",
    "MilestoneComment",
    "Project",
    "ProjectChoice",
    "ProjectMember",
    "ProjectUserGrant",
    "SurveyAnswer",
    "Task",
    "TaskAttachment",
    "TaskComment",
    "TaskMove",
    "TimeEntry",
]
