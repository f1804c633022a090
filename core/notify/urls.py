"""The centre of notices, what one wants to be told of, and the link that stops a kind of mail."""

from django.urls import path

from core.notify.views import centre, devices, stopping, wishes

urlpatterns = [
    path("client/notifications/", centre.NoticesView.as_view(), name="notifications"),
    path("client/notifications/cloche/", centre.BellView.as_view(), name="notices_bell"),
    path("client/notifications/tout-lire/", centre.ReadAllView.as_view(), name="read_notices"),
    path("client/notifications/<int:pk>/", centre.NoticeView.as_view(), name="notice"),
    path(
        "client/profil/notifications/",
        wishes.WishesView.as_view(),
        name="notification_preferences",
    ),
    path("client/profil/appareils/", devices.AddDeviceView.as_view(), name="add_push_device"),
    path(
        "client/profil/appareils/<int:pk>/retirer/",
        devices.RemoveDeviceView.as_view(),
        name="remove_push_device",
    ),
    path(
        "notifications/desabonnement/<str:token>/",
        stopping.StopMailView.as_view(),
        name="stop_mail",
    ),
]
