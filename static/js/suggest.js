// Suggestions below the search field, by the pattern of a combobox: the keyboard stays in the
// field and points at one of them. htmx fetches them; without this the form is only sent.
const LEAST = 2;

for (const form of document.querySelectorAll("form[data-suggest]")) begin(form);

function begin(form) {
  const input = form.querySelector("input[type=search]");
  const sheet = form.querySelector(".suggest");
  const said = form.querySelector("[data-suggest-said]");
  const options = () => [...sheet.querySelectorAll("[role=option]")];
  const active = () => sheet.querySelector("[aria-selected=true]");

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-haspopup", "listbox");
  close();

  function open() {
    const list = sheet.querySelector("[role=listbox]");
    if (!list || !form.contains(document.activeElement)) return;
    list.id = `${input.id}-list`;
    options().forEach((option, number) => {
      option.id = `${list.id}-${number}`;
    });
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "true");
    sheet.hidden = false;
  }

  function close() {
    sheet.hidden = true;
    point(null);
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
  }

  function point(option) {
    active()?.setAttribute("aria-selected", "false");
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  // From the last one on to the field itself, and from there to the first.
  function move(step) {
    const all = options();
    if (sheet.hidden) open();
    if (sheet.hidden) return;
    const places = all.length + 1;
    const next = (all.indexOf(active()) + 1 + step + places) % places;
    point(next ? all[next - 1] : null);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      if (sheet.hidden || !active()) return false;
      location.assign(active().href);
    },
    Escape: () => {
      if (sheet.hidden) return false;
      close();
    },
  };

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  input.addEventListener("input", () => {
    // What is shown answers another text.
    point(null);
    if (!asks()) forget();
  });
  input.addEventListener("focus", open);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  // Or the field would lose the focus, and the sheet what is clicked on.
  sheet.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("submit", close);

  function asks() {
    const text = input.value.trim();
    // One character of Chinese or Korean can be a word.
    return text.length >= LEAST || /[^\u0000-\u02ff]/.test(text);
  }

  function forget() {
    sheet.replaceChildren();
    said.textContent = "";
    close();
  }

  input.addEventListener("htmx:beforeRequest", (event) => {
    if (!asks()) event.preventDefault();
  });
  sheet.addEventListener("htmx:afterSwap", () => {
    said.textContent = sheet.querySelector("[data-suggest-count]")?.textContent.trim() ?? "";
    close();
    if (asks()) open();
    else forget();
  });
}
