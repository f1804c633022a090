"""What a browser does to send a file in pieces, for the tests that do."""

from core import rls
from core.files.models import Upload
from tests.core.files.samples import PDF

PREPARE = "/client/fichiers/preparer/"
LONG = PDF[:9] + b"%" * 3000 + PDF[9:]


def announce(browser, content=LONG, name="devis.pdf", **fields):
    answer = browser.post(PREPARE, {"name": name, "size": len(content), **fields})
    return answer.status_code, answer.json()


def piece(browser, ticket, offset, content):
    answer = browser.patch(
        ticket["url"],
        content,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )
    return answer.status_code, answer.json()


def finish(browser, ticket):
    answer = browser.post(ticket["finish_url"])
    return answer.status_code, answer.json()


def sent(browser, content=LONG, name="devis.pdf"):
    _, ticket = announce(browser, content, name)
    piece(browser, ticket, 0, content)
    return ticket


def bytes_left(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def the_upload(ticket):
    with rls.staff("test"):
        return Upload.objects.select_related("file").get(uuid=ticket["id"])
