"""Operations for migrations: a paper of law is frozen by the database itself.

Each operation is reversible and takes a lock on its table for an instant.
"""

from collections.abc import Sequence

from django.db import migrations

# What may still change once a paper is issued: nothing that the paper shows.
HOUSEKEEPING = ("updated_at", "version", "project_id", "search_norm", "search_vector")
ONCE = ("pdf_id", "pdf_sha256")

# A draft is free; an issued paper keeps all columns but the free ones, and its PDF once there.
PAPER_CHECK = """
            IF OLD.status = 'draft' THEN
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            IF TG_OP = 'UPDATE' THEN
                IF to_jsonb(OLD) - free = to_jsonb(NEW) - free
                    AND (OLD.pdf_id IS NULL OR (NEW.pdf_id IS NOT DISTINCT FROM OLD.pdf_id
                        AND NEW.pdf_sha256 = OLD.pdf_sha256)) THEN
                    RETURN NEW;
                END IF;
            END IF;
"""


def freeze_paper(
    table: str,
    *,
    changing: Sequence[str] = (),
    moves: Sequence[tuple[str, str]] = (),
    on_move: Sequence[str] = (),
    open_while: tuple[str, Sequence[str]] | None = None,
) -> migrations.RunSQL:
    """Refuse to delete a paper that is no draft, or to change what it says.

    `changing` are columns that go on living; `moves` are the changes of status allowed, each
    of which may also fill the columns of `on_move`. The PDF may be put in place once.
    `open_while` is a status and the columns that live only while a paper has it.
    """
    name = f"{table}_freeze"
    living = _texts([*HOUSEKEEPING, *ONCE, *changing])
    moving = _texts([*HOUSEKEEPING, *ONCE, *changing, *on_move, "status"])
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            free text[] := ARRAY[{living}]::text[];
        BEGIN{_opening(*open_while) if open_while else ""}
            IF TG_OP = 'UPDATE' AND ({_is_a_move(moves)}) THEN
                free := ARRAY[{moving}]::text[];
            END IF;
            {PAPER_CHECK}
            RAISE EXCEPTION '{table} % is issued: it is corrected, never changed', OLD.number
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


def _opening(status: str, columns: Sequence[str]) -> str:
    """Free more columns while a paper keeps a status."""
    return f"""
            IF TG_OP = 'UPDATE' AND OLD.status = '{status}' AND NEW.status = '{status}' THEN
                free := free || ARRAY[{_texts(columns)}]::text[];
            END IF;"""


def _is_a_move(moves: Sequence[tuple[str, str]]) -> str:
    """Write the condition true of the changes of status allowed."""
    allowed = [f"(OLD.status = '{before}' AND NEW.status = '{after}')" for before, after in moves]
    return " OR ".join(allowed) or "false"


def freeze_lines(
    table: str, column: str, parent: str, *, changing: Sequence[tuple[str, str]] = ()
) -> migrations.RunSQL:
    """Refuse to add, change or delete a line of a paper that is no draft.

    The paper is locked while its line is written, so that it is not issued meanwhile.
    `changing` are (column, status): what may still change while the paper has a status.
    """
    name = f"{table}_freeze"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN{_living_lines(column, parent, changing)}
            IF TG_OP <> 'INSERT' THEN
                PERFORM {name}_check(OLD.{column});
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            IF TG_OP = 'INSERT' OR NEW.{column} <> OLD.{column} THEN
                PERFORM {name}_check(NEW.{column});
            END IF;
            RETURN NEW;
        END $$;
        {_draft_check(name, parent)}
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"""DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();
        DROP FUNCTION {name}_check(bigint);""",
    )


def _living_lines(column: str, parent: str, changing: Sequence[tuple[str, str]]) -> str:
    """Let one column of a line change while its paper has a status."""
    return "".join(
        f"""
            IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - '{each}' = to_jsonb(NEW) - '{each}' THEN
                PERFORM 1 FROM {parent} WHERE id = OLD.{column} AND status = '{status}' FOR SHARE;
                IF FOUND THEN
                    RETURN NEW;
                END IF;
            END IF;"""
        for each, status in changing
    )


def _draft_check(name: str, parent: str) -> str:
    """Write the function that locks a paper and fails unless it is a draft."""
    return f"""CREATE FUNCTION {name}_check(paper bigint) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            found_status text;
        BEGIN
            SELECT status INTO found_status FROM {parent} WHERE id = paper FOR SHARE;
            IF found_status IS DISTINCT FROM 'draft' THEN
                RAISE EXCEPTION 'lines of {parent} % are frozen', paper
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END $$;"""  # noqa: S608 -- the names are written in our migrations


def undo(operation: migrations.RunSQL) -> migrations.RunSQL:
    """Take back an operation of an earlier migration, to put another in its place."""
    return migrations.RunSQL(operation.reverse_sql, operation.sql)


def _texts(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
