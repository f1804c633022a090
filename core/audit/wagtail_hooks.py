"""Tells Wagtail the names of the acts, so that History can show them."""

from wagtail import hooks

from core.audit.log import declared


@hooks.register("register_log_actions")
def register_declared_actions(actions):
    for name, label in declared().items():
        actions.register_action(name, label, label)
