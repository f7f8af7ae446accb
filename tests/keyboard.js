// What has the focus, and why it cannot be seen: for tests/keyboard.py. `excused` is a CSS selector.
(excused) => {
  const TABBABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  // Its mark may be on the element itself, on its label, or on what stands around it so closely.
  const NEAR = 3;
  const LEAST = 4;

  const shown = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);

  // A mark around several of them tells nobody which of them it is.
  const isOf = (around, element) =>
    [...around.querySelectorAll(TABBABLE)].every(
      (other) => other === element || other.tabIndex < 0 || !other.checkVisibility(),
    );

  function places(element) {
    const around = [];
    let one = element.parentElement;
    for (; one && around.length < NEAR && isOf(one, element); one = one.parentElement) {
      around.push(one);
    }
    return [element, ...(element.labels ?? []), ...around];
  }

  function marks(element) {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    const isTransparent = /(, |\/ )0\)$/.test(outlineColor) && !outlineColor.startsWith("rgb(");
    const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && !isTransparent;
    return [
      isOutlined ? [outlineStyle, outlineWidth, outlineColor].join(" ") : "",
      boxShadow === "none" ? "" : boxShadow,
    ];
  }

  // How everything looks while it has not the focus is looked up one stop before.
  const active = document.activeElement;
  const resting = (window.marksAtRest ??= new WeakMap());
  const isAtRest = (place) => !place.contains(active) && place.control !== active;
  for (const element of document.querySelectorAll(TABBABLE)) {
    for (const place of places(element)) if (isAtRest(place)) resting.set(place, marks(place));
  }

  if (!active || active === document.body || active === document.documentElement) {
    return { name: "", fault: "" };
  }
  const name = shown(active);
  const found = (fault) => ({ name, fault });
  if (excused && active.closest(excused)) return found("");

  const marked = places(active).filter((one) => {
    const before = resting.get(one) ?? ["", ""];
    return marks(one).some((mark, which) => mark && mark !== before[which]);
  });
  if (!marked.length) return found("has no mark");
  const all = { opacityProperty: true, visibilityProperty: true };
  const place = marked.find((one) => one.checkVisibility(all));
  if (!place) return found("is transparent");
  const isLarge = ({ width, height }) => width > LEAST && height > LEAST;
  const boxes = [...place.getClientRects()].filter(isLarge);
  if (!boxes.length) return found("has no size");
  const { clientWidth } = document.documentElement;
  const seen = boxes
    .map(({ left, right, top, bottom }) => ({
      x: (Math.max(left, 0) + Math.min(right, clientWidth)) / 2,
      y: (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
      width: Math.min(right, clientWidth) - Math.max(left, 0),
      height: Math.min(bottom, innerHeight) - Math.max(top, 0),
    }))
    .filter(isLarge);
  if (!seen.length) return found("is outside the window");

  // What the mouse passes through is seen all the same.
  const isPassed = getComputedStyle(place).pointerEvents === "none";
  if (isPassed) place.style.pointerEvents = "auto";
  const over = seen.map(({ x, y }) => document.elementFromPoint(x, y));
  if (isPassed) place.style.pointerEvents = "";
  if (over.some((top) => place.contains(top) || active.contains(top))) return found("");
  return found(`is covered by ${over[0] ? shown(over[0]) : "nothing"}`);
}
