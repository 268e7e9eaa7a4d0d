"""Real PostgreSQL, Redis, Elasticsearch and Chromium for the tests and for `./run --full`.

`python -m tests.services start|stop|env|browser`. Where DATABASE_URL, REDIS_URL or ELASTICSEARCH_URL is set, that one
is used and nothing is started in its place.
"""
