"""Tasks in the JSON API: what a client may say of them, and what is refused whole."""

import json
import uuid

import pytest

from core import rls
from portal.projects.models import Task, TaskComment


def json_of(response):
    return json.loads(response.content)


def now_of(task):
    with rls.staff("test"):
        return Task.objects.get(pk=task.pk)


@pytest.fixture
def task(project, acme_owner):
    """A task that the client does."""
    with rls.staff("test world"):
        return Task.objects.create(project=project, title="Photos", assignee=acme_owner)


@pytest.fixture
def send(client_of, acme_owner):
    """Return a function that sends JSON as somebody of the client."""

    def call(method, path, data, user=None):
        browser = client_of(user or acme_owner)
        return getattr(browser, method)(
            f"/api/v1/tasks/{path}", json.dumps(data), content_type="application/json"
        )

    return call


def test_a_client_lists_its_tasks_by_state(task, project, acme_owner, client_of):
    browser = client_of(acme_owner)

    (row,) = json_of(browser.get("/api/v1/tasks/?status=todo"))["results"]

    assert (row["id"], row["status"], row["priority"]) == (task.pk, "todo", 2)
    assert (row["project"], row["assignee"]) == (project.pk, str(acme_owner))
    assert json_of(browser.get("/api/v1/tasks/?status=done"))["results"] == []
    assert json_of(browser.get("/api/v1/tasks/?project=0"))["results"] == []


@pytest.mark.parametrize("method", ["patch", "post"])
def test_a_client_moves_its_task(method, task, send):
    answer = send(method, f"{task.pk}/", {"status": "doing", "seen": "todo"})

    assert (answer.status_code, json_of(answer)["status"]) == (200, "doing")
    assert now_of(task).status == "doing"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"status": "done", "assignee": 1}, 403),
        ({"status": "done", "priority": 3}, 403),
        ({"title": "Autre"}, 403),
        ({"status": "perdue"}, 400),
        ({}, 400),
        ({"status": "done", "seen": "review"}, 409),
    ],
)
def test_what_a_client_may_not_say_changes_nothing(data, status, task, acme_owner, send):
    answer = send("patch", f"{task.pk}/", data)

    assert answer.status_code == status
    after = now_of(task)
    assert (after.status, after.title, after.priority) == ("todo", "Photos", 2)
    assert (after.assignee_id, after.version) == (acme_owner.pk, 1)


def test_a_task_of_the_team_is_read_and_not_moved(
    project, owner_staff, send, client_of, acme_owner
):
    with rls.staff("test world"):
        task = Task.objects.create(project=project, title="Panier", assignee=owner_staff)

    answer = send("patch", f"{task.pk}/", {"status": "done"})

    assert answer.status_code == 403
    assert now_of(task).status == "todo"
    assert client_of(acme_owner).get(f"/api/v1/tasks/{task.pk}/").status_code == 200


def test_a_client_writes_on_a_task_and_reads_it_back(task, acme_owner, send, client_of):
    answer = send("post", f"{task.pk}/comments/", {"body": "C’est envoyé."})

    assert (answer.status_code, json_of(answer)["author"]) == (201, str(acme_owner))
    (row,) = json_of(client_of(acme_owner).get(f"/api/v1/tasks/{task.pk}/comments/"))
    assert row["body"] == "C’est envoyé."


def test_a_message_sent_twice_is_kept_once(task, acme_owner, client_of):
    browser, address = client_of(acme_owner), f"/api/v1/tasks/{task.pk}/comments/"
    sent = {"headers": {"Idempotency-Key": str(uuid.uuid4())}, "content_type": "application/json"}

    answers = [browser.post(address, json.dumps({"body": "Une fois"}), **sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 302]
    assert answers[1]["Location"] == address
    with rls.staff("test"):
        assert TaskComment.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [({"body": ""}, 400), ({"body": "é" * 50_000}, 400), ({"body": "Oui", "author": 1}, 403)],
)
def test_a_message_that_cannot_be_kept_is_refused(data, status, task, send):
    assert send("post", f"{task.pk}/comments/", data).status_code == status
    with rls.staff("test"):
        assert TaskComment.objects.count() == 0


def test_another_client_finds_no_task(task, rival_owner, send, client_of):
    browser = client_of(rival_owner)

    assert browser.get(f"/api/v1/tasks/{task.pk}/").status_code == 404
    assert send("patch", f"{task.pk}/", {"status": "done"}, rival_owner).status_code == 404
    assert send("post", f"{task.pk}/comments/", {"body": "?"}, rival_owner).status_code == 404
    assert json_of(browser.get("/api/v1/tasks/"))["results"] == []
    assert now_of(task).status == "todo"


def test_the_documentation_tells_of_tasks(client_of, acme_owner):
    page = client_of(acme_owner).get("/api/docs/").content.decode()

    for address in ("/api/v1/tasks/", "/api/v1/tasks/{id}/", "/api/v1/tasks/{id}/comments/"):
        assert address in page


@pytest.mark.parametrize("body", ["null", "1", '"status"', "[{}]", '[["status"]]'])
def test_what_has_no_fields_is_refused(body, task, client_of, acme_owner):
    browser, address = client_of(acme_owner), f"/api/v1/tasks/{task.pk}/"

    moved = browser.patch(address, body, content_type="application/json")
    written = browser.post(f"{address}comments/", body, content_type="application/json")

    assert (moved.status_code, written.status_code) == (400, 400)
    assert now_of(task).status == Task.Status.TODO
    with rls.staff("test"):
        assert not TaskComment.objects.exists()
