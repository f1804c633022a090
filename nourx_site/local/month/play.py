"""One process that lives the month on a database of its own, proves it, and says how it went.

python -m nourx_site.local.month.play [--small]: the database must be empty and migrated.
"""

import logging
import sys
import time
import warnings
from typing import Any

import django

SAMPLE = 12  # invoices drawn as PDF, and a few of each other kind


def main() -> int:
    """Replay and prove; return 0 only if every rule holds."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    django.setup()
    from django.conf import settings

    from core import rls
    from nourx_site.local.month.course import FULL, SMALL, addresses, make_fne, make_sandbox

    scale = SMALL if "--small" in sys.argv else FULL
    with make_sandbox() as server, make_fne() as fne, rls.staff("month: replay and proof"):
        for name, value in addresses(server).items():
            setattr(settings, name, value)
        return live(scale, server, fne)


def live(scale: Any, server: Any, fne: Any) -> int:
    """Live the month, and print what was done and what was proved."""
    from nourx_site.local.month.books_proofs import papers_are_archives, prove_books
    from nourx_site.local.month.proofs import prove
    from nourx_site.local.month.replay import replay
    from nourx_site.local.month.world import make_month

    began = time.monotonic()
    month = make_month(scale, server, fne)
    replay(month, say=lambda text: print(text, flush=True))
    print(f"\nCe qui s’est passé en {len(month.days)} jours ouvrés :")
    for what in sorted(month.counts):
        print(f"  {month.counts[what]:>5}  {what}")
    proofs = [*prove(month), *prove_books(month), papers_are_archives(SAMPLE)]
    print("\nCe qui est prouvé :")
    for proof in proofs:
        print(proof)
    wrong = [proof for proof in proofs if not proof.holds]
    seconds = round(time.monotonic() - began)
    print(f"\n{len(proofs) - len(wrong)} règles tenues sur {len(proofs)}, en {seconds} s.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
