// Show of the chosen variant what it costs, whether it is there, and its picture; where there are
// several options, find the variant by their values. Without this script all variants stand in a
// list, each with the same facts: this script reads them there.
const form = document.querySelector("[data-variants]");
const sale = form?.closest("[data-sale]");
const variants = [...(form?.querySelectorAll("[data-variant]") ?? [])];
const options = [...(form?.querySelectorAll("[data-option]") ?? [])];
const words = form?.dataset ?? {};
let chosen = null;

const radioOf = (variant) => variant.querySelector("[name=code]");
const isOut = (variant) => variant.dataset.most === "0";
const valueOf = (variant, option) => variant.dataset[`option${option.dataset.option}`].toLowerCase();
const pickedOf = (option) => option.querySelector(":checked").value.toLowerCase();
const text = (element) => element.textContent.replace(/\s+/g, " ").trim();

function fill(name, source) {
  for (const target of document.querySelectorAll(`[data-chosen-${name}]`)) {
    target.replaceChildren(...[...source.childNodes].map((node) => node.cloneNode(true)));
  }
}

function choose(variant, { atOnce = false } = {}) {
  const hadPicture = Boolean(chosen?.dataset.picture);
  chosen = variant;
  radioOf(variant).checked = true;
  for (const option of options) {
    for (const radio of option.querySelectorAll("input")) {
      radio.checked = radio.value.toLowerCase() === valueOf(variant, option);
    }
  }
  for (const part of ["label", "price", "stock"]) {
    fill(part, variant.querySelector(`[data-${part}]`));
  }
  for (const target of document.querySelectorAll("[data-chosen-code]")) {
    target.textContent = radioOf(variant).value;
  }
  markOptions();
  offer(isOut(variant));
  const detail = { picture: variant.dataset.picture, hadPicture, atOnce };
  document.dispatchEvent(new CustomEvent("variant:chosen", { detail }));
}

// Whether it can be put into the cart, how many of it, or whether one can be told of its return.
function offer(out) {
  const quantity = form.querySelector("[name=quantity]");
  if (!out) quantity.max = chosen.dataset.most;
  if (!out && Number(quantity.value) > Number(quantity.max)) quantity.value = quantity.max;
  for (const button of sale.querySelectorAll("[data-add-button]")) {
    button.disabled = out;
    button.textContent = out ? words.wordOut : words.wordAdd;
  }
  const tell = sale.querySelector("[data-tell]");
  if (!tell) return;
  tell.classList.toggle("without-scripts", !out);
  tell.open = out;
  if (out) tell.querySelector("[name=code]").value = radioOf(chosen).value;
}

// Each value says whether it can be had together with the other values that are chosen.
function markOptions() {
  for (const option of options) {
    for (const radio of option.querySelectorAll("input")) {
      const wanted = find(option, radio.value.toLowerCase(), true);
      const label = radio.closest("label");
      label.classList.toggle("option--none", !wanted);
      label.classList.toggle("option--out", Boolean(wanted && isOut(wanted)));
      const note = !wanted ? words.wordNone : isOut(wanted) ? words.wordOut : "";
      label.querySelector("[data-note]").textContent = note && `(${note})`;
    }
  }
}

// The variant that has this value and, of the others that are chosen, all or as many as there are:
// one that can be had before one that cannot, the first options before the last.
function find(option, value, isExact = false) {
  const others = options.filter((other) => other !== option);
  let best = null;
  let most = -1;
  for (const variant of variants) {
    if (valueOf(variant, option) !== value) continue;
    const same = others.filter((other) => valueOf(variant, other) === pickedOf(other));
    if (same.length === others.length) return variant;
    const weight = same.length * 10 + (isOut(variant) ? 0 : 1);
    if (!isExact && weight > most) [best, most] = [variant, weight];
  }
  return best;
}

function say() {
  const said = form.querySelector("[data-chosen-said]");
  const parts = ["label", "price", "stock"].map((part) => chosen.querySelector(`[data-${part}]`));
  said.textContent = parts.map(text).join(", ");
}

// The address opens the same variant again, here and for whoever is sent it.
function remember() {
  const address = new URL(location.href);
  address.searchParams.set("sku", radioOf(chosen).value);
  history.replaceState(history.state, "", address);
}

function start() {
  document.documentElement.dataset.scripts = "";
  for (const option of options) option.disabled = false;
  // What is sold out may be chosen, to see it and to be told of its return.
  for (const variant of variants) radioOf(variant).disabled = false;
  form.addEventListener("change", (event) => {
    const option = event.target.closest("[data-option]");
    const variant = event.target.closest("[data-variant]");
    if (!option && !variant) return;
    choose(variant ?? find(option, event.target.value.toLowerCase()));
    say();
    remember();
  });
  const checked = form.querySelector("[name=code]:checked")?.closest("[data-variant]");
  const named = new URL(location.href).searchParams.get("sku")?.toLowerCase();
  const asked = variants.find((variant) => radioOf(variant).value.toLowerCase() === named);
  choose(asked ?? checked ?? variants[0], { atOnce: true });
}

if (variants.length) start();
