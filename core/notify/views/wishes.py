"""What a person wants to be told of, where, how often and when."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access.views import ClientPageMixin
from core.notify import push
from core.notify.forms import WishesForm
from core.notify.models import PushSubscription
from core.notify.wishes import save_wishes


class WishesView(ClientPageMixin, FormView):
    """The table of events and channels, with the pace of mail and the quiet hours."""

    form_class = WishesForm
    template_name = "core/notify/wishes.html"
    nav_key = "profile"
    success_url = reverse_lazy("notification_preferences")

    @property
    def devices(self) -> list[PushSubscription]:
        """Return the devices of the person which are told; none when this site tells none."""
        if not hasattr(self, "_devices"):
            rows = PushSubscription.objects.filter(user_id=self.request.user.pk or 0).order_by("pk")
            self._devices = list(rows) if push.is_on() else []
        return self._devices

    def get_form_kwargs(self) -> dict[str, Any]:
        person = {"user": self.request.user, "with_push": bool(self.devices)}
        return {**super().get_form_kwargs(), **person}

    def form_valid(self, form: WishesForm) -> HttpResponse:
        timing = {name: form.cleaned_data[name] for name in form.base_fields}
        save_wishes(
            user=self.request.user,
            channels=form.channels_chosen(),
            at=timezone.now(),
            **timing,
        )
        messages.success(self.request, _("Vos choix sont enregistrés."))
        return super().form_valid(form)

    def form_invalid(self, form: WishesForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["table"] = context["form"].table()
        context["channels"] = context["form"].channels
        if push.is_on():
            context.update(devices=self.devices, push_key=settings.VAPID_PUBLIC_KEY)
        return context
