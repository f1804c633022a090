"""Pages where a client hands documents in, adds a version, or calls a document otherwise."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import OnceOnlyMixin, ScopedActionView
from portal.documents import queries, services
from portal.documents.forms import DepositForm, TitleForm, VersionForm
from portal.documents.models import ProjectDocument
from portal.documents.views.reading import DocumentPageMixin, document_context
from portal.projects.current import current_project
from portal.projects.models import Project


class HandInView(OnceOnlyMixin, DocumentPageMixin, ScopedActionView):
    """Hand files in to a project that takes deposits."""

    grant = Grant.TAKE_PART

    def is_open(self) -> bool:
        return bool(grants_of(self.request.user).clients_with(self.grant))

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {
            "project": request.GET.get("projet") or current_project(request),
            "folder": request.GET.get("dossier", "")[:100],
        }
        form = DepositForm(user=request.user, initial={**initial, **self.kept})
        return self._page(form)

    def take(self, request: HttpRequest) -> HttpResponse:
        project = self._project(request.POST.get("project", ""))
        form = DepositForm(request.POST, request.FILES, user=request.user)
        if project is None or not form.is_valid():
            form.is_valid()
            return self._page(form, status=422)
        data = form.cleaned_data
        try:
            made = services.deposit_files(**data, actor=request.user, at=timezone.now())
        except services.SameName as found:
            return self._page(form, status=422, alike=found.titles)
        except ValidationError as refusal:
            form.add_error("files", refusal)
            return self._page(form, status=422)
        words = ngettext("Document reçu, merci.", "%(count)s documents reçus, merci.", len(made))
        messages.success(request, words % {"count": len(made)})
        if len(made) == 1:
            return redirect("documents:detail", made[0].pk)
        return redirect(f"{reverse('documents:list')}?{urlencode({'projet': data['project'].pk})}")

    def _project(self, given: str) -> Project | None:
        """Return the project that the form names: one of theirs that takes deposits.

        :raises Http404: if they do not read it.
        :raises PermissionDenied: if it takes no deposits.
        """
        if not (given.isdecimal() and len(given) < 19):
            return None
        project = self.visible_or_404(Project, pk=int(given))
        if not queries.takes_deposits(project, self.request.user):
            raise PermissionDenied
        return project

    def _page(self, form: DepositForm, status: int = 200, alike: Any = ()) -> HttpResponse:
        projects = list(form.fields["project"].queryset)  # type: ignore[attr-defined]
        context = {
            "form": form,
            "alike": alike,
            "projects": projects,
            "client_id": projects[0].client_id if projects else None,
            "folders": queries.folders_of([project.pk for project in projects]),
            "nav_key": self.nav_key,
        }
        return render(self.request, "portal/documents/hand_in.html", context, status=status)


class OneDocumentView(OnceOnlyMixin, DocumentPageMixin, ScopedActionView):
    """An act on a document that the person reads; a refused form shows its page again."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the page of the document, where the form is: after a sign-in for instance."""
        return redirect("documents:detail", self.document(pk).pk)

    def document(self, pk: int) -> ProjectDocument:
        """Return a document that the person reads, or answer 404."""
        rows = self.visible(ProjectDocument).select_related("project")
        return get_object_or_404(rows, pk=pk)

    def page(self, document: ProjectDocument, status: int, **context: Any) -> HttpResponse:
        """Show the page of the document with what differs."""
        whole = {**document_context(self.request, document), **context}
        template = "portal/documents/document_detail.html"
        return render(self.request, template, whole, status=status)


class AddVersionView(OneDocumentView):
    """Hand in the next version of a document."""

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.document(pk)
        if not queries.takes_deposits(document.project, request.user):
            raise PermissionDenied
        form = VersionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(document, 422, version_form=form)
        [attachment] = form.cleaned_data["files"]
        try:
            services.deposit_version(
                document=document, attachment=attachment, actor=request.user, at=timezone.now()
            )
        except ValidationError as refusal:
            form.add_error("files", refusal)
            return self.page(document, 422, version_form=form)
        messages.success(request, _("Nouvelle version reçue, merci."))
        return redirect("documents:detail", document.pk)


class RenameView(OneDocumentView):
    """Call a document that the client handed in otherwise."""

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        document, form = self.document(pk), TitleForm(request.POST)
        if not form.is_valid():
            return self.page(document, 422, title_form=form)
        services.rename_document(
            document=document, title=form.cleaned_data["title"], actor=request.user
        )
        messages.success(request, _("Document renommé."))
        return redirect("documents:detail", document.pk)
