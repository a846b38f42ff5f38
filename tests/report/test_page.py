"""Pages to hand out: self-contained, escaped, accessible."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser

import pandas as pd
import pytest

import migov as mg
from migov.core.errors import KindError, MigovError, ParameterError
from migov.report import Code, Page, Picture, Table, Text
from migov.report.page import STYLE

EVIL = '<script>alert("x")</script> & | [link](http://example.org)'


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open, self.words = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "img", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def page():
    people = mg.Cells(((1, 2), (3, 4)), sex="F M", age="0-14 15-29").array("person")
    axes, _ = mg.plot.pyramid(people)
    frame = pd.DataFrame({"what": [EVIL, "plain"], "value": ["1\u202f200", "−3.5"]})
    blocks = (
        Text(EVIL),
        Text("a remark", note=True),
        Table(frame, "A table"),
        Code(EVIL),
        Picture.of(axes, "a small pyramid", "two groups"),
    )
    return Page("Moldova & others", (("People", blocks),))


def test_html_is_well_formed_and_asks_for_nothing():
    seen = Seen()
    seen.feed(page().html())
    assert seen.open == []
    names = [tag for tag, _ in seen.tags]
    assert "script" not in names
    assert "link" not in names
    sources = [attributes["src"] for tag, attributes in seen.tags if tag == "img"]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert EVIL in " ".join(seen.words)


def test_html_is_accessible():
    seen = Seen()
    seen.feed(page().html())
    tags = dict(seen.tags)
    assert tags["html"]["lang"] == "en"
    assert tags["img"]["alt"] == "a small pyramid"
    assert tags["th"]["scope"] == "col"
    names = [tag for tag, _ in seen.tags]
    assert names.count("h1") == 1
    assert names.index("h1") < names.index("h2")
    assert {"main", "caption", "title"} <= set(names)


def test_markdown_says_the_same_and_escapes():
    text = page().markdown()
    assert text.startswith("# Moldova & others")
    assert "<script>" not in text.replace("    <script>", "")
    assert "Picture: a small pyramid" in text
    assert "−3.5" in text


def test_writing(tmp_path):
    for name in ("page.html", "page.md"):
        assert page().write(tmp_path / name).read_text(encoding="utf-8")
    with pytest.raises(ParameterError, match=r"\.html or \.md"):
        page().write(tmp_path / "page.pdf")
    with pytest.raises(KindError, match="no block"):
        Page("x", (("y", ("text",)),)).html()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Text(3), "text is a int"),
        (lambda: Code(None), "text is a NoneType"),
        (lambda: Table([1], "t"), "frame is a list"),
        (lambda: Table(pd.DataFrame(), 3), "caption is a int"),
        (lambda: Page(3, ()), "title is a int"),
        (lambda: Page("x", (("y", (1,)),)).markdown(), "no block"),
        (lambda: Page("x", ()).write(3), "path is a int"),
        (lambda: Page("x", ()).write("/no such folder/x.html"), "No such file or directory"),
    ],
)
def test_parts_of_another_kind(make, told):
    with pytest.raises(MigovError, match=told) as caught:
        make()
    assert caught.value.mend
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("text", ["#1a1a1a", "#494949", "#0b4f8a"])
@pytest.mark.parametrize("ground", ["#ffffff", "#f4f4f4"])
def test_contrast_is_at_least_that_of_the_guidelines(text, ground):
    """WCAG 2.2, criterion 1.4.3, asks 4.5 to 1; 1.4.6 asks 7."""
    assert text in STYLE
    light, dark = _luminance(ground), _luminance(text)
    assert (light + 0.05) / (dark + 0.05) >= 7


def test_long_addresses_break_and_numbers_stand_to_the_right():
    frame = pd.DataFrame({
        "link": ["https://www.example.org/a/long/path?with=queries&more=1"],
        "date": ["2020-01-01"], "value": ["1.5 [1; 2]"],
    })  # fmt: skip
    text = Page("x", (("y", (Table(frame, "t"),)),)).html()
    assert "example.<wbr>org/<wbr>a/" in text
    assert "&amp;<wbr>more" in text
    assert '<td role="cell" data-head="date"><span class=date>2020-01-01</span></td>' in text
    assert '<td role="cell" data-head="value" class=number>1.5 [1; 2]</td>' in text
    assert 'role="region" aria-label="t" tabindex="0"' in text


def test_a_date_never_breaks_and_wide_tables_are_told_by_row():
    text = "law of 2021-03-01; https://www.example.org/a/long/path?with=queries&more=1"
    wide = pd.DataFrame({name: [text] for name in ('a "<b>"', "b", "c", "d")})
    html = Page("x", (("y", (Table(wide, "t"), Table(wide[["b"]], "u"))),)).html()
    assert "<span class=date>2021-03-01</span>; https://<wbr>" in html.replace("/<wbr>/", "//")
    assert 'data-head="a &quot;&lt;b&gt;&quot;"' in html
    assert 'class="wide short rows"' in html
    assert 'class="wide short"' in html
    assert html.count('role="table"') == 2
