"""Finding what a link opens, for somebody who is not signed in."""

from datetime import datetime

from core import rls
from portal.documents.models import DocumentVersion, ShareLink
from portal.documents.tokens import digest_of


def find_link(token: str, *, at: datetime) -> ShareLink | None:
    """Return the link of a token with what it shows, or None when it opens nothing any more.

    A link dies with its time, by hand, by its use when it is good for one, when its document is
    no longer shared, and when whoever made it may no longer read the document themselves.
    """
    with rls.staff("documents: whose link this is, by the digest of its token"):
        links = ShareLink.objects.select_related(
            "version__file", "version__document", "created_by", "client"
        )
        link = links.filter(token_hash=digest_of(token)).first()
    if link is None or not link.is_live(at) or not link.version.document.is_shared:
        return None
    with rls.clients(link.client_id):
        return link if _its_maker_still_reads(link) else None


def _its_maker_still_reads(link: ShareLink) -> bool:
    maker = link.created_by
    if not maker.is_active or maker.is_staff:
        return maker.is_active
    return DocumentVersion.objects.visible_to(maker).filter(pk=link.version_id).exists()
