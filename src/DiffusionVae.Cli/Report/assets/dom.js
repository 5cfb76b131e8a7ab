/** A new element with properties (attributes where there is no such property) and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** A picture drawn with two of its pixels to one of the page. */
export const picture = (source, alt) => element("img", { srcset: `${source} 2x`, alt });

/**
 * Buttons of which one is pressed, first the first; null if there is no choice. Calls back with what is
 * chosen, at once too.
 */
export function switchOf(choices, choose, first = 0) {
  const buttons = choices.map(choice => element("button", { type: "button", textContent: choice.name }));
  const press = chosen => {
    buttons.forEach((button, i) => (button.ariaPressed = String(i === chosen)));
    choose(choices[chosen]);
  };
  buttons.forEach((button, i) => button.addEventListener("click", () => press(i)));
  press(first);
  return choices.length > 1 ? element("div", { className: "switch" }, ...buttons) : null;
}

/** Says what is not shown, and why. */
export const missing = reason => element("p", { className: "missing", textContent: reason });

/**
 * What a function makes; or if it fails, a note in its place, so that the rest of the page is shown all the
 * same.
 */
export function guarded(name, make) {
  try {
    return make();
  } catch (fault) {
    console.error(fault);
    return missing(`${name} cannot be shown: ${fault.message}`);
  }
}
