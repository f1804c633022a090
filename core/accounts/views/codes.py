"""Signing in with a code sent by mail, which says nothing of who has an account."""

from allauth.account.views import RequestLoginCodeView
from django.http import HttpResponse
from django.utils import timezone

from core.accounts import services
from core.accounts.forms import MailedCodeForm


class AskCodeView(RequestLoginCodeView):
    """Takes an address. An unknown one costs the same work as a known one, and says the same."""

    def form_valid(self, form: MailedCodeForm) -> HttpResponse:
        if form._user is None:
            services.ask_login_code(email=form.cleaned_data["email"], code="", at=timezone.now())
        return super().form_valid(form)
