"""Serve the sandbox of every provider: payments to try, without an account, network or money."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from billing.payments.sandbox.clock import RealClock, VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import Sandbox
from billing.payments.sandbox.storage import FileStorage, NoStorage

STOPS = {signal.SIGINT, signal.SIGTERM}


class Command(BaseCommand):
    help = "Imitates CinetPay, Stripe, Wave and Orange Money here: APIs, pages, notifications."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--clock", choices=["real", "virtual"], default="real")
        parser.add_argument("--control-token", default="", help="opens /__control__/ to tests")
        parser.add_argument(
            "--notify-host",
            action="append",
            default=[],
            metavar="HOST",
            help="a host that may be notified, beside this machine; may be repeated",
        )
        parser.add_argument("--state", type=Path, metavar="FILE", help="keeps payments there")
        parser.add_argument(
            "--starts-per-minute", type=int, default=60, help="above it, starts answer 429"
        )
        parser.add_argument(
            "--round-down", action="store_true", help="round amounts instead of refusing them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "PAYMENTS_ALLOW_SANDBOX", settings.DEBUG):
            raise CommandError(
                _("Le bac à sable CinetPay est interdit ici : ce sont des réglages de production.")
            )
        storage = FileStorage(options["state"]) if options["state"] else NoStorage()
        try:
            server = SandboxServer(
                _make_sandbox(options, storage),
                host=options["host"],
                port=options["port"],
                control_token=options["control_token"],
                merchant_url=settings.BASE_URL,
            )
        except OSError as error:
            raise CommandError(
                _("Le port %(port)s est pris ou interdit : %(reason)s.")
                % {"port": options["port"], "reason": error.strerror}
            ) from error
        self._serve(server)
        if isinstance(storage, FileStorage):
            storage.close()

    def _serve(self, server: SandboxServer) -> None:
        """Answer until the process is told to stop, be it twice at once."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        with server:
            self.stdout.write(
                _("Bac à sable CinetPay : %(url)s (aucun argent réel)") % {"url": server.url}
            )
            self.stdout.flush()
            signal.sigwait(STOPS)


def _make_sandbox(options: dict[str, Any], storage: FileStorage | NoStorage) -> Sandbox:
    clock = RealClock() if options["clock"] == "real" else VirtualClock(time.time())
    return Sandbox(
        clock=clock,
        outbox=Outbox(clock, allowed_hosts=options["notify_host"]),
        storage=storage,
        starts_per_minute=options["starts_per_minute"],
        round_down=options["round_down"],
    )
