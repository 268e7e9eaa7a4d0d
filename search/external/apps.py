from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExternalConfig(AppConfig):
    name = "search.external"
    label = "external"
    verbose_name = _("External sources")

    def ready(self) -> None:
        from accounts.events.worker import register_schedule
        from search.external import crawl
        from search.external.source import ExternalRecordSource
        from search.sources import register

        register(ExternalRecordSource())
        register_schedule("external.crawl", seconds=30, call=crawl.start)
