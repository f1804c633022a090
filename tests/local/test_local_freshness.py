"""A start skips the preparation only when nothing has changed."""

import psycopg
import pytest

from nourx_site.local import freshness


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A small clone with one migration, prepared."""
    (tmp_path / "core/access/migrations").mkdir(parents=True)
    (tmp_path / "core/access/migrations/0001_initial.py").write_text("first")
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    (tmp_path / "var").mkdir()
    monkeypatch.setattr(freshness, "ROOT", tmp_path)
    monkeypatch.setattr(freshness, "VAR", tmp_path / "var")
    monkeypatch.setattr(freshness, "NOTE", tmp_path / "var/prepared.sha256")
    return tmp_path


@pytest.fixture
def variables(postgres):
    with psycopg.connect(postgres.url("nourx_owner"), autocommit=True) as owner:
        owner.execute("DROP TABLE IF EXISTS django_migrations")
        owner.execute("CREATE TABLE django_migrations AS SELECT 1 AS id")
    return postgres.environment()


def test_a_first_start_prepares(clone, variables):
    assert freshness.is_prepared(variables) is False


def test_a_second_start_does_not(clone, variables):
    freshness.note_prepared(variables)

    assert freshness.is_prepared(variables) is True


@pytest.mark.parametrize(
    "changed",
    ["requirements.txt", "core/access/migrations/0001_initial.py", "core/ui/static/ui/new.css"],
)
def test_a_changed_file_prepares_again(clone, variables, changed):
    freshness.note_prepared(variables)

    (clone / changed).parent.mkdir(parents=True, exist_ok=True)
    (clone / changed).write_text("something else")

    assert freshness.is_prepared(variables) is False


def test_another_database_prepares_again(clone, variables, postgres):
    freshness.note_prepared(variables)

    with psycopg.connect(postgres.url("nourx_owner"), autocommit=True) as owner:
        owner.execute("DROP TABLE django_migrations")

    assert freshness.is_prepared(variables) is False
