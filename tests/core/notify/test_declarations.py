"""Every announcement names an event that some app declares, with words for it."""

import ast
from pathlib import Path

import pytest

from core.notify.events import events

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("core", "portal", "billing", "home")


@pytest.fixture
def some_events():
    """Nothing in place of the events of the product: they are what is tested here."""


def constants(tree):
    """Return the texts that a module gives names to."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def announced():
    """Return (file, event) of each call whose event is written in its module."""
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text())
            names = constants(tree)
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if called == "announce" and isinstance(first, ast.Constant):
                    yield path.name, first.value
                elif called == "announce" and isinstance(first, ast.Name) and first.id in names:
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
