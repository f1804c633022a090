"""Devices that are told: a browser asks, or is taken off the list."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.access.views import ScopedActionView
from core.notify import push
from core.notify.devices import WrongKeys, add_device, remove_device
from core.notify.forms import DeviceForm
from core.notify.models import PushSubscription


class AddDeviceView(ScopedActionView):
    """Remembers the browser that asks. Answers 404 where this site tells no device."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if not push.is_on():
            raise Http404
        form = DeviceForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"error": _("Cet appareil n’a pas tout dit.")}, status=422)
        try:
            add_device(user=request.user, **form.cleaned_data)
        except (push.ForbiddenEndpoint, WrongKeys):
            text = _("Les notifications de ce navigateur ne sont pas prises en charge.")
            return JsonResponse({"error": text}, status=422)
        messages.success(request, _("Cet appareil recevra vos notifications."))
        return HttpResponse(status=204)


class RemoveDeviceView(ScopedActionView):
    """Tells a device of the person nothing more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        device = get_object_or_404(PushSubscription, pk=pk, user=request.user)
        remove_device(device=device, actor=request.user)
        messages.success(request, _("Cet appareil ne recevra plus rien."))
        return redirect("notification_preferences")
