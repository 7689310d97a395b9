"""A link opens the same choice in every language, and the address keeps its name."""

import pytest

from tests.pages.opened_page import open_page


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_an_address_is_the_same_in_every_language(language: str) -> None:
    page = open_page("codes", exhibit="Strangers", stranger="A digit", lang=language)
    assert not page.exception and not page.error and not page.info
    assert page.button_group(key="stranger").value == "A digit"
    assert page.query_params["stranger"] in ("A digit", ["A digit"])
    shown = page.button_group(key="exhibit").proto.options
    assert [option.content for option in shown][6] == {"en": "Strangers", "zh-TW": "陌生人"}[language]


def test_the_first_choice_needs_no_word() -> None:
    page = open_page("codes", exhibit="Strangers", stranger="A digit")
    page.button_group(key="stranger").set_value("A letter").run()
    assert not page.exception and "stranger" not in page.query_params
    page.button_group(key="stranger").set_value("A scribble").run()
    assert page.query_params["stranger"] in ("A scribble", ["A scribble"])
