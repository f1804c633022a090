"""Where a person is signed in: ending one session of theirs."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from core.accounts import services


class EndSessionView(LoginRequiredMixin, View):
    """Signs one device of the person out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mine = UserSession.objects.filter(user_id=request.user.pk)
        services.end_session(session=get_object_or_404(mine, pk=pk))
        messages.success(request, _("Cet appareil est déconnecté."))
        return redirect("usersessions_list")
