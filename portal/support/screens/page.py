"""The page of a ticket: its conversation, a place to answer, and what stands beside."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access.row_guard import policy_of
from core.backoffice.columns import status_badge
from core.backoffice.pages import RecordInspectView
from portal.knowledge.models import Article
from portal.support.canned import filled
from portal.support.delays import week_of
from portal.support.models import CannedReply, Ticket, TicketDraft, TicketEvent
from portal.support.queries import thread_of
from portal.support.screens.forms import AssignForm, PriorityForm, ReplyForm
from portal.support.screens.sections import author_of, file_links, said_on
from portal.support.screens.words import LOOKS, ClockColumn, countdown, level_badge, state_of

WRITING_FOR = timedelta(minutes=2)  # how long somebody who typed last is said to be writing
MOST_OTHERS = 5
LIST = "wagtailsnippets_support_ticket:list"


class TicketInspectView(RecordInspectView):
    """A ticket in the words of the team; drawn by its own template of snippets."""

    def get_object(self, *args: Any, **kwargs: Any) -> Ticket:
        found = super().get_object(*args, **kwargs)
        related = ("client", "project", "assignee", "opened_by", "sla__calendar", "follows")
        rows = Ticket.objects.select_related(*related, "merged_into", "corrective_task")
        return rows.defer("client__search_vector").get(pk=found.pk)

    @cached_property
    def may_act(self) -> bool:
        """Tell whether the person may answer and change this ticket."""
        policy = policy_of(Ticket)
        return policy.user_has_permission_for_instance(self.request.user, "act", self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket: Ticket = self.object
        said = said_on(ticket)
        can_write = self.may_act and ticket.merged_into_id is None
        return super().get_context_data(
            ticket=ticket,
            entries=[_entry(one) for one in _line_of(ticket, said)],
            clocks=_clocks(ticket),
            state=status_badge(LOOKS[Ticket.Status(ticket.status)], state_of(ticket)),
            level=level_badge(ticket),
            beside=_beside(ticket),
            urls={act.name.replace("-", "_"): url for act, url in self.action_links(ticket)},
            reply=self._reply_form(ticket, said) if can_write else None,
            assign=AssignForm(initial={"to": ticket.assignee_id}) if can_write else None,
            sort=PriorityForm(initial={"priority": ticket.priority}) if can_write else None,
            writing=writing_on(ticket, self.request.user),
            **kwargs,
        )

    def _reply_form(self, ticket: Ticket, said: list[Any]) -> ReplyForm:
        """Return the form to answer with: a draft, a ready reply or a link to an article in it."""
        user = self.request.user
        draft = TicketDraft.objects.filter(ticket=ticket, user=user).first()
        body = draft.body if draft is not None else ""
        inserted = self._inserted(ticket)
        shown = [row.pk for row in said if not row.is_internal]
        return ReplyForm(
            initial={
                "body": f"{body}\n\n{inserted}".strip() if inserted else body,
                "is_internal": draft is not None and draft.is_internal,
                "status": Ticket.Status.WAITING,
                "seen": max(shown, default=0),
            }
        )

    def _inserted(self, ticket: Ticket) -> str:
        asked = self.request.GET
        if (key := asked.get("reponse", "")).isdecimal() and len(key) < 10:
            rows = policy_of(CannedReply).narrow(self.request.user, CannedReply.objects.all())
            reply = rows.filter(pk=key).first()
            return filled(reply.body, blanks_of(ticket, self.request.user)) if reply else ""
        if (key := asked.get("article", "")).isdecimal() and len(key) < 10:
            article = Article.objects.filter(pk=key, live=True).exclude(audience="internal").first()
            return link_to(article) if article else ""
        return ""


def blanks_of(ticket: Ticket, user: Any) -> dict[str, str]:
    """Return what fills the blanks of a ready reply on a ticket."""
    opened_by = ticket.opened_by
    contact = opened_by.first_name if opened_by is not None else ticket.contact_name
    return {
        "client": ticket.client.name,
        "contact": contact or ticket.client.name,
        "numero": ticket.number,
        "sujet": ticket.subject,
        "agent": str(user),
    }


def link_to(article: Article) -> str:
    """Return an article as it goes into an answer: its title and its address."""
    return f"{article.title} : {settings.BASE_URL}{article.get_absolute_url()}"


def writing_on(ticket: Ticket, user: Any) -> list[str]:
    """Return who else of the team is writing on a ticket now."""
    since = timezone.now() - WRITING_FOR
    rows = TicketDraft.objects.filter(ticket=ticket, touched_at__gte=since).exclude(user=user)
    return [str(row.user) for row in rows.select_related("user")]


def _line_of(ticket: Ticket, said: list[Any]) -> list[Any]:
    events = ticket.events.select_related("actor").order_by("created_at", "pk")  # type: ignore[attr-defined]
    return thread_of(said, events)


def _entry(one: Any) -> dict[str, Any]:
    if isinstance(one, TicketEvent):
        is_waiting = one.kind == TicketEvent.Kind.WAITING
        word = state_of(Ticket(status="waiting")) if is_waiting else one.get_kind_display()
        return {"event": one, "word": word}
    is_ours = one.author is not None and one.author.is_staff
    kind = "note" if one.is_internal else ("ours" if is_ours else "theirs")
    return {"message": one, "kind": kind, "author": author_of(one), "files": file_links(one)}


def _clocks(ticket: Ticket) -> list[dict[str, Any]]:
    """Return the two countdowns with the dates that were promised."""
    week = week_of(ticket.sla.calendar) if ticket.sla is not None else None
    now, found = timezone.now(), []
    for is_answer, due in ((True, ticket.answer_due_at), (False, ticket.solution_due_at)):
        text, tone = countdown(ticket, is_answer=is_answer, week=week, at=now)
        if text:
            badge = status_badge(ClockColumn.LOOKS.get(tone, LOOKS[Ticket.Status.CLOSED]), text)
            found.append({"is_answer": is_answer, "badge": badge, "due": due})
    return found


def _beside(ticket: Ticket) -> dict[str, Any]:
    others = Ticket.objects.filter(client=ticket.client_id).exclude(pk=ticket.pk)
    shown = others.only("number", "subject", "status").order_by("-updated_at", "-id")
    times = ticket.times.aggregate(total=Sum("minutes"))["total"] or 0  # type: ignore[attr-defined]
    return {
        "others": shown[:MOST_OTHERS],
        "others_url": f"{reverse(LIST)}?vue=toutes&client={ticket.client_id}",
        "minutes": times,
        "hours": f"{times // 60} h {times % 60:02d}",
        "watchers": [row.user for row in ticket.watchers.select_related("user")],  # type: ignore[attr-defined]
        "articles": [row.article for row in ticket.articles.select_related("article")],  # type: ignore[attr-defined]
        "merged": ticket.merged.only("number", "subject"),  # type: ignore[attr-defined]
        "followers": ticket.followers.only("number", "subject"),  # type: ignore[attr-defined]
    }
