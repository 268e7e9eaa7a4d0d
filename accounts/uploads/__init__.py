"""Files in texts: pictures and attachments of posts, wiki pages and messages, and who may have them.

A file is named in a text by its address. It stands in a *place* (a post, a message) that a room registers, and whoever
may read the place may have the file; while it stands nowhere it is its owner's alone, and goes after a day.
"""
