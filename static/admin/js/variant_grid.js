// A grid of variants that saves each cell when it is left. Its boxes belong to a form that
// does not exist, so the page around it neither sends them nor counts them as its changes.
import { getJson, post } from "./ask_shop.js";
import {
  boxOf, boxes, flash, mark, pick, read, showPicture, showState, tell, write,
} from "./grid_row.js";

const { Controller } = window.StimulusModule;
const PAUSE = 300;

class GridController extends Controller {
  static targets = ["allColumn", "allValue", "body", "empty", "note", "reason", "status", "undo"];

  static values = {
    url: String, codeUrl: String, pictureUrl: String, saving: String, saved: String,
    undone: String, failed: String, refused: String, mend: String,
  };

  connect() {
    this.before = new WeakMap();
    this.turn = Promise.resolve();
    this.done = [];
    this.rows.forEach((row) => this.remember(row));
    this.listeners = {
      focusout: (event) => this.left(event),
      change: (event) => this.changed(event),
      input: (event) => this.typed(event),
      keydown: (event) => this.pressed(event),
      paste: (event) => this.pasted(event),
    };
    for (const [name, listener] of Object.entries(this.listeners)) {
      this.element.addEventListener(name, listener);
    }
    this.warn = (event) => { if (this.unsaved) event.preventDefault(); };
    window.addEventListener("beforeunload", this.warn);
  }

  disconnect() {
    for (const [name, listener] of Object.entries(this.listeners)) {
      this.element.removeEventListener(name, listener);
    }
    window.removeEventListener("beforeunload", this.warn);
  }

  get rows() { return [...this.bodyTarget.rows]; }

  /** Whether leaving the page would lose something: typed, and not on its way. */
  get unsaved() {
    return this.rows.some((row) => !row.matches(".is-saving") && this.dirty(row).length);
  }

  remember(row) {
    this.before.set(row, Object.fromEntries(boxes(row).map((b) => [b.dataset.name, read(b)])));
  }

  dirty(row) {
    const before = this.before.get(row) || {};
    return boxes(row).filter((b) => !b.disabled && read(b) !== before[b.dataset.name]);
  }

  // --- What the editor does ---

  left(event) {
    event.stopPropagation();
    const row = event.target.closest("tr");
    if (!row || !event.target.dataset.name) return;
    // An empty row becomes a variant when the whole of it is left.
    if (!row.dataset.sku && row.contains(event.relatedTarget)) return;
    this.save([row]);
  }

  changed(event) {
    event.stopPropagation();
    const box = event.target;
    const row = box.closest("tr");
    if (row?.dataset.sku && box.matches("select, [type=checkbox]")) this.save([row]);
  }

  typed(event) {
    event.stopPropagation();
    const box = event.target;
    delete box.dataset.contested;
    if (box.dataset.name !== "code") return;
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.checkCode(box), PAUSE);
  }

  pressed(event) {
    const box = event.target;
    const row = box.closest("tr");
    if (!row || !box.dataset?.name) return;
    const { key } = event;
    const mod = event.ctrlKey || event.metaKey;
    const text = box.matches("[type=text]");
    if (key === "Enter") {
      event.preventDefault();
      delete box.dataset.contested;
      const clean = !this.dirty(row).includes(box);
      this.save([row]);
      if (clean || !box.closest("td").matches(".is-wrong")) this.step(box, event.shiftKey ? -1 : 1);
    } else if (text && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      this.step(box, key === "ArrowUp" ? -1 : 1);
    } else if (key === "Escape") {
      write(box, this.before.get(row)?.[box.dataset.name] ?? read(box));
      tell(box, []);
    } else if (mod && key.toLowerCase() === "z" && this.done.length && !this.dirty(row).includes(box)) {
      event.preventDefault();
      this.undo();
    } else if (mod && key.toLowerCase() === "d") {
      event.preventDefault();
      const above = row.previousElementSibling && boxOf(row.previousElementSibling, box.dataset.name);
      if (above) { write(box, read(above)); this.save([row]); }
    }
  }

  /** A column copied from a spreadsheet goes down from here. */
  pasted(event) {
    const lines = event.clipboardData?.getData("text").replace(/\r?\n$/, "").split(/\r?\n/) || [];
    const box = event.target;
    if (lines.length < 2 || !box.matches?.("[data-name][type=text]")) return;
    event.preventDefault();
    const { rows } = this;
    const first = rows.indexOf(box.closest("tr"));
    const filled = rows.slice(first, first + lines.length).filter((row) => row.dataset.sku);
    filled.forEach((row, number) => {
      const target = boxOf(row, box.dataset.name);
      if (!target.disabled) write(target, lines[number].trim());
    });
    this.save(filled);
  }

  step(box, by) {
    const { rows } = this;
    const next = rows[rows.indexOf(box.closest("tr")) + by];
    const target = next && boxOf(next, box.dataset.name);
    if (!target) return;
    target.focus();
    target.select?.();
  }

  add() {
    const row = this.emptyTarget.content.querySelector("tr").cloneNode(true);
    this.bodyTarget.append(row);
    this.remember(row);
    boxes(row).find((box) => !box.closest("td").matches(".variant-picture"))?.focus();
  }

  fillAll() {
    const name = this.allColumnTarget.value;
    const rows = this.rows.filter((row) => row.dataset.sku && !boxOf(row, name)?.disabled);
    rows.forEach((row) => write(boxOf(row, name), this.allValueTarget.value.trim()));
    this.save(rows);
  }

  choosePicture(event) {
    const cell = event.currentTarget.closest("td");
    const row = cell.closest("tr");
    const modal = new window.ImageChooserModal(this.pictureUrlValue);
    modal.open({}, (chosen) => {
      write(boxOf(row, "picture"), String(chosen.id));
      showPicture(row, chosen.preview.url);
      if (row.dataset.sku) this.save([row]);
    });
  }

  clearPicture(event) {
    const row = event.currentTarget.closest("tr");
    write(boxOf(row, "picture"), "");
    showPicture(row, "");
    if (row.dataset.sku) this.save([row]);
  }

  undo() {
    const last = this.done.pop();
    if (last) this.save(last.map(({ row }) => row), new Map(last.map((one) => [one.row, one])));
  }

  // --- Saving ---

  /** Saves what is not saved of these rows, after what is being saved. */
  save(rows, undoing) {
    this.turn = this.turn.then(() => this.send(rows, undoing));
    return this.turn;
  }

  async send(rows, undoing) {
    const asked = rows.map((row) => this.ask(row, undoing?.get(row))).filter(Boolean);
    if (!asked.length) return;
    this.say(this.savingValue);
    asked.forEach(({ row }) => row.classList.add("is-saving"));
    try {
      const answer = await post(this.urlValue, {
        rows: asked.map(({ row, values, shown }) => {
          const token = Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join("-");
          return { sku: row.dataset.sku, page: row.dataset.page, values, shown, token };
        }),
        reason: this.hasReasonTarget ? this.reasonTarget.value : "",
        note: this.hasNoteTarget ? this.noteTarget.value : "",
      });
      const told = asked.map((one, number) => this.take(one, answer.rows[number]));
      const undoable = told.filter(({ was }) => Object.keys(was).length);
      if (undoable.length && !undoing) this.done.push(undoable);
      this.report(answer.rows, told, undoing ? this.undoneValue : this.savedValue);
      this.dispatch("saved");
    } catch (error) {
      if (!error.refused && !(error instanceof TypeError)) throw error;
      this.say(error.refused ? this.refusedValue : this.failedValue, true);
      for (const { row, values } of asked) {
        Object.keys(values).forEach((name) => mark(boxOf(row, name), true));
      }
    } finally {
      asked.forEach(({ row }) => row.classList.remove("is-saving"));
      this.undoTarget.hidden = !this.done.length;
    }
  }

  report(rows, told, well) {
    const general = rows.flatMap((row) => row.errors[""] || []);
    const wrong = rows.some((row) => Object.keys(row.errors).length);
    this.say(general[0] || (wrong ? this.mendValue : well), wrong);
    if (!wrong && told.length === 1) this.statusTarget.append(this.inWords(told[0]));
  }

  /** "TEE-S: Price 10.00 → 12.00" */
  inWords({ row, was, typed }) {
    const changes = Object.keys(was).filter((name) => typeof was[name] === "string").map((name) => {
      const box = boxOf(row, name);
      const heading = this.element.querySelector(`th.variant-${name}`)?.textContent.trim() || name;
      const word = (value) => (box.options ? [...box.options].find((o) => o.value === value)?.text : value) || "–";
      return name === "picture" ? heading : `${heading} ${word(was[name])} → ${word(typed[name])}`;
    });
    return changes.length ? ` ${row.dataset.code || ""}: ${changes.join(", ")}` : "";
  }

  ask(row, undo) {
    if (!row.isConnected) return null;
    this.forgive(row);
    if (undo) {
      Object.entries(undo.was).forEach(([name, value]) => write(boxOf(row, name), value));
      return { row, values: undo.was, shown: undo.typed };
    }
    const changed = this.dirty(row).filter((box) => !("contested" in box.dataset));
    if (!changed.length) return null;
    const before = this.before.get(row);
    const names = (row.dataset.sku ? changed : boxes(row)).map((box) => box.dataset.name);
    const values = Object.fromEntries(names.map((name) => [name, read(boxOf(row, name))]));
    return { row, values, shown: pick(before, names) };
  }

  /** What says again what it said before is not wrong any more. */
  forgive(row) {
    const dirty = this.dirty(row);
    for (const box of boxes(row)) if (!dirty.includes(box)) tell(box, []);
  }

  /** Shows what the shop has now, beside what was typed since; returns how to undo it. */
  take({ row, values, shown }, answer) {
    const isNew = !row.dataset.sku;
    if (answer.sku) row.dataset.sku = answer.sku;
    if (answer.values?.code) row.dataset.code = answer.values.code;
    const before = this.before.get(row);
    const now = answer.values || before;
    const saved = (name) => answer.values && name in values && !answer.unsaved.includes(name);
    for (const box of boxes(row)) {
      const { name } = box.dataset;
      if (!(name in now)) continue;
      const [wrong, sent] = [answer.errors[name] || [], name in values];
      const typedSince = read(box) !== (sent ? values[name] : before[name]);
      // A message would be about what stands there no more.
      if (typedSince && wrong.length) continue;
      before[name] = box.type === "checkbox" ? now[name] === true : now[name];
      if (typedSince) continue;
      if (sent || wrong.length) tell(box, wrong);
      if (saved(name)) flash(box);
      if (answer.values && (!sent || saved(name))) write(box, now[name]);
      if (wrong.length && sent && String(now[name]) !== String(shown[name])) box.dataset.contested = "";
    }
    if (answer.state) showState(row, answer.state);
    if ("picture" in answer) showPicture(row, answer.picture);
    if (isNew && row.dataset.sku) this.dispatch("added");
    const kept = isNew ? [] : Object.keys(values).filter(saved);
    return { row, was: pick(shown, kept), typed: pick({ ...now, on_hand: values.on_hand }, kept) };
  }

  say(text, wrong = false) {
    this.statusTarget.innerHTML = text;
    this.statusTarget.classList.toggle("is-wrong", wrong);
  }

  async checkCode(box) {
    const row = box.closest("tr");
    const query = new URLSearchParams({ code: box.value, sku: row.dataset.sku || "" });
    try {
      const { message } = await getJson(`${this.codeUrlValue}?${query}`);
      if (query.get("code") === box.value) tell(box, message ? [message] : []);
    } catch { /* The code is checked again when it is saved. */ }
  }
}

window.wagtail.app.register("catalog-grid", GridController);
