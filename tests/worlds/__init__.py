"""Whole worlds other than the one of `tests/leaks`, by `./test --slow`: each is built alone and taken back.

They stand in a package of their own: the lean world of `tests/leaks` lives as long as tests of that package run, and
two worlds at once would clash by name, and meet each other's words.
"""
