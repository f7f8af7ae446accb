"""What Lighthouse says of the shop on a phone: the median of three runs for each page.

Needs a running demo shop (``make run``) of the same DATA_DIR, on an otherwise idle machine, and
Lighthouse 12 (``npm install lighthouse@12``), which is given by its path::

    python -m bench.lighthouse http://localhost:8000 --lighthouse node_modules/.bin/lighthouse
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CHROME = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-sync "
    "--disable-background-networking --disable-component-update --no-first-run"
)
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
PAGES = ("home", "category", "product", "cart", "article")
FIGURES = {
    "LCP s": ("largest-contentful-paint", 1000),
    "CLS": ("cumulative-layout-shift", 1),
    "TBT ms": ("total-blocking-time", 1),
    "KiB": ("total-byte-weight", 1024),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", help="address of the running shop")
    parser.add_argument("paths", nargs="*", help="instead of one page of each kind")
    parser.add_argument("--lighthouse", default=shutil.which("lighthouse"))
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    if not asked.lighthouse:
        parser.error("Lighthouse is not on the PATH: give its path with --lighthouse")
    pages = {path: path for path in asked.paths} or demo_pages()
    print(f"| page | {' | '.join([*BARS, *FIGURES])} |")  # noqa: T201
    print("|---" * (1 + len(BARS) + len(FIGURES)) + "|")  # noqa: T201
    is_good = True
    for name, path in pages.items():
        reports = [run(asked.lighthouse, asked.base + path) for _ in range(asked.runs)]
        scores = {bar: round(100 * median(reports, score, bar)) for bar in BARS}
        figures = [f"{median(reports, figure, *FIGURES[one]):.3g}" for one in FIGURES]
        print(f"| {name} | {' | '.join([*map(str, scores.values()), *figures])} |")  # noqa: T201
        for report in reports[:1]:
            complain(report)
        is_good &= all(scores[bar] >= least for bar, least in BARS.items())
    return 0 if is_good else 1


def demo_pages() -> dict[str, str]:
    """One address for each of ``PAGES``, read from the database of the settings."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    django.setup()
    from home.demo.tour import stops

    return {stop.name: stop.path for stop in stops() if stop.name in PAGES and not stop.has_goods}


def run(lighthouse: str, url: str) -> dict[str, Any]:
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""
    with TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        subprocess.run(  # noqa: S603 - the judge that was asked for
            [
                lighthouse,
                url,
                "--quiet",
                "--no-enable-error-reporting",
                "--output=json",
                f"--output-path={out}",
                f"--chrome-flags={CHROME}",
            ],
            check=True,
            env=os.environ | {"CHROME_PATH": chromium},
            timeout=180,
        )
        return json.loads(out.read_text())


def score(report: dict[str, Any], category: str) -> float:
    return report["categories"][category]["score"]


def figure(report: dict[str, Any], audit: str, unit: float) -> float:
    return report["audits"][audit]["numericValue"] / unit


def median(reports: list[dict[str, Any]], read: Any, *args: Any) -> float:
    return statistics.median(read(report, *args) for report in reports)


def complain(report: dict[str, Any]) -> None:
    """What cost points, to standard error."""
    for name, category in report["categories"].items():
        for part in category["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                words = audit.get("displayValue") or audit["title"]
                sys.stderr.write(f"  {name}: {part['id']}: {words}\n")


if __name__ == "__main__":
    sys.exit(main())
