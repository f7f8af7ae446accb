"""Rows of WooCommerce become drafts of products: its own export, and that of the older suite. Pure.

A variable product is a row of its own; its variations name it as their parent. What a
shop of ours has no words for (grouped, external, hidden, "any size") is said in the report.
"""

import re
from hashlib import sha256

from . import values, words
from .drafts import Contents, Draft, Picture
from .reading import BadCellError
from .report import Report, shortened
from .rows import Row, Table
from .woocommerce_skus import ANY, MOST_OPTIONS, SkuReader, inheriting

EXTERNAL = (
    "is sold elsewhere (external): this shop sells only what it has itself, so it was left out"
)
HIDDEN = "Hidden in the catalogue of WooCommerce: the page is kept as a draft"
GROUPED = "A group of products: its page sells nothing itself and shows them as related products"


def contents(table: Table, report: Report, currency: str) -> Contents:
    """A draft for each product that can be used; what cannot be goes to the report."""
    return Contents(_Reader(table, report, currency).products())


class _Reader(SkuReader):
    def products(self) -> list[Draft]:
        # For each SKU code and "id:17", the handle of its product.
        self.known: dict[str, str] = {}
        # For each product's SKU, ID or name, its line.
        self.names: dict[str, int] = {}
        # For each handle, its rows: the product's own, then its variations.
        self.by_handle: dict[str, list[Row]] = {}
        variations = [row for row in self.table.rows if not self._add_product(row)]
        for row in variations:
            self._add_variation(row)
        drafts = list(self.drafts(self.by_handle, self._understood))
        handles = {draft.handle for draft in drafts}
        for draft in drafts:
            if draft.related:
                draft.related = [handle for handle in draft.related if handle in handles]
        rows = {draft.handle: self.by_handle[draft.handle][0] for draft in drafts}
        # Python sorts so that what has no place stays in the order of the file.
        return sorted(drafts, key=lambda draft: values.position(rows[draft.handle]["position"]))

    def _add_product(self, row: Row) -> bool:
        """Whether the row was a product's own, or is of no use; False for a variation."""
        if "variation" in _types(row):
            return False
        names = [name for name in (row["sku"].lower(), _id(row["id"])) if name]
        try:
            handle = self._handle(row)
        except BadCellError as error:
            self.bad(error)
            self.report.outcomes["skipped"] += 1
            return True
        self.by_handle[handle] = [row]
        for name in names:
            self.known.setdefault(name, handle)
        return True

    def _handle(self, row: Row) -> str:
        """What stays the same from export to export: the SKU, or else the ID, or else the name."""
        by_id = f"wc-{row['id']}" if row["id"] else ""
        column = next((name for name in ("handle", "sku") if row[name]), "title")
        name = row["handle"] or row["sku"] or by_id or row["title"]
        handle = values.handle_from(name) or values.handle_from(by_id)
        if not name:
            raise BadCellError(row, "title", "is empty, and so are SKU and ID")
        if not handle or handle in self.by_handle:
            # Codes may differ in signs that no address has.
            digest = sha256(name.lower().encode()).hexdigest()[:8]
            handle = f"{handle[:246]}-{digest}".strip("-")
        if name.lower() in self.names:
            line = self.names[name.lower()]
            raise BadCellError(row, column, f"is already the product of line {line}")
        self.names[name.lower()] = row.line
        return handle

    def _add_variation(self, row: Row) -> None:
        parent = row["parent_sku"] or row["parent"]
        handle = self.known.get(parent.lower()) or self.known.get(_id(parent))
        if handle is None:
            reason = f"{values.quoted(parent)} is no product of this file" if parent else "is empty"
            self.bad(BadCellError(row, "parent", reason))
        else:
            self.by_handle[handle].append(row)

    def _understood(self, handle: str, rows: list[Row]) -> Draft | None:
        """The whole draft; None where not one of its rows was understood."""
        row, variations = rows[0], rows[1:]
        types = _types(row)
        if "external" in types:
            raise BadCellError(row, "type", EXTERNAL)
        draft = self._draft(handle, row)
        if "grouped" in types:
            self.report.note(GROUPED, row.line)
            return draft
        options: list[str] = []
        if "variable" in types or variations:
            options = self._options(row, variations)
            ordered = sorted(variations, key=lambda row: values.position(row["position"]))
            sold = [inheriting(variation, row) for variation in ordered]
        else:
            sold = [row]
        if not self.add_variants(draft, sold, lambda row: self.variant(row, options)) and sold:
            return None
        if any(
            name.lower() not in map(str.lower, options)
            for variation in variations
            for name, _value, _column in self.named_values(variation)
        ):
            self.report.note(ANY, row.line)
        draft.option_names = options
        draft.attributes = self._attributes(row, options)
        self._add_pictures(draft, row, variations)
        return draft

    def _draft(self, handle: str, row: Row) -> Draft:
        title = self.line(row, "title")
        if not title:
            raise BadCellError(row, "title", "is empty")
        types = _types(row)
        paths = self.read(row, "categories", self._categories) or []
        return Draft(
            line=row.line,
            handle=handle,
            title=title,
            slug=values.handle_from(row["handle"] or title) or None,
            live=self._is_live(row),
            category_path=paths[0] if paths else (),
            further_categories=paths[1:] or None,
            summary=self._summary(row),
            body=self.read(row, "body", _body),
            vendor=self.line(row, "vendor"),
            tags=self.tags(row, lambda text: values.tags(",".join(self.entries(text)))),
            seo_title=self.line(row, "seo_title"),
            seo_description=self.read(row, "seo_description", str),
            is_digital=bool({"virtual", "downloadable"} & types)
            or any(row[name].lower() in values.YES for name in ("virtual", "downloadable")),
            related=self._related(row),
        )

    def _is_live(self, row: Row) -> bool:
        if row["visibility"].lower() == "hidden":
            self.report.note(HIDDEN, row.line)
            return False
        if row["status"]:
            return row["status"].lower() == "publish"
        # 0 is private, -1 is a draft.
        if row["published"] == "-1":
            return False
        return self.read(row, "published", values.flag) is not False

    def _summary(self, row: Row) -> str | None:
        text = words.plain(row["summary"])
        if len(text) > values.SUMMARY_LENGTH:
            self.report.note(f"Summaries were cut to {values.SUMMARY_LENGTH} characters", row.line)
        return values.cut(text, values.SUMMARY_LENGTH) or None

    def _categories(self, text: str) -> list[tuple[str, ...]]:
        """Paths; those that only lead to another one are left out, the first is the product's."""
        paths = []
        for entry in self.entries(text):
            titles = (values.line_of_text(title) for title in entry.split(">"))
            if path := tuple(filter(None, titles)):
                paths.append(path)
        return [
            path
            for at, path in enumerate(paths)
            if path not in paths[:at]
            and not any(other[: len(path)] == path and other != path for other in paths)
        ]

    def _related(self, row: Row) -> list[str] | None:
        named = []
        for column in ("grouped", "upsells", "cross_sells"):
            named += self.entries(row[column])
        handles = [self.known.get(name.lower()) or self.known.get(_id(name)) for name in named]
        missing = [name for name, handle in zip(named, handles, strict=True) if handle is None]
        if missing:
            names = shortened([values.quoted(name) for name in missing])
            self.report.note(f"Related products that are not in the file ({names})", row.line)
        return list(dict.fromkeys(filter(None, handles))) or None

    def _options(self, row: Row, variations: list[Row]) -> list[str]:
        """The attributes in which the variations differ, in the order of the product."""
        used = {
            name.lower()
            for variation in variations
            for name, value, _column in self.named_values(variation)
            if value
        }
        named = self.named_values(row) + [
            entry for variation in variations for entry in self.named_values(variation)
        ]
        names = {name.lower(): name for name, _value, _column in reversed(named)}
        order = dict.fromkeys(name.lower() for name, _value, _column in named)
        found = [names[key] for key in order if key in used]
        if len(found) > MOST_OPTIONS:
            raise BadCellError(row, "type", f"varies in more than {MOST_OPTIONS} attributes")
        return [self.checked(row, "type", name, values.line_of_text) for name in found]

    def _attributes(self, row: Row, options: list[str]) -> list[tuple[str, str]] | None:
        """What does not vary, and so is said of the product as a whole."""
        varying = {name.lower() for name in options}
        found: dict[str, tuple[str, str]] = {}
        for name, text, column in self.named_values(row):
            if name.lower() not in varying:
                name = self.checked(row, column, name, lambda name: values.line_of_text(name, 100))
                value = ", ".join(self.entries(text))
                value = self.checked(row, column, value, values.line_of_text)
                if value:
                    found.setdefault(name.lower(), (name, value))
        return list(found.values()) or None

    def _add_pictures(self, draft: Draft, row: Row, variations: list[Row]) -> None:
        sources = dict.fromkeys(self.entries(row["images"]))
        for variation in variations:
            sources |= dict.fromkeys(self.entries(variation["images"]))
        draft.pictures = [Picture(row.line, source, "") for source in sources]


def _types(row: Row) -> set[str]:
    return {word.strip().lower() for word in re.split("[,|]", row["type"])}


def _id(text: str) -> str:
    """ "id:17", however the ID 17 is written; empty where it is none."""
    found = re.fullmatch(r"(?:id:)?\s*([0-9]+)", text.strip().lower())
    return f"id:{found[1]}" if found else ""


def _body(text: str) -> str:
    """WooCommerce's exporter writes line ends as a backslash and an n."""
    return words.clean(text.replace("\\n", "\n"))
