"""Whom a person does not want to hear from, or to read.

Their own business: nobody is told, and it leaves no event in the log.
"""
