from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from django import forms

        from accounts import mail, receivers, retention  # noqa: F401
        from accounts.events.worker import register_round, register_schedule

        # Every form of the product, those of libraries too, says it in one way that tells what to do.
        forms.Field.default_error_messages["required"] = _("Fill this in.")
        register_round("mail", mail.send_due)
        retention.register_kept("mails", label=_("mails that went out or were given up on"), rows=mail.over_before)
        register_schedule("retention", seconds=3600, call=retention.retention_apply)
