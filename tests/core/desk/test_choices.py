"""What a person keeps of a listing, as values alone."""

from types import SimpleNamespace

import pytest

from core.backoffice.desk_pages import raised
from core.backoffice.listings import arranged, exported, field_of
from core.desk.reading import Choice
from core.desk.services.filters import kept_query


def columns(*names):
    return [SimpleNamespace(name=name) for name in names]


def names(found):
    return [column.name for column in found]


def test_boxes_and_the_first_column_never_move():
    given = columns("bulk_actions", "number", "client", "total")

    found = arranged(given, Choice(order=("total", "number"), hidden=frozenset({"number"})))

    assert names(found) == ["bulk_actions", "number", "total", "client"]


def test_a_column_that_came_since_shows_last_and_one_that_is_gone_is_forgotten():
    given = columns("number", "client", "total", "due")

    found = arranged(given, Choice(order=("total", "gone", "client"), hidden=frozenset({"client"})))

    assert names(found) == ["number", "total", "due"]


def test_an_extra_column_shows_only_once_it_is_asked_for():
    given = columns("number", "client", "sector")

    assert names(arranged(given, Choice(), ["sector"])) == ["number", "client"]
    assert names(arranged(given, Choice(order=("sector",)), ["sector"])) == [
        "number",
        "sector",
        "client",
    ]


@pytest.mark.parametrize(
    ("choice", "fields"),
    [
        (Choice(), ["number", "client.name", "client.ncc", "method", "total"]),
        (Choice(hidden=frozenset({"client"})), ["number", "method", "total"]),
        (
            Choice(order=("total", "get_method_display"), hidden=frozenset({"client"})),
            ["number", "total", "method"],
        ),
    ],
)
def test_an_export_follows_the_columns(choice, fields):
    given = ["number", "client.name", "client.ncc", "method", "total"]

    assert exported(given, choice) == fields


def test_an_export_never_ends_up_without_a_column():
    assert exported(["number"], Choice(hidden=frozenset({"number"}))) == ["number"]


def test_a_path_and_a_word_of_a_choice_are_their_field():
    assert field_of("client.name") == "client"
    assert field_of("get_method_display") == "method"


def test_the_page_and_empty_fields_are_no_part_of_a_filter():
    kept = kept_query("?q=kon%C3%A9&client=&p=3&export=csv&vue=7&kind=deposit&kind=final")

    assert kept == "q=kon%C3%A9&kind=deposit&kind=final"


def test_a_name_goes_up_one_place_and_the_first_stays():
    assert raised(["a", "b", "c"], "c") == ["a", "c", "b"]
    assert raised(["a", "b", "c"], "a") == ["a", "b", "c"]
