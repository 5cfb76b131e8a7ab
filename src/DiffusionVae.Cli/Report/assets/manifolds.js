// The manifolds as the decoder sees them. A point of one is an array of `width` coordinates; that of a product, those of its factors in turn.

const identity = point => point;

/** The entries of p pᵀ on and above the diagonal, those above times √2, as ProjectiveSpace.Features. */
const veronese = point => point.flatMap((a, i) => point.slice(i).map((b, j) => (j === 0 ? a * b : Math.SQRT2 * a * b)));

/** What each family makes of its parameter: the number of coordinates, and what the decoder sees of them. */
const families = {
  sphere: d => ({ width: d + 1 }),
  torus: k => ({ width: 2 * k }),
  "embedded-torus": () => ({ width: 3 }),
  ellipsoid: (...axes) => ({ width: axes.length }),
  "klein-bottle": () => ({ width: 4 }),
  so3: () => ({ width: 9 }),
  projective: d => ({ width: d + 1, features: veronese, antipodal: true }),
  euclidean: k => ({ width: k }),
};

/** The manifold of an id such as "sphere:2" or "embedded-torus:3,0.6". */
export function manifold(id) {
  const [family, text = ""] = id.split(":");
  const parameters = text.split(",").map(Number);
  return { id, family, parameters, features: identity, antipodal: false, ...families[family](...parameters) };
}
