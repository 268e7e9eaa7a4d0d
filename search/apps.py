from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from accounts.events.registry import subscribe
        from accounts.events.worker import register_round, register_schedule
        from search import erased, indexer, log, outbox, saved, takeout, tuning, vocabulary
        from search.engines import entries

        subscribe("*", outbox.mark_affected, name="search.mark", when="now", many=outbox.mark_all_affected)
        register_round("search", indexer.run_round, is_heavy=True)
        register_round("search.trials", tuning.run_round, is_heavy=True)
        register_schedule("search.tidy", seconds=900, call=indexer.tidy)
        register_schedule("search.indexes", seconds=60, call=indexer.forget)
        register_schedule("search.words", seconds=86_400, call=entries.forget_words)
        register_schedule("search.vocabulary", seconds=86_400, call=vocabulary.learn)
        register_schedule("search.log", seconds=3600, call=log.trim)
        register_schedule("search.saved", seconds=60, call=saved.look_again)
        erased.register_all()
        takeout.register_all()
