from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"
    verbose_name = _("Site")

    def ready(self) -> None:
        from config import checks, erased, openapi, traces  # noqa: F401
        from config.operation import receivers  # noqa: F401

        traces.register()
        erased.register_all()
