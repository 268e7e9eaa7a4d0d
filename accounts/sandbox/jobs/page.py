"""A web page's title and text: the payload is its HTML in UTF-8, the answer its text in UTF-8."""

from __future__ import annotations

from bs4 import BeautifulSoup

_ASIDE = ["script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe"]
_MOST = 100_000


def prepare(payload: bytes) -> None:
    work(b"<!doctype html><html lang=en><title>a</title><nav>b</nav><main><h1>c</h1>&amp;</main>")


def work(payload: bytes) -> tuple[dict, bytes]:
    """What a reader would read: the main part without menus."""
    page = BeautifulSoup(payload.decode("utf-8", "replace"), "html.parser")
    robots = page.find("meta", attrs={"name": "robots"})
    language = page.html.get("lang", "") if page.html else ""
    for tag in page(_ASIDE):
        tag.decompose()
    heading = page.find("h1") or page.find("title")
    main = page.find("main") or page.find("article") or page.body or page
    text = "\n".join(line for line in (line.strip() for line in main.get_text("\n").splitlines()) if line)
    told = {
        "title": " ".join(heading.get_text(" ").split())[:300] if heading else "",
        "language": str(language)[:10],
        "is_hidden": "noindex" in str(robots.get("content", "")).lower() if robots else False,
    }
    return told, text[:_MOST].encode("utf-8", "ignore")
