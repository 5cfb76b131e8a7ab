import { numbers } from "numbers";

/**
 * Of a part of the latent space that has no chart: its principal components. Between points nothing is known,
 * so the pointer chooses the nearest of many known ones.
 */
export function scatterDrawing(names, places, known, knownPlaces) {
  const all = [...places, ...knownPlaces];
  const reach = 1.05 * Math.max(1e-6, ...all.flat().map(Math.abs));
  const toDrawing = place => place.map(value => value / reach);
  const dots = knownPlaces.map(toDrawing);
  return {
    name: "principal components", space: 2, size: [2.3, 2.3],
    outline: [
      ...[-1, 1].flatMap(end => [{ line: [end, -1, end, 1] }, { line: [-1, end, 1, end] }]),
      { text: names[0], at: [0, -1.08] }, { text: names[1], at: [-1.08, 0], upright: true },
    ],
    positions: places.map(toDrawing),
    position: state => toDrawing(state.place),
    state([x, y]) {
      const distance = i => (dots[i][0] - x) ** 2 + (dots[i][1] - y) ** 2;
      const nearest = dots.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0);
      return { place: knownPlaces[nearest], part: known[nearest], positions: [] };
    },
    describe: ({ part }) => (part.length <= 6 ? numbers(part) : `${numbers(part.slice(0, 5)).slice(0, -1)}, …)`),
  };
}
