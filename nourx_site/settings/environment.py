"""The environment, read once. No other module reads variables of the process."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("NOURX_VAR", BASE_DIR / "var"))

env = environ.Env()

# What `make run` wrote down, so that a command typed beside it finds the same database.
_local = VAR_DIR / "local.env"
if _local.is_file() and os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("dev"):
    environ.Env.read_env(_local, overwrite=False)

# Commands which change tables or roles connect as the owner; everything else, under row security.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "rls_bootstrap", "flush"}


def database_url() -> str:
    """Return the address of the database for this process.

    `DATABASE_URL` is the owner's, for migrations. `APP_DATABASE_URL` is the web role's, which is
    neither owner nor allowed to bypass row-level security.
    """
    owner = env.str("DATABASE_URL", "")
    app = env.str("APP_DATABASE_URL", "")
    command = sys.argv[1] if len(sys.argv) > 1 and sys.argv[0].endswith("manage.py") else ""
    if command in OWNER_COMMANDS:
        return owner or app
    return app or owner


def s3_origin() -> str:
    """Return the origin of the S3 store, or nothing when private files live on disk."""
    if not env.str("AWS_STORAGE_BUCKET_NAME", ""):
        return ""
    endpoint = env.str("AWS_S3_ENDPOINT_URL", "")
    region = env.str("AWS_S3_REGION_NAME", "") or "us-east-1"
    amazon = "s3.amazonaws.com" if region == "us-east-1" else f"s3.{region}.amazonaws.com"
    where = urlsplit(endpoint or f"https://{amazon}")
    return f"{where.scheme}://{where.netloc}"
