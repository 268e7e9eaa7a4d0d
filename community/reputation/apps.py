from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReputationConfig(AppConfig):
    name = "community.reputation"
    label = "reputation"
    verbose_name = _("Reputation")

    def ready(self) -> None:
        from accounts.events.worker import register_schedule
        from community.reputation import events, services

        events.subscribe_all()
        register_schedule("reputation.recount", seconds=events.SECONDS_A_NIGHT, call=services.recount_standings)
