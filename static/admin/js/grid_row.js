// One row of a grid of variants: its boxes, and what is shown in and beside them.
const SHOWN_SAVED = 2000;

export const read = (box) => (box.type === "checkbox" ? box.checked : box.value);

export function write(box, value) {
  if (box.type === "checkbox") box.checked = value === true || value === "True";
  else box.value = value;
}

export const boxes = (row) => [...row.querySelectorAll("[data-name]")];

export const boxOf = (row, name) => row.querySelector(`[data-name="${name}"]`);

export const pick = (all, names) => Object.fromEntries(names.map((name) => [name, all[name]]));

export function mark(box, wrong) {
  box.closest("td").classList.toggle("is-wrong", wrong);
  box.setAttribute("aria-invalid", String(wrong));
}

export function tell(box, errors) {
  mark(box, errors.length > 0);
  const cell = box.closest("td");
  cell.querySelector(".error-message")?.remove();
  if (!errors.length) return;
  const line = cell.appendChild(document.createElement("p"));
  line.className = "error-message";
  line.setAttribute("role", "alert");
  // The shop escapes what was typed; a link leads to the product that has a code.
  line.innerHTML = errors.join(" ");
}

export function flash(box) {
  const cell = box.closest("td");
  cell.classList.add("is-saved");
  setTimeout(() => cell.classList.remove("is-saved"), SHOWN_SAVED);
}

export function showState(row, state) {
  const place = row.querySelector(".variant-state");
  const badge = place.querySelector("[data-state]") || place.appendChild(document.createElement("span"));
  badge.dataset.state = state.name;
  badge.textContent = state.label;
  badge.className = `w-status ${state.name === "in_stock" ? "w-status--primary" : ""}`;
}

export function showPicture(row, url) {
  const button = row.querySelector(".variants-picture");
  if (!button) return;
  const image = url ? Object.assign(document.createElement("img"), { src: url, alt: "" }) : "";
  button.replaceChildren(image);
  const clear = row.querySelector(".variants-picture__clear");
  if (clear) clear.hidden = !url;
}
