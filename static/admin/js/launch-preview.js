// The frame is as wide as the device, and shrunk where the desk has less room than that.
const stage = document.querySelector("[data-launch-preview-stage]");
const frame = stage.querySelector("iframe");

function fit() {
  const width = Number(document.querySelector("input[name=size]:checked").value);
  const scale = Math.min(1, stage.clientWidth / width);
  frame.style.width = `${width}px`;
  frame.style.height = `${stage.clientHeight / scale}px`;
  frame.style.transform = `scale(${scale})`;
  frame.style.marginInlineStart = `${(stage.clientWidth - width * scale) / 2}px`;
}

document.querySelector("[data-launch-preview]").addEventListener("change", fit);
new ResizeObserver(fit).observe(stage);
fit();
