"""An author's words as HTML."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@cache
def markdown(text: str) -> Markup:
    """Markdown as HTML.  HTML in it is shown, never obeyed."""
    rendered: str = _MARKDOWN.render(text)
    return Markup(rendered)  # noqa: S704 - the renderer escapes all that is not Markdown
