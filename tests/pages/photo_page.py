"""The page "Your photo" without a browser, for the tests of what is on it."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages import opened_page


def open_page(remembered: dict[str, Any] | None = None, /, **query: Any) -> AppTest:
    """After its first run; without the six answers, which most tests need not wait for, unless the address asks."""
    return opened_page.open_page("photo", remembered, **{"six": "false", **query})


def state(page: AppTest) -> Any:
    """What the page remembers of its visitor, a `PhotoState`."""
    return page.session_state["PhotoState"]


def upload(page: AppTest, content: bytes, name: str = "me.jpg", mime: str = "image/jpeg") -> AppTest:
    page.file_uploader[0].set_value((name, content, mime))
    return page.run()


def run_code(page: AppTest) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    exec(page.code[-1].value, variables)
    return variables
