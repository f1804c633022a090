"""What a person types to sign in, to choose a password, to accept an invitation."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.roles import Role
from core.accounts import services
from core.accounts.models import Client, User


def _label(field: forms.Field, label: Any, help_text: Any = "") -> None:
    """Say what a field is above it: a placeholder vanishes when it is needed most."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """An e-mail address and a password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["login"], _("Adresse e-mail"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        _label(self.fields["password"], _("Mot de passe"))


class PasswordLinkForm(ResetPasswordForm):
    """The address of somebody who forgot their password: known or not, the answer is the same."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["email"], _("Adresse e-mail"))

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        services.ask_password_link(email=self.cleaned_data["email"], at=timezone.now())
        return self.cleaned_data["email"]


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, typed twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label_new_passwords(self)


class PasswordChangeForm(ChangePasswordForm):
    """The password of now, and the new one twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["oldpassword"], _("Mot de passe actuel"))
        _label_new_passwords(self)


def _label_new_passwords(form: forms.Form) -> None:
    _label(form.fields["password1"], _("Nouveau mot de passe"), password_rules())
    _label(form.fields["password2"], _("Nouveau mot de passe, encore une fois"))


def password_rules() -> str:
    """Return what a password must be, as a list."""
    rules = [text for text in password_validators_help_texts() if text]
    return format_html(
        "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ([rule] for rule in rules))
    )


class PasswordAgainForm(ReauthenticateForm):
    """The password, asked once more before something that matters."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["password"], _("Mot de passe"))


def _label_code(form: forms.Form, help_text: Any) -> None:
    _label(form.fields["code"], _("Code de vérification"), help_text)
    form.fields["code"].widget.attrs.update(inputmode="numeric", autofocus=True)


class SecondFactorForm(AuthenticateForm):
    """The code that comes after the password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label_code(self, _("Les six chiffres de votre application, ou un code de secours."))


class SecondFactorAgainForm(CodeAgainForm):
    """A code, asked in a session that has not given one yet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label_code(self, _("Les six chiffres de votre application, ou un code de secours."))


class SetUpSecondFactorForm(ActivateTOTPForm):
    """The first code of an application just set up."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label_code(self, _("Les six chiffres que l’application affiche maintenant."))


class MailedCodeForm(RequestLoginCodeForm):
    """The address to which a code to sign in is sent: known or not, the answer is the same."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["email"], _("Adresse e-mail"))


class TypedCodeForm(ConfirmLoginCodeForm):
    """The code that came by mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["code"], _("Code reçu"), _("Il sert une fois, pendant 15 minutes."))
        self.fields["code"].widget.attrs.update(autocomplete="one-time-code", autofocus=True)


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey, with the name its owner knows it by. It always opens the account by itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        hint = _("Pour la reconnaître : « Mon téléphone », « Bureau »…")
        _label(self.fields["name"], _("Nom de la clé"), hint)
        self.fields["name"].max_length = 100
        self.initial["name"] = ""


class NamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self.fields["name"], _("Nom de la clé"))


class AcceptInvitationForm(forms.Form):
    """Who the invited person is, and the password they choose."""

    first_name = forms.CharField(label=_("Prénom"), max_length=150)
    last_name = forms.CharField(label=pgettext_lazy("of a family", "Nom"), max_length=150)
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, is_team: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.email, self.is_team = email, is_team
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"
        self.fields["password"].help_text = password_rules()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            names = {key: data.get(key, "") for key in ("first_name", "last_name")}
            try:
                invited = User(email=self.email, is_staff=self.is_team, **names)
                validate_password(data["password"], invited)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class ProfileForm(forms.ModelForm):
    """How a person is called and reached."""

    class Meta:
        model = User
        fields = [
            "first_name", "last_name", "job_title", "phone", "preferred_channel",
            "language", "theme",
        ]  # fmt: skip
        labels = {"last_name": pgettext_lazy("of a family", "Nom")}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True


class ThemeForm(forms.Form):
    """Light, dark, or as the device."""

    theme = forms.ChoiceField(choices=User.Theme.choices, required=False)


class AnalyticsForm(forms.Form):
    """Whether one lets us count how the portal is used."""

    is_on = forms.BooleanField(required=False)


class ErasureForm(forms.Form):
    """Why somebody wants their data erased, if they wish to say."""

    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_sure = forms.BooleanField(
        label=_("J’ai compris que mon compte sera fermé et ne pourra pas être rendu."),
    )


class RoleForm(forms.Form):
    """What somebody is at a client."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)


class InviteMemberForm(RoleForm):
    """Whom to invite, at which of one's clients."""

    field_order = ["client", "name", "email", "role"]

    name = forms.CharField(label=_("Nom"), max_length=200, required=False)
    email = forms.EmailField(label=_("Adresse e-mail"))
    client = forms.ModelChoiceField(label=_("Société"), queryset=Client.objects.none())
    # « Responsable », the first of the list, may do everything: nobody is made one by leaving it.
    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices, initial=Role.PROJECT)

    def __init__(self, *args, clients: Any, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = clients
        only = clients[:2]
        if len(only) == 1:
            self.fields["client"].initial = only[0].pk
            self.fields["client"].widget = forms.HiddenInput()
