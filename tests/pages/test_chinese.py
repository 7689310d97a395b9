"""The catalogue in both languages: whole, alike in its places, in Taiwan's terms and characters."""

import re
import string

import pytest

from pages.lessons.path import LESSONS, OPTIONS, PLACES
from pages.parts.say import WORD, catalogue, matching

ENGLISH, CHINESE = catalogue("en"), catalogue("zh-TW")
# Names, units and numbers that are the same in both.
SAME = re.compile(
    r"[\d\W×]*|σ( [\d.]+)?|784-[\w{}-]+|Adam|SGD|RMSprop|Telea|Gappy PCA|Navier-Stokes"
    r"|U-Net|UMAP|MNIST|FFHQ|PSNR|SSIM|MSE|dB"
)
# English -> the field's terms in Taiwan; where a sentence has the one, its translation has one of the others.
TERMS = {
    r"\bvariational\b": ("變分",),
    r"\bdecoders?\b": ("解碼器",),
    r"\bun-pooling\b": ("反池化",),
    r"\btransposed convolution\b": ("轉置卷積",),
    r"\bstride\b": ("步幅",),
    r"\bkernel \d": ("卷積核",),
    r"\bcheckerboard\b": ("棋盤格",),
    r"\bprincipal components\b": ("主成分",),
    r"\bnetworks?\b": ("網路",),
    r"\bnoise\b": ("雜訊", "訊雜比"),
    r"\bsquared error\b": ("平方誤差", "均方誤差"),
    r"\bepochs?\b": ("訓練週期",),
    r"\blearning rate\b": ("學習率",),
    r"\boptimisers?\b": ("最佳化器",),
    r"\bgradient descent\b": ("梯度下降",),
    r"\bcross-entropy\b": ("交叉熵",),
    r"\bpainter\b": ("畫師",),
    r"\bclass code\b": ("班級代碼",),
    r"\bworksheet\b": ("學習單",),
    r"\bhole\b": ("缺口",),
    r"\bsharpness\b": ("銳利度", "銳利"),
    r"\bautoencoders?\b": ("自編碼器",),
    r"\bmask\b": ("遮罩", "口罩"),
    r"\bseed\b": ("種子",),
}
MAINLAND = (
    "網絡",
    "數據",
    "信息",
    "默認",
    "質量",
    "圖像",
    "屏幕",
    "鼠標",
    "優化器",
    "代码",
    "視頻",
    "打印",
    "學習速率",
)


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_step_has_its_words() -> None:
    parts = ["title", "claim", "task", "did", "question"]
    parts += [f"{kind}{number}" for kind in ("option", "check") for number in range(1, OPTIONS + 1)]
    wanted = {f"lesson.{place}.{part}" for place in PLACES for part in parts}
    wanted |= {f"lesson.{number}.name" for number in range(1, len(LESSONS) + 1)}
    assert wanted <= ENGLISH.keys()
    assert all(":primary[" in ENGLISH[f"lesson.{place}.claim"] for place in PLACES)


def shown(text: str, words: dict[str, str]) -> str:
    """As it is read: glossary words in place of their marks, values left out."""
    named = WORD.sub(lambda found: found[2] or words[f"word.{found[1]}"], text)
    return re.sub(r"{\w+}", "", named)


def test_the_two_catalogues_have_the_same_keys_places_and_glossary_words() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    for key, sentence in ENGLISH.items():
        assert places(sentence) == places(CHINESE[key]), key
        assert {word[1] for word in WORD.finditer(sentence)} == {word[1] for word in WORD.finditer(CHINESE[key])}, key


def test_nothing_was_left_in_english() -> None:
    assert not [key for key, text in CHINESE.items() if text == ENGLISH[key] and not SAME.fullmatch(text)]


@pytest.mark.parametrize("term", TERMS)
def test_terms_are_those_of_the_field(term: str) -> None:
    said = [key for key, text in ENGLISH.items() if re.search(term, shown(text, ENGLISH), re.IGNORECASE)]
    assert said and not [key for key in said if not any(word in shown(CHINESE[key], CHINESE) for word in TERMS[term])]


def test_the_characters_are_traditional() -> None:
    """A simplified character has no place in Big5, Taiwan's own set; nor have words that only the mainland uses."""
    for key, text in CHINESE.items():
        for letter in re.findall(r"[\u3400-\u9fff]", text):
            assert letter.encode("big5", "ignore"), f"{key}: {letter}"
        assert not [word for word in MAINLAND if word in text], key


def test_chinese_has_its_own_marks() -> None:
    for key, text in CHINESE.items():
        assert not re.search(r"[\u3400-\u9fff][,;:?!](?!primary)", text), key
        assert not re.search(r"[\d}] %", text), key


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-TW", "zh-TW"),
        ("zh-Hant-TW", "zh-TW"),
        ("zh-tw", "zh-TW"),
        ("zh-HK", "zh-TW"),
        ("zh", "zh-TW"),
        ("zh-CN", None),
        ("zh-Hans-CN", None),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_a_browser_s_language_finds_its_catalogue(tag: str | None, language: str | None) -> None:
    assert matching(tag) == language


@pytest.mark.parametrize("key", sorted(key for key in CHINESE if "*" in CHINESE[key]))
def test_emphasis_ends_where_markdown_sees_it(key: str) -> None:
    """Stars after a punctuation mark and before a letter do not end what is emphasised, and stand on the page."""
    sentence = CHINESE[key]
    ends = list(re.finditer(r"\*+", sentence))[1::2]
    assert not [
        at for at in ends if re.search(r"[^\w\s]$", sentence[: at.start()]) and re.match(r"\w", sentence[at.end() :])
    ]
