"""Whole communities in and out, as JSON Lines. The form is described in this folder's README."""
