"""The shop's own format, which ``catalog.exporting`` writes: what each kind of row says. Pure.

A product is a row of its own, with its SKU on it if it has no options; its other
variants, pictures, prices and the rest of its description follow in rows that name its
handle. Categories and attributes come before.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from . import lists, times, values, words
from .drafts import AttributeDraft, Block, CategoryDraft, Contents, Draft, Picture
from .own_skus import SkuReader
from .reading import OPTIONS, BadCellError
from .report import Report
from .rows import Row, Table

Key = TypeVar("Key", bound=Hashable)
ATTRIBUTE, CATEGORY, ABOVE, BELOW = "attribute", "category", "above", "below"
PRODUCT, STORY, PICTURE = "product", "story", "picture"
VARIANT, PRICE, CONTINUED = "variant", "price", "continued"
OF_CATEGORIES = (CATEGORY, ABOVE, BELOW)
OF_PRODUCTS = (PRODUCT, STORY, PICTURE, VARIANT, PRICE)
KINDS = (ATTRIBUTE, *OF_CATEGORIES, *OF_PRODUCTS)
LIVE, DRAFT = "live", "draft"
# What makes a SKU of a product's own row.
OF_SKUS = ("sku", *OPTIONS, "price", "sale_price", "quantity", "barcode")


def contents(table: Table, report: Report, currency: str) -> Contents:
    """All that the rows say; what cannot be used goes to the report."""
    return _Reader(table, report, currency).contents()


@dataclass
class _Group:
    """The rows of one category or product, by their kind."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, kind: str, row: Row) -> None:
        self.rows.setdefault(kind, []).append(row)

    def __getitem__(self, kind: str) -> list[Row]:
        return self.rows.get(kind, [])


class _Reader(SkuReader):
    def contents(self) -> Contents:
        attributes: list[AttributeDraft] = []
        categories: dict[tuple[str, ...], _Group] = {}
        products: dict[str, _Group] = {}
        for kind, row in self._rows():
            try:
                if kind == ATTRIBUTE:
                    attributes.append(self._attribute(row))
                elif kind in OF_CATEGORIES:
                    path = self.read(row, "category", values.category)
                    self._add(row, kind, "category", path, categories)
                else:
                    handle = self.read(row, "handle", values.handle)
                    self._add(row, kind, "handle", handle, products)
            except BadCellError as error:
                self.bad(error)
        return Contents(
            attributes=attributes,
            categories=list(self._categories(categories)),
            products=list(self._products(products)),
        )

    def _rows(self) -> list[tuple[str, Row]]:
        """Each row with its kind, whole: one that is continued has all its text."""
        found: list[tuple[str, Row]] = []
        for row in self._joined():
            kind = row["row"].casefold() or (PRODUCT if row["title"] else VARIANT)
            if kind in KINDS:
                found.append((kind, row))
            else:
                reason = f"{values.quoted(row['row'])} is none of {', '.join(KINDS)}"
                self.bad(BadCellError(row, "row", reason))
        return found

    def _joined(self) -> Iterator[Row]:
        """Rows with the text of those that continue them, trimmed once they are whole."""
        whole: Row | None = None
        # A cell at a time, joined at the end: a text of thousands of rows is copied once.
        parts: dict[str, list[str]] = {}
        for row in self.table.rows:
            if whole and row["row"].strip().casefold() == CONTINUED:
                for name, text in row.cells.items():
                    if text and name != "row":
                        parts.setdefault(name, []).append(text)
            else:
                if whole:
                    yield _whole(whole, parts)
                whole, parts = row, {}
        if whole:
            yield _whole(whole, parts)

    def _add(
        self, row: Row, kind: str, column: str, key: Key | None, groups: dict[Key, _Group]
    ) -> None:
        if key is None:
            raise BadCellError(row, column, "is empty")
        groups.setdefault(key, _Group()).add(kind, row)

    def _attribute(self, row: Row) -> AttributeDraft:
        name = self.read(row, "title", lambda text: values.text(text, 100))
        if name is None:
            raise BadCellError(row, "title", "is empty")
        kinds = ("text", "number", "choice", "yes or no")
        kind = self.read(row, "kind", lambda text: values.one_of(text, *kinds)) or "text"
        return AttributeDraft(
            line=row.line,
            name=name,
            kind=kind.replace(" or ", "_"),
            unit=self.read(row, "unit", lambda text: values.text(text, 20)),
            is_facet=self.read(row, "facet", values.flag),
            choices=self.read(row, "choices", lists.names),
            position=self.read(row, "position", values.position),
        )

    def _categories(self, groups: dict[tuple[str, ...], _Group]) -> Iterator[CategoryDraft]:
        for path, group in groups.items():
            try:
                yield self._category(path, group)
            except BadCellError as error:
                self.bad(error)

    def _category(self, path: tuple[str, ...], group: _Group) -> CategoryDraft:
        row = self._only(group, CATEGORY)
        return CategoryDraft(
            line=row.line,
            path=path,
            title=self.read(row, "title", values.text) or "",
            slug=self.read(row, "slug", values.handle),
            intro=self.read(row, "intro", words.clean),
            picture=row["picture"],
            above=self._blocks(group[ABOVE]),
            below=self._blocks(group[BELOW]),
            sort=row["sort"] or None,
            sold_out=row["sold_out"].casefold() or None,
            in_menu=self.read(row, "in_menu", values.flag),
            live=self._is_live(row),
            seo_title=self.read(row, "seo_title", values.text),
            seo_description=row["seo_description"] or None,
            first_products=self.read(row, "first_products", lists.names),
        )

    def _only(self, group: _Group, kind: str) -> Row:
        """The one row of the group that speaks for it."""
        if len(group[kind]) > 1:
            reason = f"is the same as in line {group[kind][0].line}"
            column = "handle" if kind == PRODUCT else "category"
            self.bad(BadCellError(group[kind][1], column, reason))
        if not group[kind]:
            other = next(row for rows in group.rows.values() for row in rows)
            raise BadCellError(other, "row", f'belongs to a row "{kind}" that is not in the file')
        return group[kind][0]

    def _products(self, groups: dict[str, _Group]) -> Iterator[Draft]:
        rows = {handle: self._rows_of(group) for handle, group in groups.items()}
        return self.drafts(rows, lambda handle, _rows: self._product(handle, groups[handle]))

    def _rows_of(self, group: _Group) -> list[Row]:
        return [row for rows in group.rows.values() for row in rows]

    def _product(self, handle: str, group: _Group) -> Draft | None:
        """The whole draft; None where not one of its SKUs was understood."""
        row = self._only(group, PRODUCT)
        draft = self._draft(handle, row)
        sold = ([row] if any(row[column] for column in OF_SKUS) else []) + group[VARIANT]
        draft.option_names = self.option_names(row, sold)
        windows = self.windows(group[PRICE], sold)
        understood = self.add_variants(draft, sold, lambda row: self.variant(row, windows))
        if sold and not understood:
            return None
        self._add_pictures(draft, [row, *group[PICTURE]])
        if group[STORY]:
            first = [Block(row.line, text=draft.body)] if draft.body else []
            draft.blocks = first + (self._blocks(group[STORY]) or [])
        return draft

    def _draft(self, handle: str, row: Row) -> Draft:
        title = self.read(row, "title", values.text)
        if title is None:
            raise BadCellError(row, "title", "is empty")
        return Draft(
            line=row.line,
            handle=handle,
            title=title,
            live=self._is_live(row),
            category_path=self.read(row, "category", values.category) or (),
            further_categories=self.read(row, "further_categories", _categories),
            slug=self.read(row, "slug", values.handle),
            summary=self.read(
                row, "summary", lambda text: values.text(text, values.SUMMARY_LENGTH)
            ),
            body=self.read(row, "body", words.clean),
            vendor=self.read(row, "brand", values.text),
            tags=self.tags(row, _tags),
            seo_title=self.read(row, "seo_title", values.text),
            seo_description=row["seo_description"] or None,
            is_digital=self.read(row, "digital", values.flag),
            first_published=self.read(row, "first_published", times.moment),
            related=self.read(row, "related", lists.names),
            attributes=self._answers(row),
        )

    def _is_live(self, row: Row) -> bool:
        return self.read(row, "status", lambda text: values.one_of(text, LIVE, DRAFT)) != DRAFT

    def _answers(self, row: Row) -> list[tuple[str, str]] | None:
        found = {
            column.partition(":")[2]: row[column]
            for column in self.table.columns
            if column.startswith("attribute:") and row[column]
        }
        order = self.read(row, "attribute_order", lists.names) or []
        first = [(name, found.pop(name)) for name in order if name in found]
        return [*first, *found.items()] or None

    def _blocks(self, rows: list[Row]) -> list[Block] | None:
        blocks = []
        for row in rows:
            try:
                if row["picture"]:
                    decorative = self.read(row, "decorative", values.flag) or False
                    alt = self.read(row, "alt_text", values.text) or ""
                    blocks.append(
                        Block(
                            row.line,
                            picture=row["picture"],
                            alt_text=alt,
                            is_decorative=decorative,
                        )
                    )
                elif text := self.read(row, "body", words.clean):
                    blocks.append(Block(row.line, text=text))
            except BadCellError as error:
                self.bad(error)
        return blocks or None

    def _add_pictures(self, draft: Draft, rows: list[Row]) -> None:
        for row in rows:
            if row["picture"]:
                try:
                    alt = self.read(row, "alt_text", values.text) or ""
                except BadCellError as error:
                    self.bad(error)
                    alt = ""
                draft.pictures.append(Picture(row.line, row["picture"], alt))


def _whole(row: Row, parts: dict[str, list[str]]) -> Row:
    cells = {name: "".join([row[name], *texts]) for name, texts in parts.items()}
    return Row(row.line, {name: text.strip() for name, text in (row.cells | cells).items()})


def _categories(text: str) -> list[tuple[str, ...]]:
    return [values.category(name) for name in lists.names(text)]


def _tags(text: str) -> list[str]:
    """Each once without regard to case, as the shop keeps them."""
    found: dict[str, str] = {}
    for tag in lists.names(text):
        found.setdefault(tag.casefold(), values.text(tag, values.TAG_LENGTH))
    return list(found.values())
