"""Tasks in the JSON API: what a client reads of them, and the little they change."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from core.access.api import ScopedDetailAPI, ScopedListAPI
from core.access.submissions import answer_once
from portal.projects.models import ChecklistItem, Task, TaskComment
from portal.projects.services import tasks as services
from portal.projects.task_forms import LONGEST_MESSAGE


class Moved(APIException):
    """The task has left the column where it was seen."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "moved"


class StepSerializer(serializers.ModelSerializer):
    """A small step of a task."""

    class Meta:
        model = ChecklistItem
        fields = ["id", "label", "is_done"]


class TaskCommentSerializer(serializers.ModelSerializer):
    """A message on a task."""

    author = serializers.CharField(source="author.__str__", read_only=True)
    body = serializers.CharField(max_length=LONGEST_MESSAGE)

    class Meta:
        model = TaskComment
        fields = ["id", "author", "body", "created_at"]
        read_only_fields = ["created_at"]


class TaskSerializer(serializers.ModelSerializer):
    """A task as its client reads it."""

    project = serializers.IntegerField(source="project_id", read_only=True)
    assignee = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [
            "id", "title", "project", "status", "priority", "assignee", "due_date", "updated_at",
        ]  # fmt: skip

    def get_assignee(self, task: Task) -> str | None:
        return str(task.assignee) if task.assignee else None


class TaskDetailSerializer(TaskSerializer):
    """A task with its description, steps and messages."""

    checklist = StepSerializer(many=True, read_only=True)
    comments = TaskCommentSerializer(many=True, read_only=True)

    class Meta(TaskSerializer.Meta):
        fields = [*TaskSerializer.Meta.fields, "body", "checklist", "comments"]


class TaskChangeSerializer(serializers.Serializer):
    """Where a task goes: its column, and the one it was seen in."""

    status = serializers.ChoiceField(choices=Task.Status.choices)
    seen = serializers.ChoiceField(choices=Task.Status.choices, required=False)


class TaskListAPI(ScopedListAPI):
    """The tasks shared with the client, the most pressing first."""

    queryset = Task.objects.select_related("assignee").order_by("due_date", "-priority", "id")
    serializer_class = TaskSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("status", str, enum=Task.Status.values),
            OpenApiParameter("project", int),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The tasks shared with the client, of a state or of a project when they are given."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        rows, asked = super().get_queryset(), self.request.query_params
        if asked.get("status") in Task.Status.values:
            rows = rows.filter(status=asked["status"])
        project = asked.get("project", "")
        if project.isdecimal() and len(project) < 19:
            rows = rows.filter(project_id=int(project))
        return rows


class TaskDetailAPI(ScopedDetailAPI):
    """One task; a client moves those done on their side, and changes nothing else."""

    queryset = Task.objects.select_related("assignee", "project").prefetch_related(
        Prefetch("checklist", queryset=ChecklistItem.objects.order_by("sort_order", "id")),
        Prefetch(
            "comments",
            queryset=TaskComment.objects.select_related("author").order_by("created_at", "id"),
        ),
    )
    serializer_class = TaskDetailSerializer

    @extend_schema(request=TaskChangeSerializer, responses=TaskDetailSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Move a task to another column. Any other field is refused, and nothing changes."""
        return self._move(request)

    @extend_schema(request=TaskChangeSerializer, responses=TaskDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Move a task to another column, for clients that send no PATCH."""
        return self._move(request)

    def _move(self, request: Request) -> Response:
        task = self.get_object()
        services.refuse_fields(_fields_of(request), TaskChangeSerializer().fields)
        change = TaskChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        try:
            services.move_task(
                task=task,
                status=change.validated_data["status"],
                seen=change.validated_data.get("seen", ""),
                after=None,
                actor=request.user,
                at=timezone.now(),
            )
        except services.StaleTask as refusal:
            raise Moved({"status": refusal.task.status}) from refusal
        return Response(TaskDetailSerializer(self.get_object()).data)


class TaskCommentsAPI(ScopedDetailAPI):
    """The messages of a task."""

    queryset = Task.objects.select_related("assignee", "project__client")
    serializer_class = TaskCommentSerializer

    @extend_schema(responses=TaskCommentSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The messages of a task, oldest first, the latest hundred."""
        rows = self.get_object().comments.select_related("author").order_by("-created_at", "-id")
        return Response(TaskCommentSerializer(list(rows[:100])[::-1], many=True).data)

    @extend_schema(request=TaskCommentSerializer, responses={201: TaskCommentSerializer})
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Write a message on a task, once for each `Idempotency-Key`."""
        return answer_once(request, lambda: self._write(request))

    def _write(self, request: Request) -> Response:
        task = self.get_object()
        services.refuse_fields(_fields_of(request), ["body"])
        words = TaskCommentSerializer(data=request.data)
        words.is_valid(raise_exception=True)
        comment = services.add_comment(
            task=task, body=words.validated_data["body"], actor=request.user, at=timezone.now()
        )
        answer = TaskCommentSerializer(comment).data
        headers = {"Location": reverse("api_task_comments", args=[task.pk])}
        return Response(answer, status=status.HTTP_201_CREATED, headers=headers)


def _fields_of(request: Request) -> Mapping[str, Any]:
    """Return what was sent, by name; a list or a bare word has no names."""
    if not isinstance(request.data, Mapping):
        raise ParseError
    return request.data


urlpatterns = [
    path("tasks/", TaskListAPI.as_view(), name="api_tasks"),
    path("tasks/<int:pk>/", TaskDetailAPI.as_view(), name="api_task"),
    path("tasks/<int:pk>/comments/", TaskCommentsAPI.as_view(), name="api_task_comments"),
]
