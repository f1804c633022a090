"""Signing in, the second factor and the profile. Allauth’s views answer at French addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from core.accounts.views import (
    codes,
    devices,
    entrance,
    members,
    passkeys,
    privacy,
    profile,
    spaces,
)

urlpatterns = [
    path("espace/", entrance.EntranceView.as_view(), name="entrance"),
    path("invitation/<str:token>/", entrance.InvitationView.as_view(), name="invitation"),
    path("connexion/", account.login, name="account_login"),
    path("connexion/desactive/", account.account_inactive, name="account_inactive"),
    path("connexion/code/", factors.authenticate, name="mfa_authenticate"),
    path("connexion/confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("connexion/confirmer/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("connexion/par-mail/", codes.AskCodeView.as_view(), name="account_request_login_code"),
    path("connexion/par-mail/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "connexion/confirmer/cle/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("deconnexion/", account.logout, name="account_logout"),
    path("mot-de-passe/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("mot-de-passe/changer/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("double-authentification/", factors.index, name="mfa_index"),
    path("double-authentification/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("double-authentification/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "double-authentification/codes/",
        recovery.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "double-authentification/codes/nouveaux/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "double-authentification/codes/fichier/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("cles/ajouter/", passkeys.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("cles/<int:pk>/nom/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("appareils/", sessions.list_usersessions, name="usersessions_list"),
    path("appareils/<int:pk>/", devices.EndSessionView.as_view(), name="end_session"),
    path("client/espace/", spaces.SwitchSpaceView.as_view(), name="switch_space"),
    path("client/profil/", profile.ProfileView.as_view(), name="profile"),
    path("client/profil/theme/", profile.ThemeView.as_view(), name="theme"),
    path("client/profil/donnees/mesure/", privacy.AnalyticsView.as_view(), name="analytics"),
    path("client/profil/donnees/copie/", privacy.AskExportView.as_view(), name="ask_data_export"),
    path(
        "client/profil/donnees/copie/<int:pk>/",
        privacy.DownloadExportView.as_view(),
        name="data_export",
    ),
    path("client/profil/donnees/effacement/", privacy.ErasureView.as_view(), name="erasure"),
    path(
        "client/profil/membres/inviter/", members.InviteMemberView.as_view(), name="invite_member"
    ),
    path(
        "client/profil/membres/<int:pk>/role/",
        members.ChangeRoleView.as_view(),
        name="change_member_role",
    ),
    path(
        "client/profil/membres/<int:pk>/retirer/",
        members.RemoveMemberView.as_view(),
        name="remove_member",
    ),
    path(
        "client/profil/invitations/<int:pk>/annuler/",
        members.RevokeInvitationView.as_view(),
        name="revoke_invitation",
    ),
]
