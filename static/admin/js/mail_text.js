// The preview follows what is typed, and a word that is clicked comes where the cursor was.
const PAUSE = 500;

const form = document.querySelector("[data-mail-text]");
const buttons = form.querySelectorAll("[data-preview]");
let last = null;
let timer = 0;

function preview() {
  for (const { dataset, formAction } of buttons) {
    // A frame that is new has no history, so the way back stays the way back.
    const old = document.querySelector(`iframe[name="${dataset.preview}"]`);
    const fresh = old.cloneNode();
    fresh.removeAttribute("src");
    old.replaceWith(fresh);
    // A copy for each: one form is sent to one place at a time.
    const copy = form.cloneNode(true);
    Object.assign(copy, { hidden: true, action: formAction, target: dataset.preview });
    document.body.append(copy);
    copy.submit();
    copy.remove();
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(preview, PAUSE);
}

for (const button of buttons) button.hidden = true;
form.addEventListener("input", later);
form.addEventListener("focusin", ({ target }) => {
  if (target.matches("input[type=text], textarea")) last = target;
});
form.addEventListener("click", ({ target }) => {
  const word = target.closest("[data-word]")?.dataset.word;
  const field = last ?? form.querySelector("textarea");
  if (!word || field.disabled) return;
  field.focus();
  field.setRangeText(word, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
