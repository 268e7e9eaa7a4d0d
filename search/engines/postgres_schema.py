"""What PostgreSQL has beside the tables of models: the words of entries, and what tells of their changes."""

from __future__ import annotations

from typing import Final

CREATE: Final = (
    "ALTER TABLE search_entry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
)
DROP: Final = ("DROP INDEX search_entry_vector", "ALTER TABLE search_entry DROP COLUMN vector")
CREATE_BRIEF: Final = (
    "ALTER TABLE search_entry ADD COLUMN brief tsvector NOT NULL DEFAULT ''",
    "UPDATE search_entry SET brief = ts_filter(vector, '{a,b}')",
    "CREATE INDEX search_entry_brief ON search_entry USING gin (brief)",
    "CREATE FUNCTION search_holding(asked tsquery) RETURNS TABLE (entry_id bigint, kind varchar, is_named boolean)"
    " LANGUAGE sql STABLE SET enable_seqscan = off AS $$"
    " SELECT id, kind, brief @@ asked FROM search_entry WHERE vector @@ asked $$",
)
DROP_BRIEF: Final = (
    "DROP FUNCTION search_holding(tsquery)", "DROP INDEX search_entry_brief",
    "ALTER TABLE search_entry DROP COLUMN brief",
)

_FIND: Final = (
    "CREATE FUNCTION search_{name}(asked tsquery) RETURNS text LANGUAGE sql STABLE SET enable_seqscan = off AS $$"
    " SELECT string_agg(entry_id::text, ',') FROM search_words WHERE {words} @@ asked $$"
)
_EPOCH: Final = "UPDATE search_epoch SET stamp = gen_random_uuid(), changed_in = pg_current_xact_id();"
# Words stand in a narrow table of their own: whether a row that an index tells is to be seen has to be looked up, and
# thirty thousand of them fill a few hundred pages instead of thirty thousand. The functions are there for their
# setting: the planner does not know what unpacking costs and would rather read the whole table.
CREATE_WORDS: Final = (
    "CREATE TABLE search_words (entry_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "INSERT INTO search_words SELECT id, vector FROM search_entry WHERE NOT is_deleted",
    *DROP_BRIEF, *DROP,
    "CREATE INDEX search_words_said ON search_words USING gin (words)",
    "CREATE INDEX search_words_named ON search_words USING gin (ts_filter(words, '{a}'))",
    _FIND.format(name="said", words="words"),
    _FIND.format(name="named", words="ts_filter(words, '{a}')"),
    # See `postgres_changes`.
    "ALTER TABLE search_entry ADD COLUMN changed_in xid8 NOT NULL DEFAULT '0'",
    "CREATE INDEX search_entry_changed ON search_entry (changed_in)",
    "CREATE TABLE search_epoch (stamp uuid NOT NULL, changed_in xid8 NOT NULL)",
    "INSERT INTO search_epoch VALUES (gen_random_uuid(), '0')",
    "CREATE FUNCTION search_entry_changed() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN NEW.changed_in := pg_current_xact_id(); RETURN NEW; END $$",
    "CREATE FUNCTION search_entry_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " DELETE FROM search_words WHERE entry_id IN (SELECT id FROM gone);"
    f" IF EXISTS (SELECT 1 FROM gone WHERE NOT is_deleted) THEN {_EPOCH} END IF; RETURN NULL; END $$",
    "CREATE FUNCTION search_entry_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" DELETE FROM search_words; {_EPOCH} RETURN NULL; END $$",
    "CREATE TRIGGER search_entry_changed BEFORE INSERT OR UPDATE ON search_entry"
    " FOR EACH ROW EXECUTE FUNCTION search_entry_changed()",
    "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry REFERENCING OLD TABLE AS gone"
    " FOR EACH STATEMENT EXECUTE FUNCTION search_entry_gone()",
    "CREATE TRIGGER search_entry_emptied AFTER TRUNCATE ON search_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION search_entry_emptied()",
)
DROP_WORDS: Final = (
    *(f"DROP TRIGGER search_entry_{name} ON search_entry" for name in ("changed", "gone", "emptied")),
    *(f"DROP FUNCTION search_entry_{name}()" for name in ("changed", "gone", "emptied")),
    "DROP FUNCTION search_said(tsquery)", "DROP FUNCTION search_named(tsquery)",
    "ALTER TABLE search_entry DROP COLUMN changed_in", "DROP TABLE search_epoch",
    *CREATE,
    "UPDATE search_entry SET vector = w.words FROM search_words w WHERE w.entry_id = search_entry.id",
    *CREATE_BRIEF, "DROP TABLE search_words",
)
