"""Serve the imitation of the FNE: certifications to try, without an account or a legal worth."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from billing.fiscal.sandbox.server import FneServer
from billing.fiscal.sandbox.state import FAULTS, Fne

STOPS = {signal.SIGINT, signal.SIGTERM}


class Command(BaseCommand):
    help = "Imitates the FNE on this machine: its API, its faults, a page of what it certified."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8002)
        parser.add_argument("--key", default="sandbox-fne")
        parser.add_argument("--ncc", default="2112345A")
        parser.add_argument("--point-of-sale", default="", help="any other one is refused")
        parser.add_argument("--stickers", type=int, default=1000)
        parser.add_argument(
            "--fault",
            action="append",
            default=[],
            choices=sorted(FAULTS),
            help="a fault of the next request; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "PAYMENTS_ALLOW_SANDBOX", settings.DEBUG):
            raise CommandError(
                _("L’imitation de la FNE est interdite ici : ce sont des réglages de production.")
            )
        fne = Fne(
            key=options["key"],
            ncc=options["ncc"],
            point_of_sale=options["point_of_sale"],
            stickers=options["stickers"],
        )
        fne.faults.extend(options["fault"])
        try:
            server = FneServer(fne, host=options["host"], port=options["port"])
        except OSError as error:
            raise CommandError(
                _("Le port %(port)s est pris ou interdit : %(reason)s.")
                % {"port": options["port"], "reason": error.strerror}
            ) from error
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        with server:
            text = _("Imitation de la FNE : %(url)s (aucune valeur légale)")
            self.stdout.write(text % {"url": server.url})
            self.stdout.flush()
            signal.sigwait(STOPS)
