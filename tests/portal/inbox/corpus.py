"""Messages as people, robots and servers send them."""

from email.message import EmailMessage

TRUSTED = "mx.nourx.test"
PASS = f"{TRUSTED}; dmarc=pass header.from=acme.test"


def letter(
    body="Le formulaire ne part plus.",
    *,
    sender="Awa Koné <awa@acme.test>",
    to="support@nourx.test",
    subject="Formulaire en panne",
    message_id="<1@acme.test>",
    results=PASS,
    **headers,
):
    """Return a message of a person, as its object."""
    message = EmailMessage()
    if results:
        message["Authentication-Results"] = results
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def joined(message, *files):
    """Join files to a message: (name, bytes) pairs."""
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message


def bounce(of, address, *, status="5.1.1", action="failed"):
    """Return a delivery report (RFC 3464) about a mail of ours, as bytes."""
    return f"""From: Mail Delivery System <mailer-daemon@mx.acme.test>
To: support@nourx.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{status}-{action}@mx.acme.test>
Return-Path: <>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I could not deliver.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.test

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B
Content-Type: text/rfc822-headers

Message-ID: <{of}>
Subject: Facture

--B--
""".replace("\n", "\r\n").encode()


CHARSET = (
    b"From: =?iso-8859-1?Q?Koffi_N=27Dri?= <koffi@acme.test>\r\nTo: support@nourx.test\r\n"
    b"Subject: =?iso-8859-1?Q?Probl=E8me_d=27acc=E8s?=\r\nMessage-ID: <latin@acme.test>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    b"Je n'arrive plus \xe0 me connecter.\r\n"
)
HTML = (
    b"From: awa@acme.test\r\nTo: support@nourx.test\r\nSubject: HTML\r\n"
    b"Message-ID: <h@acme.test>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><head><style>p{}</style></head><body><p>Bonjour,</p><script>alert(1)</script>"
    b"<p>Rien ne marche &amp; je suis press\xc3\xa9e.</p></body></html>"
)
