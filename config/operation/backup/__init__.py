"""One archive of the whole community, and back: `manage.py backup` and `manage.py restore` (the README one level up).

The archive is a gzipped tar: `about.json` (what made it), `database`, `media/…`, and last `manifest.json` with the size
and checksum of every file and of every table. Nothing in it is run: no scripts, no pickles, no psql.
"""
