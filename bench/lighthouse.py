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

from bench.screenshots import ARGUMENTS, BROWSER, fill_cart

CHROME = (
    f"--headless=new {ARGUMENTS} --disable-dev-shm-usage --disable-sync --disable-component-update"
)
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
ATTEMPTS = 4
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
    pages = {path: (path, "") for path in asked.paths} or demo_pages(asked.base)
    print(f"| page | {' | '.join([*BARS, *FIGURES])} |")  # noqa: T201
    print("|---" * (1 + len(BARS) + len(FIGURES)) + "|")  # noqa: T201
    is_good = True
    for name, (path, cookies) in pages.items():
        reports = [run(asked.lighthouse, asked.base + path, cookies) for _ in range(asked.runs)]
        scores = {bar: round(100 * median(reports, score, bar)) for bar in BARS}
        figures = [f"{median(reports, figure, *FIGURES[one]):.3g}" for one in FIGURES]
        print(f"| {name} | {' | '.join([*map(str, scores.values()), *figures])} |")  # noqa: T201
        for report in reports[:1]:
            complain(report)
        is_good &= all(scores[bar] >= least for bar, least in BARS.items())
    return 0 if is_good else 1


def demo_pages(base: str) -> dict[str, tuple[str, str]]:
    """For each of ``PAGES`` an address, read from the database of the settings, and its cookies."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    django.setup()
    from home.demo.tour import stops

    tour = {stop.name: stop for stop in stops()}
    full = cookies_of_a_full_cart(base, tour["product"].path)
    return {name: (tour[name].path, full if tour[name].has_goods else "") for name in PAGES}


def cookies_of_a_full_cart(base: str, product: str) -> str:
    """The header of a shopper who has put one thing into the cart."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS.split())
        context = browser.new_context()
        fill_cart(context, base + product)
        cookies = context.cookies()
        browser.close()
    return "; ".join(f"{one['name']}={one['value']}" for one in cookies)


def run(lighthouse: str, url: str, cookies: str = "") -> dict[str, Any]:
    """One report. Chromium now and then loses the beginning of a trace: asked again then."""
    for attempt in range(ATTEMPTS):
        with TemporaryDirectory() as folder:
            out = Path(folder, "report.json")
            told = _ask(lighthouse, url, cookies, out)
            if told.returncode == 0:
                report = json.loads(out.read_text())
                if "runtimeError" not in report:
                    return report
        sys.stderr.write(f"  attempt {attempt + 1} at {url}: {told.stderr.strip()[-200:]}\n")
    raise SystemExit(f"Lighthouse gave no report of {url}.")


def _ask(lighthouse: str, url: str, cookies: str, out: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - the judge that was asked for
        [
            lighthouse,
            url,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--output-path={out}",
            f"--chrome-flags={CHROME}",
            # A page of the shopper's own is read with a clean slate too, but for these.
            f"--extra-headers={json.dumps({'Cookie': cookies} if cookies else {})}",
        ],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"CHROME_PATH": BROWSER},
        timeout=180,
    )


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
