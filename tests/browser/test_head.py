"""The head in a real browser: one line on a desk, tabs on a phone, a theme that costs nothing, a link to copy."""

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import PAD, drag
from tests.browser.test_photo import SQUARE, plain, upload

TABS = ("Faces", "Your photo", "Digits", "Codes", "Lessons", "Models")
LIGHT, DARK = "rgb(251, 247, 238)", "rgb(18, 23, 28)"
HEAD, PAGES = ".st-key-head", ".st-key-pages"


def box(node: Locator) -> FloatRect:
    found = node.bounding_box()
    assert found is not None
    return found


def choose_theme(page: Page, name: str) -> None:
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("button", name=f"Theme: {name}")).to_be_visible()


def expect_ground(page: Page, colour: str) -> None:
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", colour)


def test_the_head_is_one_line(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/models")
    assert box(page.locator(HEAD))["height"] <= 56 and box(page.locator(HEAD))["y"] == 0
    links = [page.locator(PAGES).get_by_role("link", name=name, exact=True) for name in TABS]
    parts = [page.get_by_role("link", name="Autoencoder by hand"), *links]
    parts += [page.get_by_role("button", name=name) for name in ("Theme", "Copy link")]
    ends = [(box(part)["x"], box(part)["x"] + box(part)["width"]) for part in parts]
    assert all(before[1] <= after[0] for before, after in zip(ends[:-1], ends[1:], strict=True)), "they overlap"
    assert all(box(part)["y"] >= 0 and box(part)["y"] + box(part)["height"] <= 56 for part in parts)
    expect(page.locator(f"{PAGES} [aria-current=page]")).to_contain_text("Models")
    links[0].focus()
    page.keyboard.press("Tab")
    expect(links[1]).to_be_focused()
    assert links[1].evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


def test_a_phone_has_six_tabs_at_the_bottom_edge_that_cover_nothing(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/digits")
    bar = box(phone.locator(PAGES))
    assert bar["y"] + bar["height"] == 844 and bar["width"] == 390 and bar["height"] < 70
    for name in TABS:
        tab = phone.locator(PAGES).get_by_role("link", name=name, exact=True)
        assert min(box(tab)["width"], box(tab)["height"]) >= 44, name
    for name in ("Theme", "Copy link"):
        button = phone.get_by_role("button", name=name)
        assert min(box(button)["width"], box(button)["height"]) >= 44, name
    phone.locator(PAGES).get_by_role("link", name="Lessons").tap()
    expect(phone.get_by_role("heading", name="784 pixels go in")).to_be_visible()
    settled(phone)
    expect(phone.locator(f"{PAGES} [aria-current=page]")).to_contain_text("Lessons")
    for _ in range(50):  # a phone shrinks the page while something on it is too wide, until it is laid out
        if box(phone.locator(PAGES)) == bar:
            break
        phone.wait_for_timeout(100)
    assert box(phone.locator(PAGES)) == bar, "the tabs have moved"
    over = "[...document.elementsFromPoint(195, 422)].some((node) => node.closest('.st-key-head, [role=dialog]'))"
    assert not phone.evaluate(over), "something of the head lies over the page"
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_theme_is_chosen_without_a_reload_and_kept_on_every_page(page: Page, open_page: OpenPage) -> None:
    page.emulate_media(color_scheme="light")
    open_page(page, "/")
    drag(page, page.locator(PAD), (0.25, 0.3), (0.45, 0.45))
    shapes = page.locator(".pad .shapes rect")
    expect(shapes).to_have_count(2)
    expect_ground(page, LIGHT)
    page.evaluate("window.still = true")
    choose_theme(page, "Dark")
    expect_ground(page, DARK)
    expect(shapes).to_have_count(2)
    assert page.evaluate("window.still"), "the page was loaded again"
    expect(page.get_by_role("menu")).to_have_count(0)
    open_page(page, "/digits")  # another address, loaded anew
    expect_ground(page, DARK)
    expect(page.get_by_role("button", name="Theme: Dark")).to_be_visible()
    choose_theme(page, "System")
    expect_ground(page, LIGHT)
    page.emulate_media(color_scheme="dark")
    expect_ground(page, DARK)
    page.emulate_media(color_scheme="light")
    open_page(page, "/")
    expect_ground(page, LIGHT)


def test_a_theme_keeps_an_own_photo(page: Page, open_page: OpenPage) -> None:
    page.emulate_media(color_scheme="light")
    open_page(page, "/photo")
    upload(page, "mine.png", plain(320, 200), "image/png")
    expect(page.get_by_text("320 × 200 pixels")).to_be_visible()
    settled(page)
    picture = page.locator(f"{SQUARE} image").first
    before = picture.get_attribute("href")
    choose_theme(page, "Dark")
    expect_ground(page, DARK)
    settled(page)
    expect(page.get_by_text("320 × 200 pixels")).to_be_visible()
    expect(page.get_by_role("button", name="Forget my photo")).to_be_visible()
    expect(picture).to_have_attribute("href", before or "")


def test_the_link_is_copied(page: Page, open_page: OpenPage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, "/digits?digit=18&strength=0.5")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "digit=18" in page.url and "strength=0.5" in page.url


def test_every_page_is_reached_from_the_head(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/models")
    for name in TABS:
        before = page.get_by_role("heading", level=1).inner_text()
        page.locator(PAGES).get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
        expect(page.locator(f"{PAGES} [aria-current=page]")).to_contain_text(name)


def test_an_exercise_hides_controls_and_locks_the_rest(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?hide=strength,seed&lock=1&digit=18")
    expect(page.locator(".st-key-noise")).to_be_visible()
    expect(page.locator(".st-key-strength")).to_be_hidden()
    expect(page.locator(".st-key-seed")).to_be_hidden()
    assert page.locator(".st-key-noise").evaluate("node => getComputedStyle(node).pointerEvents") == "none"
    page.get_by_role("button", name="Copy link").focus()  # the head stays open
    page.locator(PAGES).get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="What is in the box")).to_be_visible()


def test_a_language_is_chosen_and_kept_on_every_page(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/lessons?lesson=5&step=1")
    page.get_by_role("button", name="繁體中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("棋盤格")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-TW")
    page.locator(PAGES).get_by_role("link", name="模型").click()
    expect(page.locator(f"{PAGES} [aria-current=page]")).to_contain_text("模型")
    page.get_by_role("button", name="English").click()
    expect(page.locator(f"{PAGES} [aria-current=page]")).to_contain_text("Models")
    expect(page.locator("html")).to_have_attribute("lang", "en")
