"""What each database needs to find words fast, beside the tables that Django makes."""

# The full-text table holds no copy of the words: triggers tell it of each change. Neither
# places nor lengths of words are kept, because ranking does not ask for them. "ascii" cuts at
# spaces, and takes what is not ASCII as it stands: ``search.words`` has folded it already.
SQLITE = (
    """
    CREATE VIRTUAL TABLE search_fulltext USING fts5(
        scope, title, codes, labels, body, content='search_entry', content_rowid='page_id',
        tokenize='ascii', prefix='2 3', detail=column, columnsize=0
    )
    """,
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_fulltext(rowid, scope, title, codes, labels, body)
        VALUES (new.page_id, new.scope, new.title, new.codes, new.labels, new.body);
    END
    """,
    """
    CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_fulltext(search_fulltext, rowid, scope, title, codes, labels, body)
        VALUES ('delete', old.page_id, old.scope, old.title, old.codes, old.labels, old.body);
    END
    """,
    """
    CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_fulltext(search_fulltext, rowid, scope, title, codes, labels, body)
        VALUES ('delete', old.page_id, old.scope, old.title, old.codes, old.labels, old.body);
        INSERT INTO search_fulltext(rowid, scope, title, codes, labels, body)
        VALUES (new.page_id, new.scope, new.title, new.codes, new.labels, new.body);
    END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER search_entry_added",
    "DROP TRIGGER search_entry_gone",
    "DROP TRIGGER search_entry_changed",
    "DROP TABLE search_fulltext",
)

_WORDS = "array_to_tsvector(array_remove(string_to_array({}, ' '), ''))"
_NEAR = _WORDS.format("scope || ' ' || title || codes || labels")
_ALL = _WORDS.format("scope || ' ' || title || codes || labels || body")
# ``near`` is all but the body: what suggestions look at while somebody types. The last index
# is Wagtail's, for searching in the admin: it looks for ``title || body`` and has none for it.
POSTGRESQL = (
    f"""
    ALTER TABLE search_entry
        ADD COLUMN near tsvector GENERATED ALWAYS AS ({_NEAR}) STORED,
        ADD COLUMN words tsvector GENERATED ALWAYS AS ({_ALL}) STORED
    """,
    "CREATE INDEX search_entry_near ON search_entry USING gin (near)",
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
    "CREATE INDEX search_admin_words ON wagtailsearch_indexentry USING gin ((title || body))",
)
POSTGRESQL_BACK = (
    "DROP INDEX IF EXISTS search_admin_words",
    "ALTER TABLE search_entry DROP COLUMN near, DROP COLUMN words",
)
