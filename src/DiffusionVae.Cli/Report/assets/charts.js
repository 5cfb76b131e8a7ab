import { rotationSlots } from "charts-ball";
import { euclideanSlots } from "charts-euclidean";
import { projectiveSlots, sphereSlots } from "charts-spheres";
import { embeddedTorusSlots, torusSlots } from "charts-tori";
import { ellipsoidSlots, kleinBottleSlots } from "charts-turned";

// How parts of the latent space are drawn, and how a place in a drawing is a point again. Nothing here touches the page.
//
// A slot is a part of a point's coordinates (offset, width) with one or more charts of it. A chart has
//   name                what the button that shows it says
//   space               2: drawn on the plane, x to the right and y up; 3: in space, z up
//   place(part, index)  where coordinates are drawn; index, of an image, spreads what would lie on one line
//   point(place, part)  the coordinates drawn at a place, part being those before; null outside of the chart
//   size, outline       for 2: width and height of the drawing about 0; lines and words behind the points
//   describe(part)      the point in words
//   both                whether the antipodes of points are drawn too
//   solid               for 3: the surface on which the points lie, or the ball in which they do

const slots = {
  sphere: sphereSlots,
  projective: projectiveSlots,
  torus: torusSlots,
  "embedded-torus": embeddedTorusSlots,
  ellipsoid: ellipsoidSlots,
  "klein-bottle": kleinBottleSlots,
  so3: rotationSlots,
  euclidean: euclideanSlots,
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
    return slots[family](...parameters, (offset, count) => reach(at + offset, count)).map(slot => ({ ...slot, id, offset: at + slot.offset }));
  });
}
