"""Second factors: a code from an app, a passkey or a security key, and codes for the day when these are lost.

django-allauth (`allauth.mfa`) keeps and checks them. Here is what the community adds: secrets are sealed, a code counts
once whatever the cache forgets, who must have a second factor, and what is told and recorded of each change.
"""
