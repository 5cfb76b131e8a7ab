import { element } from "dom";
import { fixed } from "numbers";

const [width, height] = [320, 190];
const margin = { left: 58, right: 10, top: 10, bottom: 26 };
const panels = [
  { title: "ELBO, nats per image", train: "trainElbo", test: "testElbo", digits: 2 },
  { title: "KL, nats per image", train: "trainKl", test: "testKl", digits: 2 },
  { title: "MSE per pixel", train: "trainMse", test: "testMse", digits: 5 },
];

/** Training and test curves over the epochs; pointing at an epoch tells its values. */
export function curvesOf(epochs) {
  return element("div", { className: "curves" }, ...panels.map(panel => curve(panel, epochs)));
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function curve({ title, train, test, digits }, epochs) {
  const epoch = epochs.map(row => row.epoch), series = { train: epochs.map(row => row[train]), test: epochs.map(row => row[test]) };
  const values = [...series.train, ...series.test];
  const ticks = ticksOf(Math.min(...values), Math.max(...values));
  const low = Math.min(ticks[0], ...values), span = Math.max(ticks.at(-1), ...values) - low || 1;
  const inner = width - margin.left - margin.right, alone = epoch.length === 1 ? 0.5 : 0;
  const x = value => margin.left + (inner * (value - epoch[0] + alone)) / Math.max(1, epoch.at(-1) - epoch[0]);
  const y = value => height - margin.bottom - ((height - margin.top - margin.bottom) * (value - low)) / span;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title} by epoch` });

  for (const tick of ticks) {
    drawing.append(
      svg("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
      svg("text", { x: margin.left - 6, y: y(tick) + 4, "text-anchor": "end" }, fixed(tick, decimals(ticks))));
  }
  const below = (place, text) => drawing.append(svg("text", { x: place, y: height - 8, "text-anchor": "middle" }, text));
  for (const end of new Set([epoch[0], epoch.at(-1)])) below(x(end), `${end}`);
  below((margin.left + width - margin.right) / 2, epoch.length > 1 ? "epoch" : "");
  for (const [name, line] of Object.entries(series)) {
    const points = line.map((value, i) => `${x(epoch[i])},${y(value)}`);
    drawing.append(epoch.length > 1
      ? svg("polyline", { class: name, points: points.join(" ") })
      : svg("circle", { class: name, cx: x(epoch[0]), cy: y(line[0]), r: 3.5 }));
  }

  const cursor = svg("line", { class: "cursor", y1: margin.top, y2: height - margin.bottom, visibility: "hidden" });
  drawing.append(cursor);
  const told = element("span");
  const tell = i => {
    told.replaceChildren(
      element("span", { className: "train", textContent: `train ${fixed(series.train[i], digits)}` }), " ",
      element("span", { className: "test", textContent: `test ${fixed(series.test[i], digits)}` }),
      i < epoch.length - 1 ? ` in epoch ${epoch[i]}` : "");
  };
  drawing.addEventListener("pointermove", event => {
    const box = drawing.getBoundingClientRect(), at = ((event.clientX - box.left) / box.width) * width;
    const nearest = epoch.reduce((best, value, i) => (Math.abs(x(value) - at) < Math.abs(x(epoch[best]) - at) ? i : best), 0);
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(epoch[nearest]));
    cursor.setAttribute("visibility", "visible");
    tell(nearest);
  });
  drawing.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    tell(epoch.length - 1);
  });
  tell(epoch.length - 1);
  return element("figure", {}, element("figcaption", {}, element("b", { textContent: title }), told), drawing);
}

/** Round numbers about a range, three to six. */
function ticksOf(low, high) {
  const size = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(size / 3));
  const step = power * [1, 2, 5, 10].find(factor => size / (factor * power) <= 4);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return first > last ? [low] : Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

const decimals = ticks => (ticks.length < 2 ? 2 : Math.max(0, -Math.floor(Math.log10(ticks[1] - ticks[0]) + 1e-9)));
