"""The command that serves the sandbox: it starts, stops when told, and knows its place."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]


def test_it_serves_until_it_is_told_to_stop_be_it_more_than_once(tmp_path):
    command = [sys.executable, "manage.py", "cinetpay_sandbox", "--port", "0"]
    options = ["--clock", "virtual", "--control-token", "t", "--state", tmp_path / "state.sqlite3"]
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ), text=True
    ) as process:
        line = process.stdout.readline()
        url = line.split()[5]
        alive = requests.get(f"{url}/healthz", timeout=5).text
        now = requests.post(
            f"{url}/__control__/advance",
            json={"seconds": 5},
            headers={"X-Sandbox-Control": "t"},
            timeout=5,
        ).json()["now"]
        for stop in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
            process.send_signal(stop)

    assert line == f"Bac à sable CinetPay : {url} (aucun argent réel)\n"
    assert alive == "ok"
    assert now > 1_700_000_000
    assert process.returncode == 0


def test_it_refuses_to_exist_with_production_settings(settings):
    settings.PAYMENTS_ALLOW_SANDBOX = False

    with pytest.raises(CommandError) as refused:
        call_command("cinetpay_sandbox", port=0)

    assert str(refused.value) == (
        "Le bac à sable CinetPay est interdit ici : ce sont des réglages de production."
    )


def test_it_says_when_its_port_is_taken(settings):
    settings.PAYMENTS_ALLOW_SANDBOX = True
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CommandError) as refused:
            call_command("cinetpay_sandbox", port=port)

    assert str(refused.value) == (f"Le port {port} est pris ou interdit : Address already in use.")
