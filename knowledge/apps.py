from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    label = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from accounts.viewer import register_token_provider
        from knowledge import receivers
        from knowledge.audience import section_tokens

        register_token_provider(section_tokens)
        receivers.connect(self)
