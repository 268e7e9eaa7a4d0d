"""What may be said of the Elasticsearch cluster in the environment, and the one line for what may not."""

from __future__ import annotations

import pytest

from config import cluster

pytestmark = pytest.mark.once

ES = "https://es1.example:9200"
KEY = "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw=="


def given(monkeypatch, **said: str) -> None:
    for name in ("URL", "USER", "PASSWORD", "API_KEY", "CA", "VERIFY"):
        monkeypatch.delenv(f"ELASTICSEARCH_{name}", raising=False)
    for name, value in said.items():
        monkeypatch.setenv(f"ELASTICSEARCH_{name}", value)


@pytest.mark.parametrize(
    ("said", "name", "words"),
    [
        ({"URL": "es.example:9200"}, "URL", "must be http(s)://host:port"),
        ({"URL": "https://es.example"}, "URL", "must be http(s)://host:port"),
        ({"URL": "http://es.example:port"}, "URL", "must be http(s)://host:port"),
        ({"URL": "http://me:secret@es"}, "URL", "“http://…@es”"),
        ({"URL": f"{ES},http://es2.example:9200"}, "URL", "all by http or all by https"),
        ({"URL": ES, "USER": "tw"}, "PASSWORD", "is missing"),
        ({"URL": ES, "PASSWORD": "x"}, "USER", "is missing"),
        ({"URL": ES, "USER": "tw", "PASSWORD": "x", "API_KEY": KEY}, "API_KEY", "must stand alone"),
        ({"URL": "https://tw:x@es:9200", "API_KEY": KEY}, "API_KEY", "must stand alone"),
        ({"URL": "https://tw:x@es:9200", "USER": "tw", "PASSWORD": "x"}, "USER", "must stand alone"),
        ({"URL": ES, "API_KEY": "a key"}, "API_KEY", "encoded"),
        ({"URL": ES, "CA": "/nowhere/ca.pem"}, "CA", "No such file"),
        ({"URL": ES, "CA": __file__}, "CA", "holds no certificate"),
        ({"URL": "http://es:9200", "CA": __file__}, "CA", "needs nodes by https"),
        ({"URL": "http://es:9200", "VERIFY": "off"}, "VERIFY", "needs nodes by https"),
        ({"URL": ES, "CA": __file__, "VERIFY": "off"}, "VERIFY", "must be on"),
        ({"URL": ES, "VERIFY": "perhaps"}, "VERIFY", "must be on or off"),
    ],
)
def test_cluster_when_it_is_told_wrongly_then_one_line_names_the_variable(monkeypatch, capsys, said, name, words):
    given(monkeypatch, **said)

    with pytest.raises(SystemExit):
        cluster.nodes(), cluster.account(), cluster.trust()

    line = capsys.readouterr().err
    assert line.startswith(f"ELASTICSEARCH_{name}: ") and words in line and line.count("\n") == 1
    assert "secret" not in line


@pytest.mark.parametrize("value", ["Threadwell", "-x", "a b", "a/b", "x" * 81])
def test_prefix_when_no_index_could_be_named_so_then_one_line_says_so(monkeypatch, capsys, value):
    monkeypatch.setenv("SEARCH_INDEX_PREFIX", value)

    with pytest.raises(SystemExit):
        cluster.prefix()

    assert capsys.readouterr().err.startswith("SEARCH_INDEX_PREFIX: must be lower-case")


def test_cluster_when_it_is_told_well_then_the_client_gets_it(monkeypatch):
    given(monkeypatch, URL=f"{ES} , https://es2.example:9243", API_KEY=KEY, VERIFY="off")
    assert cluster.nodes() == f"{ES},https://es2.example:9243"
    assert cluster.account() == {"api_key": KEY}
    assert cluster.trust() == {"verify_certs": False, "ssl_show_warn": False}

    given(monkeypatch, URL=ES, API_KEY="id:secret_-1")
    assert cluster.account() == {"api_key": ("id", "secret_-1")}
    given(monkeypatch, URL=ES, USER="tw", PASSWORD="p:@ss")
    assert (cluster.account(), cluster.trust()) == ({"basic_auth": ("tw", "p:@ss")}, {})
    given(monkeypatch)
    assert (cluster.nodes(), cluster.account(), cluster.trust()) == ("", {}, {})
