"""The mapping and the analysis of every Elasticsearch index; a change here raises VERSION and asks for a rebuild."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from elasticsearch.dsl import (
    Boolean,
    Date,
    DenseVector,
    Index,
    Integer,
    Keyword,
    Long,
    Mapping,
    Nested,
    Object,
    Text,
    analyzer,
    char_filter,
    token_filter,
    tokenizer,
)

from search import languages
from search.semantic.embedders import embedder
from search.sources import Document

VERSION: Final = 7
BODY_LIMIT: Final = 200_000
VALUE_LIMIT: Final = 300  # characters; a longer value is kept with its document, and neither found nor counted
SIGNATURE_LIMIT: Final = 8_000  # characters, each of at most four bytes: Lucene takes 32,766 bytes
# What an index is set to while it answers, and while it is filled beside another and nobody asks it.
ANSWERING: Final = {"refresh_interval": "1s"}
BUILDING: Final = {"refresh_interval": "-1"}

# ’ is ' , so that don’t and don't are one word; the possessive filter knows only one of them.
_apostrophe = char_filter("apostrophe", "mapping", mappings=["’=>'", "‘=>'"])
_words = tokenizer(
    "words", "char_group", tokenize_on_chars=["whitespace", "punctuation", "symbol"], max_token_length=250
)
_stop = token_filter("english_stop", "stop", stopwords="_english_")
_possessive = token_filter("english_possessive", "stemmer", language="possessive_english")
_stemmer = token_filter("english_stem", "stemmer", language="english")
_edges = token_filter("edges", "edge_ngram", min_gram=1, max_gram=15)

english = analyzer(
    "content_en", tokenizer="standard", char_filter=[_apostrophe],
    filter=[_possessive, "lowercase", "asciifolding", _stop, _stemmer],
)
# The texts once more, by the rules of their own language: (how endings are taken off, articles that are bound on).
_FRENCH: Final = "l m t qu n s j d c jusqu quoiqu lorsqu puisqu".split()  # noqa: SIM905
_ITALIAN: Final = "c l all dall dell nell sull coll pell gl agl dagl degl negl sugl un m t s v d".split()  # noqa: SIM905
_RULES: Final[dict[str, tuple[str, str, list[str]]]] = {
    "de": ("light_german", "_german_", []), "es": ("light_spanish", "_spanish_", []),
    "fr": ("light_french", "_french_", _FRENCH), "it": ("light_italian", "_italian_", _ITALIAN),
    "nl": ("dutch", "_dutch_", []), "pt": ("light_portuguese", "_portuguese_", []), "cs": ("czech", "_czech_", []),
}
OWN_PLACES: Final = ("title", "summary", "body", "solution", "replies")


def _own(code: str) -> Any:
    stem, stop, bound = _RULES[code]
    filters: list[Any] = [token_filter(f"{code}_bound", "elision", articles=bound, articles_case=True)] if bound else []
    filters += ["lowercase", token_filter(f"{code}_stop", "stop", stopwords=stop)]
    filters += [token_filter(f"{code}_stem", "stemmer", language=stem), "asciifolding"]
    return analyzer(f"content_{code}", tokenizer="standard", char_filter=[_apostrophe], filter=filters)


OWN_ANALYZERS: Final = {code: _own(code) for code in languages.OWN}
# Bare words as they are written, without stop words left out: versions, error codes, names, phrases.
exact = analyzer("content_exact", tokenizer=_words, filter=["lowercase", "asciifolding"])
beginnings = analyzer("content_begun", tokenizer=_words, filter=["lowercase", "asciifolding", _edges])


def _text() -> Text:
    return Text(analyzer=english, fields={"exact": Text(analyzer=exact)})


def signature() -> str:
    """What tells whether an index was made with this mapping and for this model; other indexes are built anew."""
    maker = embedder()
    return f"{VERSION}:{maker.name}:{maker.dimensions}" if maker else str(VERSION)


def mapping() -> Mapping:
    """Every field by name; a document with another field is refused (`strict`)."""
    fields = Mapping()
    fields.meta("dynamic", "strict")
    fields.meta("_meta", {"version": signature()})
    maker = embedder()
    if maker:
        vector = DenseVector(dims=maker.dimensions, index=True, similarity="cosine")
        fields.field("passages", Nested(properties={"vector": vector}))
    # What is stored already under another name is not stored twice.
    fields.meta("_source", {"excludes": ["passages", *languages.OWN]})
    for code, own in OWN_ANALYZERS.items():
        fields.field(code, Object(properties={name: Text(analyzer=own) for name in OWN_PLACES}))
    fields.field("title", Text(
        analyzer=english, fields={
            "exact": Text(analyzer=exact), "begun": Text(analyzer=beginnings, search_analyzer=exact),
            "whole": Keyword(index=False, ignore_above=1_000),
        },
    ))
    for name in ("keywords", "tag_words", "summary", "body", "solution", "replies"):
        fields.field(name, _text())
    for name in (
        "kind", "audience", "tags", "products", "container", "container_label", "state", "author", "language", "digest"
    ):
        fields.field(name, Keyword(ignore_above=VALUE_LIMIT))
    fields.field("signature", Keyword(ignore_above=SIGNATURE_LIMIT))
    fields.field("created_at", Date())
    fields.field("updated_at", Date())
    fields.field("helpful", Integer())
    fields.field("is_official", Boolean())
    fields.field("object_id", Long())
    fields.field("version", Long())
    return fields


def types(made: dict[str, Any]) -> dict[str, str]:
    """The type of every field of a mapping, ours or one that Elasticsearch tells; one of fields within has none."""
    return {name: field.get("type", "object") for name, field in made.get("properties", {}).items()}


def index(name: str) -> Index:
    """An index of that name with the settings and the mapping, not yet created."""
    made = Index(name)
    made.settings(
        number_of_shards=1, number_of_replicas=0, auto_expand_replicas="0-1", **ANSWERING,
        # A delete is remembered this long, so that an older write that comes late still loses.
        gc_deletes="1h",
        # Long articles and threads with many replies are not worse for it: length counts less than by default.
        similarity={"default": {"type": "BM25", "k1": 1.2, "b": 0.4}},
    )
    for each in (english, exact, beginnings, *OWN_ANALYZERS.values()):
        made.analyzer(each)
    made.mapping(mapping())
    return made


def _label(document: Document) -> str:
    """A container's address and its name as one value, so that counting the one tells the other."""
    return f"{document.container}\n{document.container_name}" if document.container else ""


def signed(document: Document) -> str:
    """What a document counts for in all facets of few values, as one value: counting it once counts them all.

    A JSON list: container (address and name), state, language, and the products in order.
    """
    one = [_label(document), document.state, document.language]
    products = sorted({value for value in document.products if 0 < len(value) <= VALUE_LIMIT})
    told = [value if len(value) <= VALUE_LIMIT else "" for value in one]
    return json.dumps([*told, products], ensure_ascii=False, separators=(",", ":"))


def source_of(
    kind: str, document: Document, version: int, vectors: Sequence[Sequence[float]] = ()
) -> dict[str, Any]:
    """A document as it is stored in Elasticsearch, with the vectors of its passages where there are any."""
    passages = [{"vector": [round(value, 5) for value in vector]} for vector in vectors]
    texts = {
        "title": document.title, "summary": document.summary, "body": document.body[:BODY_LIMIT],
        "solution": document.solution[:BODY_LIMIT], "replies": document.replies[:BODY_LIMIT],
    }
    code = languages.code_of(document.language)
    return {
        **({"passages": passages} if passages else {}), **({code: texts} if code in languages.OWN else {}), **texts,
        "kind": kind, "object_id": document.id, "version": version, "digest": document.digest,
        "keywords": document.keywords, "tag_words": " ".join(document.tags), "audience": sorted(set(document.audience)),
        "tags": list(document.tags), "products": list(document.products),
        "container": document.container, "container_label": _label(document), "signature": signed(document),
        "state": document.state, "author": document.author, "language": document.language,
        "created_at": document.created_at, "updated_at": document.updated_at, "helpful": document.helpful,
        "is_official": document.is_official,
    }
