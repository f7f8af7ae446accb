"""Which font shows which character."""

import pytest

from orders.documents import fonts

NAMES = {
    "Polish": "Łucja Brzęczyszczykiewicz",
    "Turkish": "Işıl Doğan, Ünye",
    "Romanian": "Ștefan Țepeș",
    "Vietnamese": "Nguyễn Thị Hằng, Đà Nẵng",
    "Greek": "Νίκος Παπαδόπουλος, Ὀδύσσεια",
    "Russian": "Алёна Щукина",
    "Ukrainian": "Олександр Ївченко, Ґалаґан",
    "Serbian": "Ђорђе Љубичић",
    "Kazakh": "Қайрат Әбенұлы",
    "Korean": "홍길동, 뷁, 대한민국",
    "Simplified Chinese": "王小明，汉龙门",
    "Traditional Chinese": "陳大文，臺灣灣仔龍門",
    "Japanese": "山田太郎、ひらがなカタカナ、峠で働く",
    "currencies": "€ ₩ ¥ £ ₹ ₽ ₺ ₴ ₫ ₪ $ ₱",
    "punctuation": "– — ‘ ’ “ ” „ … • · × − № «»",
}


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
def test_names_of_our_shoppers_are_shown_in_full(text: str, language: str) -> None:
    shares = fonts.shared_out(language, [text])

    assert set("".join(shares.values())) == set(text)


@pytest.mark.parametrize(
    ("language", "text", "font"),
    [
        ("ko", "金", "kr"),
        ("zh-hans", "金", "sc"),
        ("zh-hant", "金", "tc"),
        ("ja", "金", "jp"),
        ("en", "金", "sc"),
        ("en", "金の", "jp"),
        ("en", "金김", "kr"),
        ("zh-hans", "김", "kr"),
        ("ko", "A", "latin"),
    ],
)
def test_the_language_says_whose_chinese_characters_are_drawn(
    language: str, text: str, font: str
) -> None:
    shares = fonts.shared_out(language, [text])

    assert text[0] in shares[font]


@pytest.mark.parametrize("text", ["قهوة", "שלום", "สวัสดี", "🎁", "\U0010fffd", "\ufffe"])
def test_what_no_font_has_becomes_a_visible_mark(text: str) -> None:
    shares = fonts.shared_out("en", [text])

    shown = fonts.readable(fonts.plain(text), set("".join(shares.values())))
    assert shown
    assert set(shown) == {fonts.REPLACEMENT}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e\u0301", "é"),
        ("\u1112\u1169\u11bc", "홍"),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        ("line\nbreak\u2028and\ttab", "line break and tab"),
        ("nul\x00esc\x1b", "nulesc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
    ],
    ids=["accent", "Hangul", "direction", "breaks", "controls", "surrogate"],
)
def test_nothing_invisible_gets_onto_paper(text: str, shown: str) -> None:
    assert fonts.plain(text) == shown


def test_a_mark_without_a_glyph_goes_and_leaves_the_letter() -> None:
    assert fonts.readable("❤\ufe0f a\u1ab0", {"❤", "a", " "}) == "❤ a"
