"""One process that measures one size, and writes what it found as JSON in a file."""

import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Measure pages, papers and acts; the words are: file, rounds, PDFs, acts."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}  # nothing was collected
    django.setup()
    from nourx_site.local.bench import limit
    from nourx_site.local.bench.acts import measure_acts
    from nourx_site.local.bench.figures import to_json
    from nourx_site.local.bench.pages import measure_pages
    from nourx_site.local.bench.papers import measure_papers

    output, rounds, pdfs, acts = Path(sys.argv[1]), *map(int, sys.argv[2:])
    owner = os.environ["DATABASE_URL"]
    limit.copy_invoices(owner)
    limit.register_listing()
    run = measure_papers(pdfs)
    run |= measure_pages(owner, rounds)
    run |= measure_acts(owner, acts)
    output.write_text(json.dumps(to_json(run)))


if __name__ == "__main__":
    main()
