from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReputationConfig(AppConfig):
    name = "community.reputation"
    label = "reputation"
    verbose_name = _("Reputation")

    def ready(self) -> None:
        from accounts.events.worker import register_schedule
        from accounts.panels import register_profile_panel
        from community.reputation import directory, erased, events, profile, services, takeout

        events.subscribe_all()
        directory.register()
        register_profile_panel("aside", profile.standing)
        register_profile_panel("card", profile.card)
        register_schedule("reputation.recount", seconds=events.SECONDS_A_NIGHT, call=services.recount_standings)
        erased.register_all()
        takeout.register_all()
