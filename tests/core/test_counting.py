"""Counting several sets of rows at once."""

from core.accounts.models import Client, ClientTag
from core.counting import count_together


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
