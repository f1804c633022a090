"""Jobs: the broker, the queues, what runs by itself."""

from celery.schedules import crontab
from kombu import Queue

from nourx_site.settings.environment import env

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
TIME_ZONE = "Africa/Abidjan"
CELERY_BROKER_URL = (
    "redis+socket://" + REDIS_URL.removeprefix("unix://").split("?")[0]
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_TASK_QUEUES = [Queue("payments"), Queue("celery"), Queue("documents")]  # all, unless -Q
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_ROUTES = {
    "billing.payments.tasks.*": {"queue": "payments"},  # nobody waits behind a PDF to have paid
    "core.outbox.wagtail_tasks.*": {"queue": "documents"},
}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "retry_policy": {"max_retries": 1, "timeout": 2},
}
CELERY_TASK_PUBLISH_RETRY = False  # the sweep finds what a nudge lost; a page never waits for it
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "core.access.tasks.heartbeat", "schedule": 20.0},
    "old-submissions": {"task": "core.access.tasks.forget_submissions", "schedule": 86_400.0},
    "old-exports": {"task": "core.accounts.tasks.remove_old_exports", "schedule": 3600.0},
    "old-sign-ins": {"task": "core.accounts.tasks.forget_old_sign_ins", "schedule": 21_600.0},
    "desks": {"task": "core.backoffice.tasks.tidy_desks", "schedule": 3600.0},
    "accounts-health": {  # after midnight: what is late today is late
        "task": "core.accounts.tasks.measure_health",
        "schedule": crontab(hour=4, minute=20),
    },
    "crm-scores": {
        "task": "portal.crm.tasks.rescore",
        "schedule": crontab(hour=4, minute=40),
    },
    "outbox": {"task": "core.outbox.tasks.drain", "schedule": 20.0},
    "notify-digests": {"task": "core.notify.tasks.send_digests", "schedule": 300.0},
    "inbox-poll": {"task": "portal.inbox.tasks.poll_mailboxes", "schedule": 60.0},
    "inbox-old-raws": {"task": "portal.inbox.tasks.remove_old_raws", "schedule": 86_400.0},
    "notify-rules": {"task": "core.notify.tasks.run_rules", "schedule": 600.0},
    "uploads-purge": {"task": "core.files.tasks.purge_old_uploads", "schedule": 900.0},
    "documents-packs": {"task": "portal.documents.tasks.remove_old_packs", "schedule": 3600.0},
    "documents-reminders": {  # two days before the day of a request, and the day after
        "task": "portal.documents.tasks.remind_of_requests",
        "schedule": crontab(hour=8, minute=20),
    },
    "knowledge-schedule": {
        "task": "portal.knowledge.tasks.publish_scheduled",
        "schedule": 60.0,
    },
    "support-delays": {"task": "portal.support.tasks.remind_of_delays", "schedule": 300.0},
    "support-closing": {"task": "portal.support.tasks.close_solved_tickets", "schedule": 3600.0},
    "dunning": {
        "task": "billing.dunning.tasks.remind_unpaid",
        "schedule": crontab(hour=10, minute=0),  # of Africa/Abidjan
    },
    "fiscal-sweep": {"task": "billing.fiscal.tasks.sweep", "schedule": 60.0},
    "recurring": {  # before the morning's reminders
        "task": "billing.sources.tasks.issue_recurring",
        "schedule": crontab(hour=5, minute=0),
    },
    "recurring-tasks": {
        "task": "portal.workload.tasks.make_recurring_tasks",
        "schedule": crontab(hour=5, minute=30),
    },
    "forgotten-timers": {"task": "portal.workload.tasks.ask_of_timers", "schedule": 1800.0},
    "accounting-posting": {
        "task": "billing.accounting.tasks.post_new_entries",
        "schedule": crontab(minute=20),  # every hour
    },
    "quotes-expiring": {
        "task": "billing.quoting.tasks.remind_of_quotes",
        "schedule": crontab(hour=8, minute=10),
    },
    "project-reports": {  # Friday; the two days after catch up with a Friday that was missed
        "task": "portal.steering.tasks.draft_reports",
        "schedule": crontab(day_of_week="fri,sat,sun", hour=15, minute=0),
    },
    "payments-inbox": {"task": "billing.payments.tasks.drain_inbox", "schedule": 20.0},
    "payments-sweep": {"task": "billing.payments.tasks.sweep_payments", "schedule": 30.0},
    "treasury-settlements": {
        "task": "billing.treasury.tasks.fill_settlements",
        "schedule": 3600.0,
    },
    "payments-watch": {"task": "billing.payments.tasks.watch_payments", "schedule": 600.0},
}
TASKS = {"default": {"BACKEND": "core.outbox.wagtail_tasks.CeleryBackend", "QUEUES": []}}
