"""The three database roles, and what each may do.

    DATABASE_URL=postgresql://administrator@host/nourx .venv/bin/python -m nourx_site.local.roles

creates them on a server of one's own, with new passwords, and writes the two addresses to use.

`nourx_owner` owns the tables and runs migrations. `nourx_app` is the login of the web and of the
worker: it owns nothing and lives under row-level security. `nourx_staff` cannot log in; it sees all
rows, and the two others may switch to it for one transaction but never inherit it.
"""

import os
import secrets
import sys

import psycopg
from psycopg import sql

from nourx_site.local.console import CannotStart, run_command, say

ROLES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nourx_owner') THEN
        CREATE ROLE nourx_owner;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nourx_app') THEN
        CREATE ROLE nourx_app;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nourx_staff') THEN
        CREATE ROLE nourx_staff;
    END IF;
END $$;
ALTER ROLE nourx_owner LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
ALTER ROLE nourx_app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE nourx_staff NOLOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
GRANT nourx_staff TO nourx_app, nourx_owner WITH INHERIT FALSE, SET TRUE;
ALTER ROLE nourx_app SET statement_timeout = '20s';
ALTER ROLE nourx_app SET lock_timeout = '10s';
ALTER ROLE nourx_app SET idle_in_transaction_session_timeout = '60s';
"""

PRIVILEGES = """
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO nourx_owner;
GRANT USAGE ON SCHEMA public TO nourx_app, nourx_staff;
ALTER DEFAULT PRIVILEGES FOR ROLE nourx_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO nourx_app, nourx_staff;
ALTER DEFAULT PRIVILEGES FOR ROLE nourx_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO nourx_app, nourx_staff;
"""


def make_roles(superuser: psycopg.Connection, *, may_create_databases: bool) -> None:
    """Create the roles, or set them right again; `may_create_databases` is for test runs."""
    superuser.execute(ROLES)
    createdb = "CREATEDB" if may_create_databases else "NOCREATEDB"
    superuser.execute(sql.SQL("ALTER ROLE nourx_owner " + createdb))


def make_database(superuser: psycopg.Connection, name: str) -> None:
    """Create a database owned by `nourx_owner` unless it is there; needs autocommit."""
    found = superuser.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    database = sql.Identifier(name)
    if found is None:
        superuser.execute(sql.SQL("CREATE DATABASE {} OWNER nourx_owner").format(database))
    superuser.execute(sql.SQL("REVOKE TEMP ON DATABASE {} FROM PUBLIC").format(database))


def grant_privileges(superuser: psycopg.Connection) -> None:
    """Give the roles their rights on the tables, present and future, of the connected database."""
    superuser.execute(PRIVILEGES)


def main() -> int:
    """Create the roles on the server of DATABASE_URL, and write the addresses to use."""
    address = os.environ.get("DATABASE_URL", "")
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as administrator:
            say_addresses(administrator)
    except psycopg.Error as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise CannotStart(
            f"les rôles n’ont pas pu être créés ({reason}). DATABASE_URL doit être l’adresse de "
            "la base pour un administrateur du serveur."
        ) from error
    return 0


def say_addresses(administrator: psycopg.Connection) -> None:
    """Make the roles of the connected database, give the logins passwords, write their addresses.

    :raises CannotStart: if the roles exist: their passwords are somebody's already.
    """
    if administrator.execute("SELECT 1 FROM pg_roles WHERE rolname = 'nourx_app'").fetchone():
        raise CannotStart("les rôles existent déjà : donnez DATABASE_URL et APP_DATABASE_URL.")
    make_roles(administrator, may_create_databases=True)
    grant_privileges(administrator)
    where = administrator.info
    server = f"{where.host}:{where.port}/{where.dbname}"
    if where.host.startswith("/"):  # the folder of a socket
        server = f"/{where.dbname}?host={where.host}&port={where.port}"
    for variable, role in (("DATABASE_URL", "nourx_owner"), ("APP_DATABASE_URL", "nourx_app")):
        password = secrets.token_urlsafe(24)
        query = sql.SQL("ALTER ROLE {} PASSWORD {}")
        administrator.execute(query.format(sql.Identifier(role), sql.Literal(password)))
        say(f"{variable}=postgresql://{role}:{password}@{server}")


if __name__ == "__main__":
    sys.exit(run_command(main))
