"""One process that issues invoices: says it is ready, reads their ids, says when it worked."""

import json
import sys

import django


def main() -> None:
    """Issue the invoices whose ids are read, and write the moments it began and ended."""
    django.setup()
    from nourx_site.local.bench.acts import issue_drafts, span_of

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ids = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps(span_of(lambda: issue_drafts(ids))) + "\n")


if __name__ == "__main__":
    main()
