"""Every announcement names an event that some app declares, with words for it."""

import ast
from pathlib import Path

import pytest

from core.notify.events import events
from core.notify.staff_events import staff_events

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("core", "portal", "billing", "home")


@pytest.fixture
def some_events():
    """Nothing in place of the events of the product: they are what is tested here."""


def constants(tree):
    """Return the texts that a module gives names to."""
    named = {}
    for node in (one for one in tree.body if isinstance(one, ast.Assign)):
        target, value = node.targets[0], node.value
        several = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        pairs = zip(target.elts, value.elts, strict=False) if several else [(target, value)]
        for name, text in pairs:
            if isinstance(name, ast.Name) and isinstance(text, ast.Constant):
                named[name.id] = text.value
    return named


def handing_on(tree, called):
    """Return the functions of a module that hand their first argument on to another."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        first = function.args.args[0].arg if function.args.args else ""
        for node in ast.walk(function):
            is_call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == called
            if is_call and node.args and getattr(node.args[0], "id", "") == first:
                yield function.name


def announced(by="announce"):
    """Return (file, event) of each call whose event is written in its module."""
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text())
            names = constants(tree)
            callers = {by, *handing_on(tree, by)}
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if called in callers and isinstance(first, ast.Constant):
                    yield path.name, first.value
                elif called in callers and isinstance(first, ast.Name) and first.id in names:
                    yield path.name, names[first.id]


def test_every_announced_event_is_declared():
    found = list(announced())

    assert found
    assert [(file, name) for file, name in found if name not in events()] == []


def test_every_event_has_words_for_people():
    assert [name for name, event in events().items() if not str(event.label).strip()] == []
    assert [name for name, event in events().items() if not str(event.group).strip()] == []


def test_no_two_events_share_their_words():
    labels = [str(event.label) for event in events().values()]

    assert sorted(labels) == sorted(set(labels))


def test_everything_the_team_is_told_of_has_words_to_choose_by():
    found = list(announced(by="tell_staff"))

    assert {"desk_notices.py", "engine.py", "sending.py", "telling.py"} <= {
        file for file, _ in found
    }
    assert [(file, name) for file, name in found if name not in staff_events()] == []


def test_no_two_events_of_the_team_share_their_words():
    labels = [str(event.label) for event in staff_events().values()]
    assert len(set(labels)) == len(labels)
