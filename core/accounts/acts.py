"""The names of what happens to accounts, as History shows them, and the mails we may reword."""

from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.notify.staff_events import declare_staff_event
from core.notify.wordings import declare_wording

log.declare(
    member_added=_("Membre ajouté"),
    member_role_changed=_("Rôle d’un membre changé"),
    member_removed=_("Membre retiré"),
    member_invited=_("Personne invitée"),
    invitation_revoked=_("Invitation annulée"),
    invitation_accepted=_("Invitation acceptée"),
    staff_role_given=_("Rôle dans l’équipe donné"),
    account_opened=_("Compte rouvert"),
    account_closed=_("Compte fermé"),
    session_closed=_("Session fermée par la direction"),
    password_link_sent=_("Lien de mot de passe envoyé par la direction"),
    second_factor_reset=_("Second facteur réinitialisé"),
    belongings_given=_("Travail confié à quelqu’un d’autre"),
    profile_changed=_("Profil modifié"),
    contact_changed=_("Contact modifié par la personne"),
    analytics_accepted=_("Mesure d’usage acceptée"),
    analytics_withdrawn=_("Mesure d’usage refusée"),
    data_export_asked=_("Copie des données demandée"),
    data_export_downloaded=_("Copie des données téléchargée"),
    erasure_asked=_("Effacement demandé"),
    erasure_taken_up=_("Demande d’effacement prise en charge"),
    erasure_refused=_("Demande d’effacement refusée"),
    account_erased=_("Compte effacé"),
    client_archived=_("Client archivé"),
    client_restored=_("Client restauré"),
    client_tagged=_("Client mis dans un segment"),
    client_untagged=_("Client retiré d’un segment"),
)

declare_staff_event("belongings-given", label=_("Le travail de quelqu’un m’est confié"))

declare_wording(
    "account/invitation",
    label=_("Invitation à ouvrir un espace"),
    placeholders={
        "nom": ("name", _("nom de la personne invitée"), "Aminata Koné"),
        "client": ("client_name", _("nom du client"), "Akwaba Distribution"),
        "invitant": ("inviter", _("qui invite"), "Awa Diallo"),
        "jours": ("days", _("jours de validité du lien"), "7"),
    },
    button=("url", _("Ouvrir mon compte")),
)
