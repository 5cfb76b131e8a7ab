import { element, picture } from "dom";

/**
 * What the colours of the images mean: a button for each, which shows these images alone, or a picture of
 * them all.
 * @param {object} legend from the report: what, and entries {name, colour, labels} or the address of a
 *   picture
 * @param {(labels: number[] | null) => void} choose told which labels to show alone, or that all are to be
 *   seen
 */
export function legendOf({ what, entries, picture: source }, choose) {
  const title = element("span", { className: "title", textContent: what });
  if (!entries) return element("div", { className: "legend" }, title, source && picture(source, `The colours of ${what}`));
  let only = null;
  const buttons = entries.map(entry => {
    const button = element(
      "button",
      { type: "button", ariaPressed: "false", title: `Show ${entry.name} alone` },
      element("i", { style: `background: ${entry.colour}` }),
      entry.name);
    button.addEventListener("click", () => {
      only = only === entry ? null : entry;
      buttons.forEach((other, i) => (other.ariaPressed = String(entries[i] === only)));
      choose(only && only.labels);
    });
    return button;
  });
  return element("div", { className: "legend" }, title, ...buttons);
}
