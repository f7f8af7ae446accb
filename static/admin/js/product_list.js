// The products that a price batch names one by one: chosen in Wagtail's page chooser,
// several at once, and taken out again.
const { Controller } = window.StimulusModule;

class ProductListController extends Controller {
  static targets = ["field", "list", "template"];
  static values = { chooser: Object };

  choose() {
    this.chooser ||= window.telepath.unpack(this.chooserValue);
    const add = (pages) => pages.forEach((page) => this.add(page));
    this.chooser.openModal(add, { multiple: true });
  }

  get keys() {
    return this.fieldTarget.value.split(",").filter(Boolean);
  }

  add({ id, adminTitle }) {
    if (this.keys.includes(String(id))) return;
    const item = this.templateTarget.content.firstElementChild.cloneNode(true);
    item.dataset.key = id;
    item.querySelector("[data-title]").textContent = adminTitle;
    this.listTarget.append(item);
    this.write([...this.keys, id]);
  }

  remove({ currentTarget }) {
    const item = currentTarget.closest("[data-key]");
    const next = item.nextElementSibling || item.previousElementSibling;
    this.write(this.keys.filter((key) => key !== item.dataset.key));
    item.remove();
    const focus = next?.querySelector("button") || this.element.querySelector("[data-choose]");
    focus.focus();
  }

  clear() {
    this.listTarget.replaceChildren();
    this.write([]);
  }

  write(keys) {
    this.fieldTarget.value = keys.join(",");
    // So that Wagtail sees an edit that is not saved yet.
    this.fieldTarget.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

window.wagtail.app.register("product-list", ProductListController);
