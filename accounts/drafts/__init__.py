"""Texts that are begun: kept a person and context, so that writing goes on at another device or after a crash.

A context is a word and an id, such as `reply-12` or `topic-3`; rooms say what theirs are called and where they go on.
"""
