"""Every address of the product. Rooms keep their own; here they are put in order."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.documents.models import Document
from wagtail.images.models import Image

from accounts.factors import views as factors
from accounts.views.entrance import sign_up
from config import views
from config.sitemaps import SITEMAPS

api = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("", include("accounts.api_urls")),
    path("", include("accounts.uploads.api_urls")),
    path("", include("accounts.drafts.api_urls")),
    path("", include("accounts.ignoring.api_urls")),
    path("", include("accounts.erasing.api_urls")),
    path("", include("accounts.takeout.api_urls")),
    path("", include("search.api_urls")),
    path("", include("knowledge.api_urls")),
    path("", include("community.api_urls")),
    path("<path:rest>", views.api_not_found),
]
admin.site.login = secure_admin_login(admin.site.login)  # the one sign-in, with its limits, for Django's admin too
# Files have a room of their own; closed in /cms/, these are closed here as well. Second factors are their person's.
for unused in (Document, Image, Authenticator):
    admin.site.unregister(unused)

handler500 = "config.views.server_error"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemap-index"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("accent.css", views.accent, name="accent"),
    path("api/v1/", include((api, "api"))),
    path("accounts/signup/", sign_up, name="account_signup"),
    path("accounts/2fa/", factors.FactorsView.as_view(), name="mfa_index"),
    path("accounts/2fa/closed/", factors.ClosedStepView.as_view(), name="mfa_closed_step"),
    path("accounts/2fa/totp/activate/", factors.AppView.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", factors.AppOffView.as_view(), name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/generate/", factors.CodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("accounts/2fa/webauthn/add/", factors.KeyAddView.as_view(), name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", factors.KeyRemoveView.as_view(), name="mfa_remove_webauthn"),
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("accounts/2fa/webauthn/reauthenticate/", factors.KeyView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("accounts/password/change/", factors.GuardedPasswordChangeView.as_view(), name="account_change_password"),
    path("accounts/", include("allauth.urls")),
    path("", include("config.operation.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.uploads.urls")),
    path("", include("accounts.drafts.urls")),
    path("", include("accounts.ignoring.urls")),
    path("", include("accounts.erasing.urls")),
    path("", include("accounts.takeout.urls")),
    path("", include("search.external.urls")),
    path("", include("search.urls")),
    path("", include("community.urls")),
    path("", include("knowledge.urls")),
    path("cms/", include("knowledge.cms_urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("admin/", admin.site.urls),
    path("", include(wagtail_urls)),
]
