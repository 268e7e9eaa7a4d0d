from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactorsConfig(AppConfig):
    name = "accounts.factors"
    label = "factors"
    verbose_name = _("Second factors")

    def ready(self) -> None:
        from accounts.erasing.rules import let_go, register_link
        from accounts.events.worker import register_schedule
        from accounts.factors import services, takeout

        takeout.register_all()
        register_link("mfa.Authenticator", "user", let_go)
        register_schedule("factors", seconds=3600, call=services.secrets_renew)
