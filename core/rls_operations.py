"""Operations for migrations: who may see the rows of a table, and what may never change.

Each operation is reversible and takes a lock on its table for an instant.
"""

from django.db import migrations

CLIENT_IDS = "public.nourx_client_ids()"


def create_scope_function() -> migrations.RunSQL:
    """Create the function that reads the clients of the current transaction."""
    return migrations.RunSQL(
        """
        CREATE FUNCTION public.nourx_client_ids() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT nullif(pg_catalog.current_setting('app.client_ids', true), '')::bigint[] $$;
        """,
        "DROP FUNCTION public.nourx_client_ids();",
    )


def protect(table: str, client: str = "client_id") -> migrations.RunSQL:
    """Show rows of a client-owned table to its client and to the team only.

    `client` is the column that names the client; the root table gives its own "id".
    """
    mine = f"{client} = ANY ({CLIENT_IDS})"
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY nourx_client ON {table} AS PERMISSIVE FOR ALL TO PUBLIC
            USING ({mine}) WITH CHECK ({mine});
        CREATE POLICY nourx_staff ON {table} AS PERMISSIVE FOR ALL TO nourx_staff
            USING (true) WITH CHECK (true);
        """,
        _unprotect(table, "nourx_client", "nourx_staff"),
    )


def protect_for_staff(table: str) -> migrations.RunSQL:
    """Show rows of a table to the team's scope only: no client ever reads it."""
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY nourx_staff ON {table} AS PERMISSIVE FOR ALL TO nourx_staff
            USING (true) WITH CHECK (true);
        """,
        _unprotect(table, "nourx_staff"),
    )


def _unprotect(table: str, *policies: str) -> str:
    drops = "".join(f"DROP POLICY {policy} ON {table};" for policy in policies)
    return f"""{drops}
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"""


def identify_with_client(table: str) -> migrations.RunSQL:
    """Let children of a table refer to (id, client_id) together."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_id_client UNIQUE (id, client_id);",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_id_client;",
    )


def same_client(table: str, column: str, parent: str) -> migrations.RunSQL:
    """Refuse a row whose client is not its parent's.

    Foreign keys are checked outside row security: without this a client could hang a row of
    his own under another client's. The parent must have had `identify_with_client`.
    """
    name = f"{table}_{column}_client"
    return migrations.RunSQL(
        f"""ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, client_id)
            REFERENCES {parent} (id, client_id) DEFERRABLE INITIALLY DEFERRED;""",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def append_only(table: str, changing: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Refuse to delete a row, or to change more than the columns named in `changing`."""
    name = f"{table}_append_only"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - ARRAY[{_texts(changing)}]::text[]
                = to_jsonb(NEW) - ARRAY[{_texts(changing)}]::text[] THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{table} is append-only'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


def never_changed(table: str) -> migrations.RunSQL:
    """Refuse to change a row; it may be removed once its time is over."""
    name = f"{table}_never_changed"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{table} is never changed'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


def _texts(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
