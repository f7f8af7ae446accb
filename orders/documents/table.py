"""The table of a letter: columns as wide as they need to be, rows that stay in one piece."""

from orders.documents.layout import (
    BODY,
    INK,
    LEFT,
    RIGHT,
    SMALL,
    STRONG,
    Layout,
    sums_height,
)
from orders.documents.letter import Cell, Column
from orders.documents.typesetting import Style

GUTTER = 4.0
PADDING = 1.7
BOX = 3.2
# What a number may take; one that is longer is broken, for it would leave no room for the title.
WIDEST_NUMBER = 48.0
MOST_LINES, MOST_SMALL_LINES = 12, 8

Lines = list[tuple[str, Style]]


def table(layout: Layout) -> None:
    """All rows, with the head again on each new page. The last row stays with the sums."""
    letter = layout.letter
    widths = _widths(layout, letter.columns, letter.rows)
    _head(layout, widths)
    for index, row in enumerate(letter.rows):
        cells = [
            _cell_lines(layout, cell, column, width)
            for cell, column, width in zip(row, letter.columns, widths, strict=True)
        ]
        height = max(map(_height, cells)) + 2 * PADDING
        is_last = index == len(letter.rows) - 1
        if height + (sums_height(letter.sums) if is_last else 0) > layout.room():
            layout.new_sheet()
            _head(layout, widths)
        _row(layout, row, cells, widths)
        layout.y += height
        layout.rule(LEFT, layout.y, RIGHT)


def _style(column: Column) -> Style:
    return STRONG if column.is_strong else BODY


def _widths(
    layout: Layout, columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]
) -> list[float]:
    """Numbers get the width of the widest; the texts share what is left."""
    needed = []
    for index, column in enumerate(columns):
        cells = [row[index] for row in rows]
        if any(cell.is_box for cell in cells):
            needed.append(BOX)
        elif column.share:
            needed.append(0.0)
        else:
            style = _style(column)
            widest = max((layout.type.natural(cell.text, style) for cell in cells), default=0.0)
            head = layout.type.natural(column.heading, SMALL)
            needed.append(min(max(widest, head), WIDEST_NUMBER))
    left = RIGHT - LEFT - sum(needed) - GUTTER * (len(columns) - 1)
    shares = sum(column.share for column in columns)
    return [
        left * column.share / shares if column.share else width
        for column, width in zip(columns, needed, strict=True)
    ]


def _head(layout: Layout, widths: list[float]) -> None:
    columns = layout.letter.columns
    heads = [
        [(line, SMALL) for line in layout.type.lines(column.heading, width + 0.01, SMALL, 2)]
        for column, width in zip(columns, widths, strict=True)
    ]
    _cells(layout, heads, widths)
    layout.y += max(map(_height, heads)) + PADDING
    layout.rule(LEFT, layout.y, RIGHT, INK)


def _cell_lines(layout: Layout, cell: Cell, column: Column, width: float) -> Lines:
    style = _style(column)
    # Rounding must not break a number in the column that was made for it.
    lines = [
        (line, style) for line in layout.type.lines(cell.text, width + 0.01, style, MOST_LINES)
    ]
    for text in cell.small:
        small = layout.type.lines(text, width + 0.01, SMALL, MOST_SMALL_LINES)
        lines += [(line, SMALL) for line in small]
    return lines


def _height(lines: Lines) -> float:
    return sum(style.line_height for _, style in lines)


def _row(layout: Layout, row: tuple[Cell, ...], cells: list[Lines], widths: list[float]) -> None:
    top = layout.y
    layout.y += PADDING
    _cells(layout, cells, widths)
    x = LEFT
    for cell, width in zip(row, widths, strict=True):
        if cell.is_box:
            y = layout.y + (BODY.line_height - BOX) / 2
            layout.box(x, y, BOX, BOX, is_tinted=False)
        x += width + GUTTER
    layout.y = top


def _cells(layout: Layout, cells: list[Lines], widths: list[float]) -> None:
    x = LEFT
    for lines, column, width in zip(cells, layout.letter.columns, widths, strict=True):
        y = layout.y
        for line, style in lines:
            if column.share:
                layout.lines(x, y, [line], style)
            else:
                layout.right(x + width, y, line, style)
            y += style.line_height
        x += width + GUTTER
