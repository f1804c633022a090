"""Going from the space of one's company to that of another."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.access.grants import spaces_of
from core.access.spaces import remember_space
from core.access.views import ScopedActionView


class SwitchSpaceView(ScopedActionView):
    """Enters the space of one of the person's clients. Any other does not exist."""

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("client", "")
        found = next((pk for pk in spaces_of(request.user) if str(pk) == wanted), None)
        if found is None:
            raise Http404
        remember_space(request, found)
        return redirect("/client/")
