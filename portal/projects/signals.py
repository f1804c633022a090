"""What others may follow of tasks: the apps above listen, in the transaction of the act.

`task_changed(task, actor, changes, is_new)`: `changes` maps a watched field to [before, after].
`task_said(task, body, actor, key)`: somebody wrote on a task, in front of the client.
"""

from django.dispatch import Signal

task_changed = Signal()
task_said = Signal()

# `time_kept(entry, is_billable, actor, at)`: time was kept, by a timer or a sheet. What bills it
# marks it; a refusal is a ValidationError.
time_kept = Signal()
