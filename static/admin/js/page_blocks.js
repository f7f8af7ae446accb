/* Two blocks of pages in the editor: spots are placed by clicking on their picture, and a row of
   products shows only what its source needs. Both are filled in by their fields without this. */
(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  /* The fields of the spots that are not deleted, in the order shown. */
  const fieldsOf = (prefix) => {
    const found = [];
    const count = Number(document.getElementsByName(`${prefix}-spots-count`)[0]?.value || 0);
    for (let index = 0; index < count; index += 1) {
      const start = `${prefix}-spots-${index}`;
      const deleted = document.getElementsByName(`${start}-deleted`)[0];
      const order = document.getElementsByName(`${start}-order`)[0];
      const x = document.getElementById(`${start}-value-x`);
      const y = document.getElementById(`${start}-value-y`);
      if (x && y && !deleted?.value) found.push({ index, x, y, order: Number(order?.value || 0) });
    }
    return found.sort((one, other) => one.order - other.order);
  };

  const write = (field, share) => {
    field.value = String(Math.min(99, Math.max(1, Math.round(share * 100))));
    // So that the preview and the autosave hear of it.
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  class SpotsEditor {
    constructor(prefix, meta, list, container) {
      Object.assign(this, { prefix, meta, list, current: null });
      this.stage = document.createElement("div");
      this.stage.className = "spots-editor";
      this.picture = document.createElement("img");
      this.picture.alt = "";
      this.hint = document.createElement("p");
      this.hint.className = "help";
      this.dots = document.createElement("div");
      this.board = document.createElement("div");
      this.board.className = "spots-editor__board";
      this.board.append(this.picture, this.dots);
      this.stage.append(this.hint, this.board);
      const spots = container.querySelector('[data-contentpath="spots"]');
      (spots || container).before(this.stage);
      this.listen(container);
      this.refresh();
    }

    listen(container) {
      this.board.addEventListener("click", (event) => this.place(event));
      this.picture.addEventListener("error", () => this.small());
      container.addEventListener("input", () => this.draw());
      container.addEventListener("focusin", (event) => this.choose(event.target));
      // Pictures are chosen, spots added, moved and deleted without an event of their own.
      new MutationObserver((changes) => {
        if (changes.some(({ target }) => !this.stage.contains(target))) this.refresh();
      }).observe(container, {
        attributes: true,
        attributeFilter: ["value"],
        childList: true,
        subtree: true,
      });
    }

    get key() {
      return document.getElementById(`${this.prefix}-picture-image`)?.value || "";
    }

    /* The small picture of the chooser, for who may not see a large one. */
    small() {
      const own = document.querySelector(`#${this.prefix}-picture-image-chooser img`);
      if (own && this.picture.src !== own.src) this.picture.src = own.src;
    }

    refresh() {
      if (this.key !== this.shown) {
        this.shown = this.key;
        if (this.key) this.picture.src = this.meta.pictureUrl.replace("/0/", `/${this.key}/`);
      }
      this.board.hidden = !this.key;
      const hint = this.key ? this.meta.howToPlace : this.meta.choosePicture;
      // What this writes here must not make it look again, for ever.
      if (this.hint.textContent !== hint) this.hint.textContent = hint;
      this.draw();
    }

    choose(field) {
      const own = fieldsOf(this.prefix).find(({ index }) =>
        (field.id || "").startsWith(`${this.prefix}-spots-${index}-value`),
      );
      if (own) {
        this.current = own.index;
        this.draw();
      }
    }

    draw() {
      const spots = fieldsOf(this.prefix);
      const places = spots.map(({ index, x, y }) => [index, x.value, y.value]);
      const drawn = JSON.stringify([this.current, places]);
      if (drawn === this.drawn) return;
      this.drawn = drawn;
      this.dots.replaceChildren(
        ...spots.map(({ index, x, y }, place) => {
          const dot = document.createElement("button");
          dot.type = "button";
          dot.className = "spots-editor__dot";
          dot.textContent = String(place + 1);
          dot.setAttribute("aria-label", this.meta.spotNumber.replace("%s", place + 1));
          dot.setAttribute("aria-pressed", String(index === this.current));
          dot.style.left = `${Number(x.value) || 50}%`;
          dot.style.top = `${Number(y.value) || 50}%`;
          dot.addEventListener("click", (event) => {
            event.stopPropagation();
            this.current = index;
            this.draw();
          });
          return dot;
        }),
      );
    }

    /* The chosen spot goes where the picture is clicked; where none is chosen, a new one. */
    place(event) {
      const box = this.picture.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width;
      const y = (event.clientY - box.top) / box.height;
      let spot = fieldsOf(this.prefix).find(({ index }) => index === this.current);
      if (!spot) {
        const { blockDef, children } = this.list;
        if (fieldsOf(this.prefix).length >= blockDef.meta.maxNum) return;
        this.list.insert(blockDef.initialChildState, children.length, { animate: true });
        spot = fieldsOf(this.prefix).at(-1);
      }
      if (!spot) return;
      write(spot.x, x);
      write(spot.y, y);
      this.current = null;
      this.draw();
    }
  }

  class ShoppablePictureBlock extends StructBlockDefinition {
    render(placeholder, prefix, initialState, initialError, ...rest) {
      const block = super.render(placeholder, prefix, initialState, initialError, ...rest);
      const container = block.container?.[0] || block.container;
      new SpotsEditor(prefix, this.meta, block.childBlocks.spots, container);
      return block;
    }
  }

  class ProductRowBlock extends StructBlockDefinition {
    render(placeholder, prefix, initialState, initialError, ...rest) {
      const block = super.render(placeholder, prefix, initialState, initialError, ...rest);
      const container = block.container?.[0] || block.container;
      const source = document.getElementById(`${prefix}-source`);
      const needed = { products: "hand", collection: "collection" };
      const show = () => {
        for (const [name, value] of Object.entries(needed)) {
          const field = container.querySelector(`[data-contentpath="${name}"]`);
          if (field) field.hidden = source.value !== value;
        }
      };
      source.addEventListener("change", show);
      show();
      return block;
    }
  }

  window.telepath.register("home.blocks.ShoppablePictureBlock", ShoppablePictureBlock);
  window.telepath.register("home.blocks.ProductRowBlock", ProductRowBlock);
})();
