"""A page of the app without a browser."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def open_page(page: str, remembered: dict[str, Any] | None = None, /, **query: Any) -> AppTest:
    """The page of that folder of pages/ after its first run, with what the session remembers and the address asks."""
    opened = AppTest.from_file(str(ROOT / "pages" / page / "page.py"), default_timeout=110)
    for key, value in query.items():
        opened.query_params[key] = value
    for key, value in (remembered or {}).items():
        opened.session_state[key] = value
    return opened.run()
