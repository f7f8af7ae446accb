"""Where everything stands on A4: a letter becomes sheets of marks, in millimetres.

The address is where the window of an envelope is (DIN 5008, form B). Nothing is drawn yet, so
the number of pages is known before the first foot is written.
"""

from dataclasses import dataclass, field

from orders.documents.letter import Letter, Note, Sum
from orders.documents.typesetting import ACCENT, GREY, INK, Style, Typesetter

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT = 25.0, 190.0
TOP, BOTTOM = 30.0, 264.0
FOOT = 271.0
# DIN 5008 B: the window, the block beside it, the folds and the middle of the sheet.
WINDOW_TOP, WINDOW_BOTTOM, WINDOW_WIDTH = 57.5, 90.0, 80.0
INFO_LEFT, INFO_TOP, INFO_LABEL = 125.0, 50.0, 27.0
SUBJECT_TOP = 100.0
FOLDS = (105.0, 148.5, 210.0)
SUMS_LEFT = 108.0

NAME = Style(19, is_title=True)
TITLE = Style(16, is_title=True)
BODY, STRONG, MUTED = Style(9), Style(9, is_bold=True), Style(9, colour=GREY)
SMALL, TINY = Style(7.5, colour=GREY), Style(6.8, colour=GREY)
TOTAL = Style(11, is_bold=True)
RULE, TINT = (222, 214, 200), (248, 245, 239)


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    line: str
    style: Style


@dataclass(frozen=True)
class Rule:
    x: float
    y: float
    to: float
    colour: tuple[int, int, int] = RULE


@dataclass(frozen=True)
class Box:
    """A frame to be ticked, or a tinted ground without a frame."""

    x: float
    y: float
    width: float
    height: float
    is_tinted: bool = False


Mark = Text | Rule | Box


@dataclass
class Sheet:
    marks: list[Mark] = field(default_factory=list)


class Layout:
    """The sheets of one letter. ``y`` is where the next thing goes on the last of them."""

    def __init__(self, letter: Letter, typesetter: Typesetter) -> None:
        self.letter = letter
        self.type = typesetter
        self.sheets = [Sheet()]
        self.y = TOP

    def rule(self, x: float, y: float, to: float, colour: tuple[int, int, int] = RULE) -> None:
        self.sheets[-1].marks.append(Rule(x, y, to, colour))

    def box(self, x: float, y: float, width: float, height: float, *, is_tinted: bool) -> None:
        self.sheets[-1].marks.append(Box(x, y, width, height, is_tinted))

    def lines(self, x: float, y: float, lines: list[str], style: Style) -> float:
        """Set lines one below the other; where the next would begin."""
        for line in lines:
            self.sheets[-1].marks.append(Text(x, y, line, style))
            y += style.line_height
        return y

    def right(self, x: float, y: float, line: str, style: Style) -> None:
        line = self.type.shown(line)
        self.lines(x - self.type.width(line, style), y, [line], style)

    def text(
        self, x: float, y: float, text: str, width: float, style: Style, most: int | None = None
    ) -> float:
        return self.lines(x, y, self.type.lines(text, width, style, most), style)

    def room(self) -> float:
        return BOTTOM - self.y

    def new_sheet(self) -> None:
        self.sheets.append(Sheet())
        running_head = self.type.lines(self.letter.title, RIGHT - LEFT, SMALL, 1)
        self.lines(LEFT, TOP - 12, running_head, SMALL)
        self.y = TOP


def opening(layout: Layout) -> None:
    """The first page down to the title: letterhead, address, what it is about."""
    letter = layout.letter
    below = layout.text(LEFT, 18, letter.seller, RIGHT - LEFT, NAME, 2)
    layout.rule(LEFT, below + 1.5, LEFT + 14, ACCENT)
    for fold in FOLDS:
        layout.rule(6, fold, 9)
    _address(layout)
    below = _info(layout)
    layout.y = max(SUBJECT_TOP, below + 6)
    layout.y = layout.text(LEFT, layout.y, letter.title, RIGHT - LEFT, TITLE, 3) + 5


def _address(layout: Layout) -> None:
    sender = layout.type.lines(layout.letter.sender, WINDOW_WIDTH, TINY, 1)
    layout.lines(LEFT, WINDOW_TOP - TINY.line_height - 1, sender, TINY)
    # An address that is too long for the window gets smaller letters, and then loses its end.
    for size in (10.0, 9.0, 8.0, 7.0):
        style = Style(size)
        lines = [
            line
            for part in layout.letter.address
            for line in layout.type.lines(part, WINDOW_WIDTH, style)
        ]
        most = int((WINDOW_BOTTOM - WINDOW_TOP) / style.line_height)
        if len(lines) <= most:
            break
    layout.lines(LEFT, WINDOW_TOP, lines[:most], style)


def _info(layout: Layout) -> float:
    y = INFO_TOP
    for label, value in layout.letter.info:
        of_label = layout.text(INFO_LEFT, y + 0.35, label, INFO_LABEL - 2, SMALL, 3)
        x = INFO_LEFT + INFO_LABEL
        of_value = layout.lines(x, y, layout.type.paragraphs(value, RIGHT - x, BODY, 9), BODY)
        y = max(of_label, of_value) + 0.7
    return y


def sums_height(sums: tuple[Sum, ...]) -> float:
    return sum(_style_of(entry).line_height + _air(entry) for entry in sums) + 3


def _style_of(entry: Sum) -> Style:
    return (SMALL, BODY, TOTAL)[entry.level]


def _air(entry: Sum) -> float:
    return 3.4 if entry.level == 2 else 0.7


def sums(layout: Layout) -> None:
    """The amounts below the table, in one piece."""
    if sums_height(layout.letter.sums) > layout.room():
        layout.new_sheet()
    layout.y += 3
    for entry in layout.letter.sums:
        style = _style_of(entry)
        if entry.level == 2:
            layout.rule(SUMS_LEFT, layout.y + 1, RIGHT, INK)
            layout.y += 2.4
        room = RIGHT - SUMS_LEFT - layout.type.natural(entry.amount, style) - 3
        label = layout.type.lines(entry.label, room, style, 1)
        layout.lines(SUMS_LEFT, layout.y, label, style)
        layout.right(RIGHT, layout.y, entry.amount, style)
        layout.y += style.line_height + (1.0 if entry.level == 2 else 0.7)


def note(layout: Layout, entry: Note) -> None:
    """A paragraph or a list below the sums, on one page."""
    inset = 4.0 if entry.is_framed else 0.0
    width = RIGHT - LEFT - 2 * inset
    title = layout.type.lines(entry.title, width, STRONG, 2) if entry.title else []
    text = layout.type.paragraphs(entry.text, width, BODY, 30)
    label_width = 40.0
    pairs = [
        (
            layout.type.lines(label, label_width - 2, MUTED, 2),
            layout.type.paragraphs(value, width - label_width, BODY, 8),
        )
        for label, value in entry.pairs
    ]
    rows = len(title) + len(text) + sum(max(len(label), len(value)) for label, value in pairs)
    height = rows * BODY.line_height + 2 * inset + (1 if title else 0)
    air = 7.0 if entry.title else 4.0
    if height + air > layout.room():
        layout.new_sheet()
    layout.y += air
    if entry.is_framed:
        layout.box(LEFT, layout.y, RIGHT - LEFT, height, is_tinted=True)
    x, y = LEFT + inset, layout.y + inset
    y = layout.lines(x, y, title, STRONG) + (1 if title else 0)
    y = layout.lines(x, y, text, BODY)
    for label, value in pairs:
        of_label = layout.lines(x, y, label, MUTED)
        y = max(of_label, layout.lines(x + label_width, y, value, BODY))
    layout.y += height


def feet(layout: Layout) -> None:
    """What stands at the foot of each page, now that it is known how many there are."""
    letter, pages = layout.letter, len(layout.sheets)
    columns = [column for column in letter.foot if column]
    width = (RIGHT - LEFT) / max(len(columns), 1)
    for number, sheet in enumerate(layout.sheets, start=1):
        paging = letter.paging.format(page=number, pages=pages)
        x = RIGHT - layout.type.width(paging, SMALL)
        sheet.marks.append(Text(x, FOOT - 4.6, paging, SMALL))
        sheet.marks.append(Rule(LEFT, FOOT, RIGHT))
        for index, column in enumerate(columns):
            lines = [
                line for part in column for line in layout.type.lines(part, width - 4, TINY, 2)
            ]
            for row, line in enumerate(lines[:5]):
                y = FOOT + 2 + row * TINY.line_height
                sheet.marks.append(Text(LEFT + index * width, y, line, TINY))
