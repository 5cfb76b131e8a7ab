import { element } from "dom";

/**
 * What the colours of the images mean: a button for each label, which shows these images alone, or a picture of all the colours.
 * @param {object} legend from the report: entries {name, colour} of labels, or title and picture
 * @param {(only: number | null) => void} choose told which label to show alone
 */
export function legendOf(legend, choose) {
  if (!legend) return null;
  const title = element("span", { className: "title", textContent: legend.title });
  if (legend.picture) return element("div", { className: "legend" }, title, element("img", { src: legend.picture, alt: legend.title }));
  let only = null;
  const buttons = legend.entries.map(({ name, colour }, label) => {
    const button = element("button", { type: "button", ariaPressed: "false", title: `Show ${name} alone` }, element("i", { style: `background: ${colour}` }), name);
    button.addEventListener("click", () => {
      only = only === label ? null : label;
      buttons.forEach((other, i) => (other.ariaPressed = String(i === only)));
      choose(only);
    });
    return button;
  });
  return element("div", { className: "legend" }, title, ...buttons);
}
