import { curvesOf } from "curves";
import { element, guarded, picture } from "dom";
import { Explorer } from "explorer";
import { readPayload } from "payload";

const { report, arrays } = await readPayload();

/** A part of the page. If it fails, the others are shown all the same. */
const section = (title, content) => element("section", {}, element("h2", { textContent: title }), guarded(title, content));

const table = rows => element("table", {}, element("tbody", {}, ...rows.map(([name, ...cells]) =>
  element("tr", {}, element("th", { scope: "row", textContent: name }), ...cells.map(text => element("td", { textContent: text }))))));

const figure = ({ caption, source }) => element("figure", {}, picture(source, caption), element("figcaption", { textContent: caption }));

/** The members of nested objects by dotted names. */
const flat = (value, path = "") => Object.entries(value).flatMap(([name, inner]) =>
  (inner !== null && typeof inner === "object" && !Array.isArray(inner)
    ? flat(inner, `${path}${name}.`)
    : [[path + name, Array.isArray(inner) ? inner.join(", ") : String(inner ?? "")]]));

let explorer = null;

function latentSpace() {
  explorer = new Explorer(report, arrays);
  const hint = explorer.spaces.length > 0 ? `${report.hint} Drag to turn.` : report.hint;
  return element("div", {}, element("p", { className: "hint", textContent: hint }), explorer.element);
}

document.querySelector("main").append(
  section("Latent space", latentSpace),
  section("Numbers", () => table(report.numbers.map(({ name, value, note }) => [name, value, note]))),
  section("Training", () => curvesOf(report.epochs)),
  ...(report.figures.length > 0 ? [section("Figures", () => element("div", { className: "figures" }, ...report.figures.map(figure)))] : []),
  section("Settings", () =>
    element("details", {}, element("summary", { textContent: "Every option of the run" }), table(flat(report.config)))),
);

/**
 * For programs that drive the page, such as its tests:
 *   decode(point)  the mean image of a point of the latent space, as the library's Decode
 *   point, pixels  what is shown now: the point, and its mean image
 *   image          the index of the image at the pointer, or null
 *   goTo(index)    shows the point of an image
 *   eyes           where the viewer stands in each view in space
 *   count, range   the number of images, and the values shown as black and as white
 */
window.dvae = {
  decode: point => Array.from(explorer.decode(point)),
  goTo: index => explorer.goTo(index),
  get point() { return Array.from(explorer.point); },
  get pixels() { return Array.from(explorer.pixels); },
  get image() { return explorer.image; },
  get eyes() { return explorer.spaces.map(view => view.eye); },
  get count() { return explorer.images.count; },
  range: [report.format.black, report.format.white],
};
// When there was something to see, in milliseconds since the page was asked for.
requestAnimationFrame(() => setTimeout(() => (document.documentElement.dataset.ready = Math.round(performance.now()))));
