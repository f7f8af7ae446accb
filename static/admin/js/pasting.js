// Scripts in what is pasted into a rich text never ran, but their code stayed behind as words.
// They are taken out before the editor reads it, and the editor is told so at the field.
const { leftOut } = document.currentScript.dataset;
const ACTIVE = "script, iframe, frame, object, embed, applet";
const NO_WORDS = `${ACTIVE}, style, noscript, template, meta, link`;

/** Take out of a document what acts; return whether there was any. */
function disarm(pasted) {
  let found = pasted.querySelector(ACTIVE) !== null;
  pasted.querySelectorAll(NO_WORDS).forEach((element) => element.remove());
  for (const element of pasted.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith("on") || /^\s*javascript:/i.test(value)) {
        element.removeAttribute(name);
        found = true;
      }
    }
  }
  return found;
}

function tell(editor) {
  const field = editor.closest("[data-field]") || editor.parentElement;
  field.querySelector("[data-left-out]")?.remove();
  const note = document.createElement("div");
  note.className = "help-block help-warning";
  note.dataset.leftOut = "";
  note.setAttribute("role", "status");
  note.innerHTML = '<svg class="icon icon-warning" aria-hidden="true"><use href="#icon-warning"></use></svg>';
  note.append(leftOut);
  (field.querySelector("[data-field-errors]") || editor).before(note);
}

function pasted(event) {
  const editor = event.target.closest?.(".Draftail-Editor");
  const html = event.clipboardData?.getData("text/html");
  if (!editor || !html) return;
  const cleaned = new DOMParser().parseFromString(html, "text/html");
  if (!disarm(cleaned)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", cleaned.body.innerHTML);
  clipboardData.setData("text/plain", event.clipboardData.getData("text/plain"));
  // Without anything that acts, it comes through here once more and goes on to the editor.
  event.target.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
  );
  tell(editor);
}

document.addEventListener("paste", pasted, true);
