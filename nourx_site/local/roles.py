"""The three database roles, and what each may do.

`nourx_owner` owns the tables and runs migrations. `nourx_app` is the login of the web and of the
worker: it owns nothing and lives under row-level security. `nourx_staff` cannot log in; it sees all
rows, and the two others may switch to it for one transaction but never inherit it.
"""

import psycopg
from psycopg import sql

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
