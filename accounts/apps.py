from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import mail, receivers  # noqa: F401
        from accounts.events.worker import register_round

        register_round("mail", mail.send_due)
