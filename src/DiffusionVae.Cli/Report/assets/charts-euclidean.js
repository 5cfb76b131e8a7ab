import { fixed, length, numbers, range, spread } from "numbers";

/** R^1, R^2 and R^3, a reach from 0. */
const euclidean = {
  1: (reach, [x]) => ({
    name: "line", space: 2, size: [2.3, 0.9],
    outline: [{ box: [-1, -0.25, 1, 0.25] }, ...ticks(reach).map(tick => ({ text: fixed(tick, 0), at: [tick / reach, -0.36] })), { text: x, at: [1.08, 0] }],
    place: (part, index) => [part[0] / reach, 0.4 * (spread(index) - 0.5)],
    point: place => (Math.abs(place[0]) <= 1 ? [place[0] * reach] : null),
    describe: numbers,
  }),
  2: (reach, [x, y]) => ({
    name: "plane", space: 2, size: [2.3, 2.3],
    outline: [
      { box: [-1, -1, 1, 1] },
      ...[1, 2, 3].filter(radius => radius < reach).map(radius => ({ circle: [0, 0, radius / reach], faint: true })),
      ...ticks(reach).flatMap(tick => [-1, 1].map(axis => ({ text: fixed(tick, 0), at: axis < 0 ? [tick / reach, -1.08] : [-1.08, tick / reach] }))),
      { text: x, at: [1.07, -1.08] }, { text: y, at: [-1.08, 1.07] },
    ],
    place: part => Array.from(part, value => value / reach),
    point: place => (place.every(value => Math.abs(value) <= 1) ? place.map(value => value * reach) : null),
    describe: numbers,
  }),
  3: reach => ({
    name: "3-d", space: 3, solid: { ball: true },
    place: part => Array.from(part, value => value / reach),
    point: place => (length(place) <= 1 ? place.map(value => value * reach) : null),
    describe: numbers,
  }),
};

const ticks = reach => {
  const step = reach > 6 ? 4 : reach > 2.5 ? 2 : 1;
  return [-2, -1, 0, 1, 2].map(i => i * step).filter(tick => Math.abs(tick) < reach);
};

/** Coordinates in threes if there are three, else in pairs with the odd one last. */
export function euclideanSlots(k, reach) {
  const widths = k === 3 ? [3] : [...Array(Math.floor(k / 2)).fill(2), ...(k % 2 ? [1] : [])];
  return widths.map((width, i) => {
    const names = [1, 2].map(j => `z${2 * i + j}`);
    return { offset: 2 * i, width, charts: [euclidean[width](reach(2 * i, width), names)] };
  });
}
