"""Counting several sets of rows at once."""

from core.accounts.models import Client, ClientTag
from core.counting import count_at_client, count_together, forget_counts
from core.live.publishing import tell


def test_sets_are_counted_in_one_query(acme, rival, team, django_assert_num_queries):
    sets = {"all": Client.objects.all(), "none": ClientTag.objects.all()}

    with django_assert_num_queries(1):
        counts = count_together(sets)

    assert counts == {"all": 2, "none": 0}


def test_one_set_alone_is_counted(acme, team):
    assert count_together({"acme": Client.objects.filter(pk=acme.pk)}) == {"acme": 1}


def test_nothing_to_count_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        counts = count_together({})

    assert counts == {}


def test_a_count_is_kept_until_something_changes_at_the_client(
    acme, rival, team, django_assert_num_queries, django_capture_on_commit_callbacks
):
    sets = {"all": Client.objects.all, "known": lambda: 7}
    count_at_client(acme.pk, 1, sets)
    Client.objects.filter(pk=rival.pk).update(name="Autre")

    with django_assert_num_queries(0):
        kept = count_at_client(acme.pk, 1, sets)
    with django_capture_on_commit_callbacks(execute=True):
        tell("projects", client_id=acme.pk)
    with django_assert_num_queries(1):
        counted = count_at_client(acme.pk, 1, sets)

    assert kept == counted == {"all": 2, "known": 7}


def test_a_count_of_one_person_is_not_shown_to_another(acme, rival, team):
    count_at_client(acme.pk, 1, {"rows": Client.objects.all})

    counts = count_at_client(acme.pk, 2, {"rows": Client.objects.none})

    assert counts == {"rows": 0}


def test_a_number_that_the_page_knows_is_not_kept(acme, team):
    count_at_client(acme.pk, 1, {"rows": lambda: 7})

    counts = count_at_client(acme.pk, 1, {"rows": Client.objects.all})

    assert counts == {"rows": 1}


def test_a_change_between_reading_the_mark_and_the_rows_is_not_missed(
    acme, team, django_capture_on_commit_callbacks
):
    def change_meanwhile():
        with django_capture_on_commit_callbacks(execute=True):
            forget_counts(acme.pk)
        return Client.objects.none()

    count_at_client(acme.pk, 1, {"rows": change_meanwhile})

    counts = count_at_client(acme.pk, 1, {"rows": Client.objects.all})

    assert counts == {"rows": 1}
