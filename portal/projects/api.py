"""Projects in the JSON API."""

from django.db.models import Prefetch
from django.urls import path
from rest_framework import serializers

from core.access.api import ScopedDetailAPI, ScopedListAPI
from portal.projects import task_api
from portal.projects.models import Milestone, Project


class MilestoneSerializer(serializers.ModelSerializer):
    """A step of the roadmap."""

    class Meta:
        model = Milestone
        fields = ["id", "title", "release", "status", "start_date", "due_date"]


class ProjectSerializer(serializers.ModelSerializer):
    """A project, without what only the team knows."""

    class Meta:
        model = Project
        fields = ["id", "title", "summary", "status", "progress", "start_date", "due_date"]


class ProjectDetailSerializer(ProjectSerializer):
    """A project with its roadmap."""

    milestones = MilestoneSerializer(many=True, read_only=True)

    class Meta(ProjectSerializer.Meta):
        fields = [*ProjectSerializer.Meta.fields, "milestones"]


class ProjectListAPI(ScopedListAPI):
    """The client's projects, the next to be delivered first."""

    queryset = Project.objects.order_by("due_date", "id")
    serializer_class = ProjectSerializer


class ProjectDetailAPI(ScopedDetailAPI):
    """One project."""

    queryset = Project.objects.prefetch_related(
        Prefetch("milestones", queryset=Milestone.objects.order_by("sort_order", "id"))
    )
    serializer_class = ProjectDetailSerializer


urlpatterns = [
    path("projects/", ProjectListAPI.as_view(), name="api_projects"),
    path("projects/<int:pk>/", ProjectDetailAPI.as_view(), name="api_project"),
    *task_api.urlpatterns,
]
