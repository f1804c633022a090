"""The embedded Redis: private, and always the one that was started."""

import stat

import pytest
import redis

from nourx_site.local.redis import Redis
from nourx_site.local.watchdog import watching

WATCHDOG_ONLY = ["python"]


@pytest.fixture
def server(folder):
    with watching(folder):
        server = Redis(folder)
        server.start()
        yield server
        server.stop()


def client_of(server):
    return redis.Redis.from_url(server.environment()["REDIS_URL"])


def test_it_answers_on_a_private_socket_and_no_port(server):
    with client_of(server) as client:
        settings = client.config_get("port") | client.config_get("save")

        assert client.ping() is True
        assert settings == {"port": "0", "save": ""}
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700


def test_one_that_outlived_its_runner_is_replaced(server, folder):
    second = Redis(folder)

    second.start()

    assert server.process.wait(5) == 0
    with client_of(second) as client:
        assert client.info("server")["process_id"] == second.process.pid
    second.stop()


def test_stopping_leaves_no_process_and_no_socket(server, folder, processes_of):
    server.stop()
    server.stop()

    assert [process.name() for process in processes_of(folder)] == WATCHDOG_ONLY
    assert not server.socket.exists()
