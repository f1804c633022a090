"""The addresses of what every screen of the back-office shares."""

from django.urls import path

from core.backoffice import account_acts
from core.backoffice.bell import (
    BellCountView,
    BellPanelView,
    NoticesView,
    NoticeWishesView,
    OpenNoticeView,
)
from core.backoffice.desk_pages import ListingSettingsView, SaveFilterView
from core.backoffice.export_pages import (
    CancelExportView,
    DownloadExportView,
    ExportView,
    MyExportsView,
)
from core.backoffice.search_pages import PaletteView, SearchView
from core.backoffice.undo import UndoView

ADDRESSES = [
    *account_acts.ADDRESSES,
    path("recherche/", SearchView.as_view(), name="nourx_search"),
    path("recherche/palette/", PaletteView.as_view(), name="nourx_palette"),
    path("avis/", NoticesView.as_view(), name="nourx_notices"),
    path("avis/cloche/", BellPanelView.as_view(), name="nourx_bell"),
    path("avis/compte/", BellCountView.as_view(), name="nourx_bell_count"),
    path("avis/choix/", NoticeWishesView.as_view(), name="nourx_notice_wishes"),
    path("avis/<int:pk>/", OpenNoticeView.as_view(), name="nourx_notice"),
    path("liste/", ListingSettingsView.as_view(), name="nourx_listing"),
    path("liste/filtre/", SaveFilterView.as_view(), name="nourx_save_filter"),
    path("exports/", MyExportsView.as_view(), name="nourx_exports"),
    path("exports/<uuid:token>/", ExportView.as_view(), name="nourx_export"),
    path("exports/<uuid:token>/annuler/", CancelExportView.as_view(), name="nourx_export_cancel"),
    path("exports/<uuid:token>/fichier/", DownloadExportView.as_view(), name="nourx_export_file"),
    path("annuler/<uuid:token>/", UndoView.as_view(), name="nourx_undo"),
]
