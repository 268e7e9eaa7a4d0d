"""What each HTML element is to a reader: a heading, a block, a box with contents, a style."""

from typing import Final

HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS: Final = {
    "address", "article", "aside", "body", "center", "details", "dialog", "div", "fieldset", "figcaption", "figure",
    "footer", "form", "header", "hgroup", "legend", "main", "nav", "p", "section", "summary",
}
CONTAINERS: Final = {
    "blockquote", "ul", "ol", "menu", "dir", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "caption",
}
STRONG: Final = {"strong", "b"}
EMPHASIS: Final = {"em", "i", "cite", "dfn", "var"}
STRUCK: Final = {"s", "strike", "del"}
CODE: Final = {"code", "kbd", "samp", "tt"}
INLINE: Final = {
    "a", "abbr", "acronym", "bdi", "bdo", "big", "button", "data", "font", "ins", "label", "mark", "q", "small", "span",
    "sub", "sup", "time", "u",
}
MEDIA: Final = {"iframe", "video", "audio", "embed", "object"}
VOID: Final = {"br", "hr", "img", "embed", "source"}
ALL: Final = (
    set(HEADINGS) | BLOCKS | CONTAINERS | STRONG | EMPHASIS | STRUCK | CODE | INLINE | MEDIA | VOID
    | {"pre", "thead", "tbody", "tfoot"}
)
