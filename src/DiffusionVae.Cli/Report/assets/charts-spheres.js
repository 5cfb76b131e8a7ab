import { ballOf } from "charts-ball";
import { ringOf } from "charts-circle";
import { length, numbers, range, spread, unit } from "numbers";

const globe = { name: "3-d", space: 3, solid: { sphere: true }, place: part => Array.from(part), point: unit, describe: numbers };

/** A hemisphere as a disc of radius 1, areas in proportion (Lambert): r² = 1 - |z|. */
const hemisphere = ([x, y, z]) => {
  const stretch = 1 / Math.sqrt(1 + Math.abs(z));
  return [x * stretch, y * stretch];
};
const fromHemisphere = ([x, y]) => {
  const square = x * x + y * y;
  return square > 1 ? null : [x * Math.sqrt(2 - square), y * Math.sqrt(2 - square), 1 - square];
};

/** Both seen from outside: z ≥ 0 on the left with x to the right, z < 0 on the right with x to the left; they touch in (1, 0, 0). */
const hemispheres = {
  name: "two hemispheres", space: 2, size: [4.1, 2.4],
  outline: [{ circle: [-1, 0, 1] }, { circle: [1, 0, 1] }, { text: "z > 0", at: [-1, -1.1] }, { text: "z < 0", at: [1, -1.1] }],
  place(part) {
    const [x, y] = hemisphere(part);
    return part[2] >= 0 ? [x - 1, y] : [1 - x, y];
  },
  point([x, y]) {
    const north = x < 0, point = fromHemisphere([north ? x + 1 : 1 - x, y]);
    return point && [point[0], point[1], north ? point[2] : -point[2]];
  },
  describe: numbers,
};

const disc = {
  name: "disc", space: 2, size: [2.3, 2.3],
  outline: [{ circle: [0, 0, 1], dashed: true }],
  place: part => hemisphere(part[2] < 0 ? part.map(value => -value) : part),
  point: fromHemisphere,
  describe: part => numbers(part[2] < 0 ? part.map(value => -value) : part),
};

/** Two coordinates of a sphere of any dimension, or the last one alone; the others keep their proportions. */
function coordinatesSlot(first, last, width) {
  const chosen = last === first ? [first] : [first, last];
  const name = chosen.map(i => `x${i + 1}`).join(", ");
  return {
    offset: 0, width,
    charts: [{
      name, space: 2, size: [2.3, chosen.length === 2 ? 2.3 : 0.9],
      outline: [chosen.length === 2 ? { circle: [0, 0, 1] } : { box: [-1, -0.25, 1, 0.25] }, { text: name, at: [0, chosen.length === 2 ? -1.08 : -0.36] }],
      place: (part, index) => (chosen.length === 2 ? chosen.map(i => part[i]) : [part[first], 0.4 * (spread(index) - 0.5)]),
      point(place, part) {
        const values = place.slice(0, chosen.length), square = values.reduce((sum, value) => sum + value * value, 0);
        if (square > 1) return null;
        const rest = length(part.filter((_, i) => !chosen.includes(i)));
        const scale = rest > 0 ? Math.sqrt(1 - square) / rest : 0;
        return unit(part.map((value, i) => (chosen.includes(i) ? values[chosen.indexOf(i)] : value * scale)));
      },
      describe: part => numbers(chosen.map(i => part[i])),
    }],
  };
}

/** S^1 as a ring, S^2 as a globe and as two hemispheres, S^3 as a ball whose surface is one point, the pole; of others, coordinates in pairs. */
export function sphereSlots(d) {
  if (d > 3) return range(Math.ceil((d + 1) / 2)).map(i => coordinatesSlot(2 * i, Math.min(2 * i + 1, d), d + 1));
  const charts = { 1: [ringOf(1)], 2: [globe, hemispheres], 3: [ballOf(lastFirst, firstLast, false, numbers)] };
  return [{ offset: 0, width: d + 1, charts: charts[d] }];
}

/** RP^1 as a ring, RP^2 as a disc and as the sphere with both points of each pair, RP^3 as a ball; of others, coordinates of one of the pair. */
export function projectiveSlots(d) {
  if (d > 3) return sphereSlots(d);
  const cover = { ...globe, name: "sphere, ±p", both: true, describe: disc.describe };
  const charts = { 1: [ringOf(2)], 2: [disc, cover], 3: [ballOf(lastFirst, firstLast, true, numbers)] };
  return [{ offset: 0, width: d + 1, charts: charts[d] }];
}

// S^3 and RP^3 have w last.
const lastFirst = part => [part[3], part[0], part[1], part[2]];
const firstLast = ([w, ...v]) => [...v, w];
