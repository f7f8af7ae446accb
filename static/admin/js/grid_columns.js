// Which columns a grid of variants shows, kept by the browser; and those that one value can fill.
const { Controller } = window.StimulusModule;
const KEPT = "variants:hidden";
const FILLABLE = ["price", "compare_at", "cost", "low_at", "weight"];

class GridColumnsController extends Controller {
  static targets = ["column", "table", "fillable"];

  connect() {
    this.recall();
    if (this.hasFillableTarget) this.offer();
  }

  show() {
    const hidden = this.columnTargets.filter((box) => !box.checked).map((box) => box.value);
    this.tableTarget.dataset.hide = hidden.join(" ");
    try {
      localStorage.setItem(KEPT, hidden.join(" "));
    } catch { /* A browser that keeps nothing shows the usual columns. */ }
  }

  recall() {
    let kept = null;
    try {
      kept = localStorage.getItem(KEPT);
    } catch { /* As above. */ }
    if (kept === null || !this.columnTargets.length) return;
    const hidden = kept.split(" ");
    this.columnTargets.forEach((box) => { box.checked = !hidden.includes(box.value); });
    this.show();
  }

  offer() {
    for (const name of FILLABLE) {
      const box = this.tableTarget.querySelector(`[data-name="${name}"]:not([disabled])`);
      const heading = this.tableTarget.querySelector(`th.variant-${name}`);
      if (box && heading) this.fillableTarget.add(new Option(heading.textContent.trim(), name));
    }
    this.fillableTarget.closest("fieldset").hidden = !this.fillableTarget.length;
  }
}

window.wagtail.app.register("catalog-grid-columns", GridColumnsController);
