"""Kinds of files, as people choose among them."""

from django.utils.translation import gettext_lazy as _

from core.files.contents import ALLOWED

LABELS = {
    "pdf": _("PDF"),
    "image": _("Images"),
    "texte": _("Textes et Word"),
    "tableau": _("Tableaux et Excel"),
    "presentation": _("Présentations"),
    "archive": _("Archives ZIP"),
}
_EXTENSIONS = {
    "pdf": ("pdf",),
    "image": ("png", "jpg", "webp"),
    "texte": ("docx", "txt"),
    "tableau": ("xlsx", "csv"),
    "presentation": ("pptx",),
    "archive": ("zip",),
}
TYPES_OF_KIND = {
    kind: [ALLOWED[extension] for extension in extensions]
    for kind, extensions in _EXTENSIONS.items()
}
