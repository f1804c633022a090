"""One process that issues invoices: reads their ids, issues one to warm up, says it is ready, then
waits for the word and says when it worked."""

import json
import sys

import django


def main() -> None:
    """Issue the invoices whose ids are read, and write the moments it began and ended."""
    django.setup()
    from nourx_site.local.bench.acts import issue_drafts, span_of

    first, *others = json.loads(sys.stdin.readline())
    issue_drafts([first])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(span_of(lambda: issue_drafts(others))) + "\n")


if __name__ == "__main__":
    main()
