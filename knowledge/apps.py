from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    label = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from accounts.events.worker import register_round, register_schedule
        from accounts.uploads.places import register_place
        from accounts.viewer import register_token_source
        from knowledge import drafts, erased, receivers, takeout, tasks
        from knowledge.attached import WikiPlace
        from knowledge.audience import section_rows, section_tokens
        from knowledge.source import ArticleSource, WikiSource
        from search.sources import register

        register_token_source(section_rows, section_tokens)
        receivers.connect(self)
        register(ArticleSource())
        register(WikiSource())
        register_place(WikiPlace())
        drafts.register_all()
        register_round("knowledge.tasks", tasks.run_waiting)
        register_schedule("knowledge.publish_scheduled", seconds=60, call=tasks.publish_scheduled)
        register_schedule("knowledge.reap", seconds=60, call=tasks.reap)
        register_schedule("knowledge.prune", seconds=3600, call=tasks.prune)
        erased.register_all()
        takeout.register_all()
