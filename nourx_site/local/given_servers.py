"""Servers given by the environment instead of the embedded ones: they must answer."""

from collections.abc import Mapping

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from nourx_site.local.console import CannotStart


def require_answers(given: Mapping[str, str]) -> None:
    """Check that every server given by its address answers.

    :raises CannotStart: with what to do about the first that does not.
    """
    if given.get("DATABASE_URL"):
        _require_database(given["DATABASE_URL"], "DATABASE_URL")
        if not given.get("APP_DATABASE_URL"):
            raise CannotStart(
                "DATABASE_URL est donné sans APP_DATABASE_URL, le rôle de l’application. Créez "
                "les rôles avec « .venv/bin/python -m nourx_site.local.roles », puis donnez les "
                "deux adresses qu’il écrit."
            )
        _require_database(given["APP_DATABASE_URL"], "APP_DATABASE_URL")
    if given.get("REDIS_URL"):
        _require_redis(given["REDIS_URL"])


def _require_database(url: str, variable: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        raise CannotStart(
            f"la base de données de {variable} ne répond pas ({_first_line(error)}). Corrigez "
            f"{variable}, ou retirez DATABASE_URL pour la base intégrée."
        ) from error


def _require_redis(url: str) -> None:
    try:
        once = Retry(NoBackoff(), 0)
        client = redis.Redis.from_url(url, socket_connect_timeout=5, retry=once)
        client.ping()
        client.close()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(
            f"le Redis de REDIS_URL ne répond pas ({_first_line(error)}). Corrigez REDIS_URL, "
            "ou retirez-le pour le Redis intégré."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().split("\n", 1)[0]
