"""Tasks in the team's screens: what is seen there, what clients are told, and when."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import Notification
from portal.projects.models import ChecklistItem, Task, TaskComment, TaskMove
from portal.projects.services import tasks as services
from tests.portal.conftest import PDF


def page_of(name, *args):
    return reverse(f"wagtailsnippets_projects_task:{name}", args=args)


def notices():
    with rls.staff("test"):
        return list(Notification.objects.order_by("pk").values_list("user", "event"))


def save(task, actor, **values):
    """Save a task as its page in the back-office does."""
    with rls.staff("test"):
        row = Task.objects.get(pk=task.pk)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        services.note_task(task=row, actor=actor, at=timezone.now())


def test_the_team_reads_what_the_client_said_and_joined(mine, acme_owner, owner_staff, client_of):
    client = client_of(acme_owner)
    words = {"body": "Voici <i>le</i> plan", "files": SimpleUploadedFile("plan.pdf", PDF)}
    client.post(reverse("projects:comment_task", args=[mine.pk]), words)
    client.post(reverse("projects:move_task", args=[mine.pk]), {"status": "review"})
    team = client_of(owner_staff)

    page = team.get(page_of("inspect", mine.pk)).content.decode()
    history = team.get(page_of("history", mine.pk)).content.decode()

    assert "Voici &lt;i&gt;le&lt;/i&gt; plan" in page
    assert "plan.pdf" in page
    assert "À valider" in page
    assert "Message sur une tâche" in history
    assert "Tâche déplacée" in history


def test_the_team_answers_and_the_client_is_told(mine, acme_owner, owner_staff, client_of):
    team = client_of(owner_staff)

    team.post(page_of("repondre", mine.pk), {"body": "Merci, c’est parfait."})

    page = client_of(acme_owner).get(reverse("projects:task", args=[mine.pk])).content.decode()
    assert "Merci, c’est parfait." in page
    assert notices() == [(acme_owner.pk, "task_comment")]


def test_the_team_s_refused_file_keeps_no_message(mine, owner_staff, client_of):
    words = {"body": "Voici", "files": SimpleUploadedFile("jeu.exe", b"MZ\x90\x00")}

    page = client_of(owner_staff).post(page_of("repondre", mine.pk), words)

    assert "Ce type de fichier n’est pas accepté" in page.content.decode()
    with rls.staff("test"):
        assert TaskComment.objects.count() == 0


def test_a_move_by_the_team_is_kept_and_shown(mine, acme_owner, owner_staff, client_of):
    save(mine, owner_staff, status="done")

    with rls.staff("test"):
        found = list(TaskMove.objects.values_list("actor", "from_status", "to_status"))
        done_at = Task.objects.get(pk=mine.pk).done_at
    assert found == [(owner_staff.pk, "todo", "done")]
    assert done_at is not None
    assert notices() == [(acme_owner.pk, "task_done")]
    page = client_of(acme_owner).get(reverse("projects:task", args=[mine.pk])).content.decode()
    assert "de « À faire » à « Terminé »" in page


def test_a_save_that_moves_nothing_keeps_no_move(mine, owner_staff):
    save(mine, owner_staff, title="Envoyer les photos carrées")

    with rls.staff("test"):
        assert TaskMove.objects.count() == 0
    assert notices() == []


def test_somebody_of_the_client_is_told_that_a_task_is_theirs(
    project, acme_owner, owner_staff, make_task
):
    task = make_task(project)

    save(task, owner_staff, assignee=acme_owner)
    save(task, owner_staff, due_date=timezone.localdate())

    assert notices() == [(acme_owner.pk, "task_assigned")]


def test_nobody_of_the_client_is_told_of_what_the_team_keeps(
    project, acme_owner, owner_staff, make_task
):
    task = make_task(project, is_shared=False)

    save(task, owner_staff, assignee=acme_owner, status="done")
    with rls.staff("test"):
        services.add_comment(task=task, body="Entre nous", actor=owner_staff, at=timezone.now())

    assert notices() == []


def test_a_step_ticked_by_the_team_counts_for_the_client(mine, acme_owner, client_of):
    with rls.staff("test"):
        for n in range(4):
            ChecklistItem.objects.create(task=mine, label=f"Étape {n}", is_done=n == 0)

    page = client_of(acme_owner).get(reverse("projects:task", args=[mine.pk])).content.decode()

    assert "1 étape faite sur 4" in page
