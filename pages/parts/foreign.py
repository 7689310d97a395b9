"""Text that is not ours, an address, a file's name, a cell of a table, shown as text where Streamlit reads Markdown."""

import re

# Our own sentences name commands between backticks, where nothing is read; a stranger's code span is text as well.
_READ = re.compile(r"(`[^`\n]*`)|([\\\[\]<$*~])|(://)|\b(www)\.", re.IGNORECASE)

_NOTHING = "\u2060"  # a joiner that is not seen


def as_text(text: str) -> str:
    """Markdown that shows `text` as it is: no link, no picture that the browser would fetch, no HTML, no formula."""
    return _READ.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    span, sign, scheme, host = found.groups()
    if span:
        return span
    if sign:
        return "\\" + sign
    return f":{_NOTHING}//" if scheme else f"{host}{_NOTHING}."  # a link is made of these even where they are escaped
