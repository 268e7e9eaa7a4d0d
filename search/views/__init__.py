"""The pages of search: results and suggestions, what staff shape, saved searches and their feed."""

from search.views.feed import SearchFeed
from search.views.pins import PinListView, PinRemoveView
from search.views.portable import PortableFileView, PortableView
from search.views.results import ClickView, ResultsView, SuggestView, flat, logged
from search.views.saved import RecentForgetView, SavedListView, SavedRemoveView, SavedTellView
from search.views.synonyms import SynonymsChangeView, SynonymsListView, SynonymsRemoveView
from search.views.tuning import RelevanceTrialView, RelevanceUndoView, RelevanceView
from search.views.why import WhyView

__all__ = [
    "ClickView",
    "PinListView",
    "PinRemoveView",
    "PortableFileView",
    "PortableView",
    "RecentForgetView",
    "RelevanceTrialView",
    "RelevanceUndoView",
    "RelevanceView",
    "ResultsView",
    "SavedListView",
    "SavedRemoveView",
    "SavedTellView",
    "SearchFeed",
    "SuggestView",
    "SynonymsChangeView",
    "SynonymsListView",
    "SynonymsRemoveView",
    "WhyView",
    "flat",
    "logged",
]
