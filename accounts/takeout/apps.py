from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TakeoutConfig(AppConfig):
    name = "accounts.takeout"
    label = "takeout"
    verbose_name = _("Copies of people's data")

    def ready(self) -> None:
        from accounts.erasing.rules import leave_empty, register_link
        from accounts.events.worker import register_round, register_schedule
        from accounts.retention import register_kept
        from accounts.takeout import own, selectors, services

        own.register_all()
        register_link("takeout.Takeout", "person", services.takeouts_go)
        register_link("takeout.Takeout", "asked_by", leave_empty)
        register_round("takeouts", services.takeouts_make, is_heavy=True)
        register_schedule("takeouts", seconds=60, call=services.takeouts_tidy)
        register_kept("takeouts", label=_("who had a copy of their data made"), rows=selectors.over_before)
