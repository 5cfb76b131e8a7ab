// How parts of the latent space are drawn, and how a place in a drawing is a point again. Nothing here touches the page.
//
// A slot is a part of a point's coordinates (offset, width) with one or more charts of it. A chart has
//   name                what the button that shows it says
//   space               2: drawn on the plane, x to the right and y up; 3: in space, z up
//   place(part, index)  where coordinates are drawn; index, of an image, spreads what would lie on one line
//   point(place, part)  the coordinates drawn at a place, part being those before; null outside of the chart
//   size, outline       for 2: width and height of the drawing about 0; lines and words behind the points
//   solid               for 3: the surface on which the points lie, or the ball in which they do

const length = vector => Math.hypot(...vector);
const unit = vector => {
  const size = length(vector);
  return size > 0 ? vector.map(value => value / size) : vector.map((_, i) => (i === 0 ? 1 : 0));
};
const circlePoint = angle => [Math.cos(angle), Math.sin(angle)];

/** A number in [0, 1), evenly spread over the images. */
const spread = index => (index === undefined ? 0.5 : (index * 0.6180339887498949) % 1);

const degrees = angle => `${((angle * 180) / Math.PI).toFixed(0)}°`;
const numbers = values => `(${values.map(value => value.toFixed(2).replace("-", "−")).join(", ")})`;

// ---- circles ----

/** A circle as a ring, points of the same angle side by side. Turns: how often the angle of the pair goes round for once round the circle. */
function ringOf(turns) {
  const [inner, outer] = [0.72, 1];
  return {
    name: "circle", space: 2, size: [2.3, 2.3],
    outline: [{ circle: [0, 0, inner] }, { circle: [0, 0, outer] }, { text: "0", at: [1.07, 0] }],
    place(part, index) {
      const angle = turns * Math.atan2(part[1], part[0]), radius = inner + (outer - inner) * (0.06 + 0.88 * spread(index));
      return circlePoint(angle).map(value => value * radius);
    },
    point: ([x, y]) => circlePoint(Math.atan2(y, x) / turns),
    describe: part => degrees(Math.atan2(part[1], part[0])),
  };
}

// ---- tori ----

const turn = ["−π", "0", "π"];

/** A rectangle whose opposite sides are one, from the angles of a point, that across first; height is its share of the width. */
function rectangleOf(toAngles, fromAngles, [across, up], height = 1) {
  const wrap = value => value - 2 * Math.floor((value + 1) / 2);
  const margin = 0.1;
  return {
    name: "square", space: 2, size: [2.3, 2 * height + 0.3],
    outline: [
      { box: [-1, -height, 1, height], dashed: true },
      ...[-1, 0, 1].flatMap(at => [{ text: turn[at + 1], at: [at, -height - margin] }, { text: turn[at + 1], at: [-1 - margin, at * height] }]),
      { text: across, at: [0.5, -height - margin] }, { text: up, at: [-1 - margin, height / 2], upright: true },
    ],
    place: part => toAngles(part).map((angle, i) => (angle / Math.PI) * (i ? height : 1)),
    point([x, y]) {
      const beyond = Math.max(Math.abs(x) - 1, Math.abs(y) - height);
      return beyond > margin ? null : fromAngles([wrap(x) * Math.PI, wrap(y / height) * Math.PI]);
    },
    describe: part => toAngles(part).map((angle, i) => `${[across, up][i]} ${degrees(angle)}`).join(", "),
  };
}

/** A torus in space about the z-axis; the first angle goes the long way round. */
function ringTorus(core, tube, toAngles, fromAngles, describe) {
  const scale = 1 / (core + tube);
  return {
    name: "3-d", space: 3, solid: { torus: [core * scale, tube * scale] },
    place(part) {
      const [v, u] = toAngles(part), axis = (core + tube * Math.cos(u)) * scale;
      return [axis * Math.cos(v), axis * Math.sin(v), tube * scale * Math.sin(u)];
    },
    point([x, y, z]) {
      return fromAngles([Math.atan2(y, x), Math.atan2(z, Math.hypot(x, y) - core * scale)]);
    },
    describe,
  };
}

const pairAngles = part => [Math.atan2(part[1], part[0]), Math.atan2(part[3], part[2])];
const pairPoint = ([a, b]) => [...circlePoint(a), ...circlePoint(b)];

function flatTorusSlot(offset, first) {
  const square = rectangleOf(pairAngles, pairPoint, [`angle ${first}`, `angle ${first + 1}`]);
  return { offset, width: 4, charts: [square, ringTorus(1, 0.45, pairAngles, pairPoint, square.describe)] };
}

function embeddedTorusSlot(core, tube) {
  const toAngles = ([x, y, z]) => [Math.atan2(y, x), Math.atan2(z, Math.hypot(x, y) - core)];
  const fromAngles = ([v, u]) => {
    const axis = core + tube * Math.cos(u);
    return [axis * Math.cos(v), axis * Math.sin(v), tube * Math.sin(u)];
  };
  const square = { ...rectangleOf(toAngles, fromAngles, ["v", "u"], Math.max(tube / core, 0.15)), name: "unrolled" };
  return { offset: 0, width: 3, charts: [ringTorus(core, tube, toAngles, fromAngles, square.describe), square] };
}

// ---- spheres and projective spaces ----

const globe = { name: "3-d", space: 3, solid: { sphere: 1 }, place: part => Array.from(part), point: unit, describe: numbers };

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

/** a from a - sin a, by Newton's method from where the series begins. */
function solveKepler(area) {
  let angle = Math.cbrt(6 * area);
  for (let i = 0; i < 8 && angle > 1e-6; i++) angle -= (angle - Math.sin(angle) - area) / Math.max(1 - Math.cos(angle), 1e-9);
  return angle;
}

/**
 * A ball that keeps volumes, filled by unit quaternions (w, v): in the direction of v, at ((a - sin a) / most)^⅓ from the centre, a being twice the
 * angle from (1, 0): up to π where q and -q are one, opposite points of the surface being one too; else up to 2π, the surface being one point.
 */
function ballOf(toQuaternion, fromQuaternion, antipodal, describe) {
  const most = antipodal ? Math.PI : 2 * Math.PI;
  return {
    name: "ball", space: 3, solid: { ball: 1 },
    place(part) {
      const quaternion = upper(toQuaternion(part), antipodal), direction = unit(quaternion.slice(1)), angle = turnOf(quaternion);
      return direction.map(value => value * Math.cbrt((angle - Math.sin(angle)) / most));
    },
    point(place) {
      const radius = length(place);
      if (radius > 1) return null;
      const half = solveKepler(most * radius ** 3) / 2;
      return fromQuaternion([Math.cos(half), ...unit(place).map(value => value * Math.sin(half))]);
    },
    describe,
  };
}

/** Of a quaternion and its opposite, the one with w not negative; only where they are one. */
const upper = (quaternion, antipodal = true) => (antipodal && quaternion[0] < 0 ? quaternion.map(value => -value) : quaternion);
const turnOf = ([w, ...v]) => 2 * Math.atan2(length(v), w);

// RP^3 and S^3 have w last.
const lastFirst = part => [part[3], part[0], part[1], part[2]];
const firstLast = ([w, ...v]) => [...v, w];

const toMatrix = ([w, x, y, z]) => [
  1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
  2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
  2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
];

/** The unit quaternion of a rotation, as RotationGroup.ToQuaternions: of the rows of 4 q qᵀ, that with the largest diagonal entry. */
function toQuaternion(r) {
  const rows = [
    [1 + r[0] + r[4] + r[8], r[7] - r[5], r[2] - r[6], r[3] - r[1]],
    [r[7] - r[5], 1 + r[0] - r[4] - r[8], r[1] + r[3], r[2] + r[6]],
    [r[2] - r[6], r[1] + r[3], 1 - r[0] + r[4] - r[8], r[5] + r[7]],
    [r[3] - r[1], r[2] + r[6], r[5] + r[7], 1 - r[0] - r[4] + r[8]],
  ];
  const largest = [0, 1, 2, 3].reduce((best, i) => (rows[i][i] > rows[best][best] ? i : best), 0);
  return unit(rows[largest]);
}

function describeRotation(part) {
  const quaternion = upper(toQuaternion(part));
  return `${degrees(turnOf(quaternion))} about ${numbers(unit(quaternion.slice(1)))}`;
}

/** Two coordinates of a sphere of any dimension, or the last one alone; the others keep their proportions. */
function coordinatesOf(first, last, offset, width) {
  const chosen = last === first ? [first] : [first, last];
  const name = chosen.map(i => `x${i + 1}`).join(", ");
  return {
    offset, width,
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

// ---- R^k ----

/** R^1, R^2 and R^3, a reach from 0. */
const euclidean = {
  1: (reach, [x]) => ({
    name: "line", space: 2, size: [2.3, 0.9],
    outline: [{ box: [-1, -0.25, 1, 0.25] }, ...ticks(reach).map(tick => ({ text: String(tick).replace("-", "−"), at: [tick / reach, -0.36] })), { text: x, at: [1.08, 0] }],
    place: (part, index) => [part[0] / reach, 0.4 * (spread(index) - 0.5)],
    point: place => (Math.abs(place[0]) <= 1 ? [place[0] * reach] : null),
    describe: numbers,
  }),
  2: (reach, [x, y]) => ({
    name: "plane", space: 2, size: [2.3, 2.3],
    outline: [
      { box: [-1, -1, 1, 1] },
      ...[1, 2, 3].filter(radius => radius < reach).map(radius => ({ circle: [0, 0, radius / reach], faint: true })),
      ...ticks(reach).flatMap(tick => [-1, 1].map(axis => ({ text: String(tick).replace("-", "−"), at: axis < 0 ? [tick / reach, -1.08] : [-1.08, tick / reach] }))),
      { text: x, at: [1.07, -1.08] }, { text: y, at: [-1.08, 1.07] },
    ],
    place: part => Array.from(part, value => value / reach),
    point: place => (place.every(value => Math.abs(value) <= 1) ? place.map(value => value * reach) : null),
    describe: numbers,
  }),
  3: reach => ({
    name: "3-d", space: 3, solid: { ball: 1 },
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
function euclideanSlots(k, reach) {
  const widths = k === 3 ? [3] : [...Array(Math.floor(k / 2)).fill(2), ...(k % 2 ? [1] : [])];
  return widths.map((width, i) => {
    const names = [1, 2].map(j => `z${2 * i + j}`);
    return { offset: 2 * i, width, charts: [euclidean[width](reach(2 * i, width), names)] };
  });
}

const range = count => Array.from({ length: count }, (_, i) => i);

const slots = {
  sphere(d) {
    const whole = charts => [{ offset: 0, width: d + 1, charts }];
    if (d === 1) return whole([ringOf(1)]);
    if (d === 2) return whole([globe, hemispheres]);
    if (d === 3) return whole([ballOf(lastFirst, firstLast, false, numbers)]);
    return range(Math.ceil((d + 1) / 2)).map(i => coordinatesOf(2 * i, Math.min(2 * i + 1, d), 0, d + 1));
  },
  projective(d) {
    const whole = charts => [{ offset: 0, width: d + 1, charts }];
    if (d === 1) return whole([ringOf(2)]);
    if (d === 2) return whole([disc, { ...globe, name: "sphere, ±p", both: true, describe: disc.describe }]);
    if (d === 3) return whole([ballOf(lastFirst, firstLast, true, numbers)]);
    return slots.sphere(d);
  },
  torus(k) {
    const pairs = range(Math.floor(k / 2)).map(i => flatTorusSlot(4 * i, 2 * i + 1));
    return k % 2 ? [...pairs, { offset: 2 * k - 2, width: 2, charts: [ringOf(1)] }] : pairs;
  },
  "embedded-torus": (core, tube) => [embeddedTorusSlot(core, tube)],
  so3: () => [{ offset: 0, width: 9, charts: [ballOf(toQuaternion, toMatrix, true, describeRotation)] }],
  euclidean: (k, reach) => euclideanSlots(k, reach),
};

/**
 * The slots of a latent space.
 * @param {object[]} factors from manifolds.js
 * @param {(offset: number, width: number) => number} reach how far from 0 the images lie in some coordinates
 */
export function slotsOf(factors, reach) {
  let start = 0;
  return factors.flatMap(({ id, family, parameters, width }) => {
    const at = start;
    start += width;
    const more = family === "euclidean" ? [(offset, count) => reach(at + offset, count)] : [];
    return slots[family](...parameters, ...more).map(slot => ({ ...slot, id, offset: at + slot.offset }));
  });
}
