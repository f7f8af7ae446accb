// The tab "Variants, prices & stock": puts the live grid in the place of the table, and makes
// variants of the options that the page names, as they stand in the form now.
import { getHtml, getJson, post } from "./ask_shop.js";

const { Controller } = window.StimulusModule;
const PAUSE = 300;
const TIMER_LATE = 50;

class VariantsController extends Controller {
  static targets = ["live", "options"];

  static values = { url: String };

  connect() {
    if (!this.hasUrlValue || !this.hasLiveTarget) return;
    // Read when the tab is looked at: facts change while the story is written.
    this.watcher = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      if (!this.loaded) this.load();
      else if (this.hasOptionsTarget) this.nameLists();
    });
    this.watcher.observe(this.element);
  }

  disconnect() {
    this.watcher?.disconnect();
  }

  async load(page = 1) {
    this.loaded = true;
    try {
      this.liveTarget.innerHTML = await getHtml(`${this.urlValue}?p=${page}`);
    } catch {
      // The table that came with the page stays, with the way to the form.
      this.loaded = false;
      return;
    }
    this.page = page;
    // Once there are variants, the first one is no longer to be typed.
    if (this.liveTarget.querySelector("tr[data-sku]")) {
      this.element.querySelector(".variants-first")?.remove();
    }
  }

  turn(event) {
    this.load(event.currentTarget.dataset.page);
  }

  async digital(event) {
    const box = event.currentTarget;
    box.disabled = true;
    try {
      await post(box.dataset.url, { is_digital: box.checked });
    } catch {
      box.checked = !box.checked;
    }
    box.disabled = false;
  }

  // --- Options ---

  optionsTargetConnected() {
    this.nameLists();
  }

  /** The names in the page's own form, saved or not, in their order. */
  get names() {
    const boxes = [...document.querySelectorAll('[name^="options-"][name$="-name"]')];
    const field = (box, end) => document.getElementsByName(box.name.replace(/name$/, end))[0]?.value;
    return boxes
      .filter((box) => /^options-\d+-name$/.test(box.name) && !field(box, "DELETE"))
      .sort((one, other) => field(one, "ORDER") - field(other, "ORDER"))
      .map((box) => box.value.trim())
      .filter(Boolean);
  }

  nameLists() {
    const place = this.optionsTarget;
    const known = JSON.parse(place.querySelector("script").textContent);
    const names = this.names;
    known.slice(names.length).forEach(({ name, values }) => { if (values.length) names.push(name); });
    place.querySelector("[data-unnamed]").hidden = names.length > 0;
    place.querySelector("[data-named]").hidden = names.length === 0;
    const lists = place.querySelector("[data-lists]");
    names.forEach((name, number) => {
      const list = lists.children[number] || lists.appendChild(this.newList(known[number]?.values));
      list.querySelector("label").textContent = name;
      list.querySelector("textarea").setAttribute("aria-label", name);
    });
    while (lists.children.length > names.length) lists.lastElementChild.remove();
    // A new option's column is named as the page will name it.
    names.forEach((name, number) => {
      const heading = this.element.querySelector(`th.variant-option${number + 1}`);
      if (heading) heading.textContent = name;
    });
  }

  newList(values = []) {
    const list = this.optionsTarget.querySelector("template").content.firstElementChild.cloneNode(true);
    list.querySelector("textarea").value = values.join("\n");
    return list;
  }

  /** Leads to where the options are named: they are part of the story. */
  nameOptions() {
    const add = document.getElementById("id_options-ADD");
    const panel = add?.closest("[role=tabpanel]");
    if (!panel) return;
    document.querySelector(`[role=tab][href="#${panel.id}"]`)?.click();
    if (!document.querySelector('[name="options-0-name"]')) add.click();
    const boxes = [...document.querySelectorAll('[name^="options-"][name$="-name"]')];
    const last = boxes.filter((box) => /^options-\d+-name$/.test(box.name)).at(-1);
    last?.scrollIntoView({ block: "center" });
    last?.focus();
  }

  async make(event) {
    const button = event.currentTarget;
    const place = this.optionsTarget;
    const lists = [...place.querySelectorAll("textarea")];
    const values = lists.map((list) => list.value.split("\n"));
    button.disabled = true;
    try {
      const answer = await post(place.dataset.url, { values });
      lists.forEach((list, number) => tell(list.parentElement, answer.errors[number]));
      tell(place.querySelector("[data-all]"), answer.errors[""]);
      place.querySelector("[data-made]").textContent = answer.message || "";
      if (answer.made) {
        await this.load(this.page);
        this.optionsTarget.querySelector("[data-made]").textContent = answer.message;
      }
    } catch {
      tell(place.querySelector("[data-all]"), place.dataset.failed);
    }
    button.disabled = false;
  }
}

function tell(place, message) {
  place.querySelector(".error-message")?.remove();
  if (!message) return;
  const line = place.appendChild(document.createElement("p"));
  line.className = "error-message";
  line.setAttribute("role", "alert");
  line.textContent = message;
}

// The boxes of a first SKU are sent with the page, but never by its autosave. That makes a new
// page by itself: a form that overtakes it would make a second one, at an address just taken.
class FirstSkuController extends Controller {
  static values = { url: String, refused: Boolean };

  connect() {
    this.before = this.typed;
    this.sent = false;
    this.autosave = null;
    this.held = null;
  }

  get boxes() {
    return [...this.element.querySelectorAll("input")];
  }

  get typed() {
    return this.boxes.map((box) => (box.type === "checkbox" ? box.checked : box.value)).join("\n");
  }

  check(event) {
    if (!event.target.name.endsWith("-code")) return;
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.ask(event.target), PAUSE);
  }

  async ask(box) {
    const code = box.value;
    try {
      const { message } = await getJson(`${this.urlValue}?${new URLSearchParams({ code })}`);
      if (box.value !== code) return;
      const place = box.closest("[data-field]").querySelector("[data-field-errors]");
      const line = Object.assign(document.createElement("p"), { className: "error-message" });
      // The shop escapes all but the link to the product that has the code.
      line.innerHTML = message;
      place.replaceChildren(...(message ? [line] : []));
    } catch { /* The code is checked again when the page is saved. */ }
  }

  submit(event) {
    if (!event.target.contains(this.element)) return;
    if (this.autosave && this.isOnItsWay(event)) {
      event.preventDefault();
      this.held = event;
      return;
    }
    // Put off, it would go while this is being answered.
    this.autosave?.preventDefault();
    this.sent = true;
  }

  // --- Autosave ---

  autosaving(event) {
    this.autosave = event;
  }

  autosaved() {
    this.autosave = null;
    if (!this.held) return;
    const { target, submitter } = this.held;
    this.held = null;
    // Wagtail disabled it when it was pressed, and what is disabled is not sent.
    if (submitter) submitter.disabled = false;
    target.requestSubmit(submitter);
  }

  /** It is told of before it is put off by its interval, and can then no more be called back. */
  isOnItsWay({ target, timeStamp }) {
    const interval = Number(target.dataset.wAutosaveIntervalValue) || 0;
    return timeStamp - this.autosave.timeStamp > interval - TIMER_LATE;
  }

  leave(event) {
    const isUnsaved = this.refusedValue || this.typed !== this.before;
    if (!this.sent && isUnsaved) event.preventDefault();
  }
}

// The live figures beside the editor: read again when they are looked at, and after the grid.
class FiguresController extends Controller {
  static values = { url: String };

  connect() {
    this.panel = this.element.closest("[data-side-panel]");
    this.shown = () => this.refresh();
    this.panel?.addEventListener("show", this.shown);
  }

  disconnect() {
    this.panel?.removeEventListener("show", this.shown);
  }

  async refresh() {
    if (!this.panel || this.panel.hidden) return;
    try {
      const html = await getHtml(this.urlValue);
      const now = new DOMParser().parseFromString(html, "text/html").querySelector(".shop-facts");
      this.element.replaceChildren(...now.childNodes);
    } catch { /* What was read before stays. */ }
  }
}

window.wagtail.app.register("catalog-figures", FiguresController);
window.wagtail.app.register("catalog-variants", VariantsController);
window.wagtail.app.register("catalog-first-sku", FirstSkuController);
