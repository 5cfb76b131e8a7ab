import { Chart } from "charts/chart";
import { flatDrawing } from "charts/flat";
import { scatterDrawing } from "charts/scatter";
import { solidDrawing, surfaceDrawing } from "charts/space";

// A slot is a part of the latent space that is drawn by itself, as PageSlot.cs describes it, with its
// drawings. Nothing here knows any manifold by name.
//
// A drawing has
//   name             what the button that shows it says
//   space            2: on the plane; 3: in space
//   positions        where the images are drawn; where each has two places, the second ones follow the first
//   position(state)  where a state (chart.js) is drawn
//   state(drawn)     the state of a place of the drawing, or of a hit of the pointer in space; null where
//                    there is none
//   size, outline    of 2: width and height about 0; lines and words behind the points
//   solid()          of 3: what the points lie on or in, of solids.js

/** The rows of an array. */
const rows = (values, width) => Array.from(
  { length: values.length / width }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));

/** The slots of a report. */
export function slotsOf(report, arrays, images) {
  return report.slots.map((description, i) => {
    const { id, offset, width } = description;
    const places = rows(arrays[`places${i}`], description.chart?.axes.length ?? 2);
    const { drawings, at, describe } = description.chart
      ? charted(description, arrays, i, places)
      : scattered(description, arrays, i, places);
    const part = image => Array.from(images.points.subarray(image * images.width + offset, image * images.width + offset + width));
    return { id, offset, width, drawings, describe, ofImage: image => ({ ...at(places[image]), place: places[image], part: part(image) }) };
  });
}

function charted({ chart: description, surfaces, width }, arrays, i, places) {
  const chart = new Chart(description, arrays[`grid${i}`], width, surfaces.length);
  const flat = (chart.axes.length === 3 ? solidDrawing : flatDrawing)(chart, places);
  const inSpace = surfaces.map(({ both }, j) => surfaceDrawing(chart, j, rows(arrays[`surface${i}-${j}`], 3), both));
  const first = surfaces.findIndex(surface => surface.isFirst);
  const drawings = first < 0 ? [flat, ...inSpace] : [inSpace[first], flat, ...inSpace.filter((_, j) => j !== first)];
  return { drawings, at: place => chart.at(place), describe: state => chart.describe(state) };
}

function scattered({ names, width }, arrays, i, places) {
  const drawing = scatterDrawing(names, places, rows(arrays[`known${i}`], width), rows(arrays[`knownPlaces${i}`], 2));
  return { drawings: [drawing], at: () => ({ positions: [] }), describe: drawing.describe };
}
