// Beside the choice of an attribute: a field for its answer that fits its kind. The line of
// text stays what is sent; where there are choices, a select fills it in.
const { Controller } = window.StimulusModule;

class AnswerController extends Controller {
  static values = { field: String };

  connect() {
    this.fit();
  }

  disconnect() {
    this.select?.remove();
    this.help?.remove();
    if (this.answer) this.answer.hidden = false;
  }

  get answer() {
    const id = this.element.id.replace(/attribute$/, this.fieldValue);
    return document.getElementById(id);
  }

  fit() {
    const { answer } = this;
    if (!answer) return;
    const chosen = this.element.selectedOptions[0];
    const choices = JSON.parse(chosen?.dataset.choices || "[]");
    this.showHelp(answer, chosen?.dataset.help || "");
    this.select?.remove();
    this.select = null;
    answer.hidden = choices.length > 0;
    if (choices.length > 0) this.offer(answer, choices);
  }

  offer(answer, choices) {
    const select = document.createElement("select");
    const label = document.querySelector(`label[for="${answer.id}"]`);
    if (label) select.setAttribute("aria-label", label.textContent.trim());
    select.add(new Option("---------", ""));
    for (const [value, text] of choices) select.add(new Option(text, value));
    const now = choices.find(([value]) => value.toLowerCase() === answer.value.toLowerCase());
    // What is no choice any more is kept until somebody chooses another.
    if (answer.value && !now) select.add(new Option(answer.value, answer.value));
    select.value = now ? now[0] : answer.value;
    select.addEventListener("change", () => {
      answer.value = select.value;
      // So that Wagtail sees an edit, to save the draft and to update the preview.
      answer.dispatchEvent(new Event("input", { bubbles: true }));
      answer.dispatchEvent(new Event("change", { bubbles: true }));
    });
    answer.after(select);
    this.select = select;
  }

  showHelp(answer, text) {
    this.help?.remove();
    this.help = null;
    if (!text) return;
    this.help = document.createElement("div");
    this.help.className = "help";
    this.help.textContent = text;
    answer.after(this.help);
  }
}

window.wagtail.app.register("answer", AnswerController);
