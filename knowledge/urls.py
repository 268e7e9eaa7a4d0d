"""Reading at fixed addresses; editors work in /cms/ (`knowledge.cms_urls`)."""

from django.urls import path

from knowledge.cms_urls import closed
from knowledge.views import articles, history, wiki

app_name = "knowledge"
urlpatterns = [
    path("kb/", articles.IndexView.as_view(), name="index"),
    path("kb/<str:section>/", articles.SectionView.as_view(), name="section"),
    path("kb/<str:section>/<str:slug>/", articles.ArticleView.as_view(), name="article"),
    path("kb/<str:section>/<str:slug>/helpful/", articles.HelpfulView.as_view(), name="helpful"),
    path("kb/<str:section>/<str:slug>/verify/", articles.VerifyView.as_view(), name="verify"),
    path("kb/<str:section>/<str:slug>/related/", articles.RelatedView.as_view(), name="related"),
    path("wiki/", wiki.IndexView.as_view(), name="wiki"),
    path("wiki/<str:section>/", wiki.SectionView.as_view(), name="wiki-section"),
    path("wiki/<str:section>/new/", wiki.PageCreateView.as_view(), name="wiki-create"),
    path("wiki/<str:section>/<str:slug>/", wiki.PageView.as_view(), name="wiki-page"),
    path("wiki/<str:section>/<str:slug>/edit/", wiki.PageEditView.as_view(), name="wiki-edit"),
    path("wiki/<str:section>/<str:slug>/history/", history.HistoryView.as_view(), name="wiki-history"),
    path("wiki/<str:section>/<str:slug>/history/<int:number>/", history.ChangeView.as_view(), name="wiki-change"),
    path("wiki/<str:section>/<str:slug>/related/", wiki.RelatedView.as_view(), name="wiki-related"),
    path("wiki/<str:section>/<str:slug>/back/<int:number>/", history.RestoreView.as_view(), name="wiki-restore"),
    # Wagtail's own front-end login and password prompt: signing in is allauth's alone.
    path("_util/<path:rest>", closed),
]
