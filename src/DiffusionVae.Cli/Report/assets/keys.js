const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** How far an arrow key moves, in parts of what a view shows. */
export const step = 0.02;

/**
 * Calls back with the direction of every arrow key pressed on an element, to the right and up, and whether
 * Shift is held.
 */
export function onArrows(target, move) {
  target.addEventListener("keydown", event => {
    const arrow = arrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    move(arrow, event.shiftKey);
  });
}
