import {
  BackSide, BufferAttribute, BufferGeometry, CircleGeometry, Line, LineBasicMaterial, Mesh, MeshBasicMaterial, SphereGeometry,
} from "three";
import { surfaceMaterial } from "charts/materials";
import { range } from "numbers";
import { sheet } from "sheet";

const circle = (point, count = 128) => range(count + 1).map(i => point((2 * Math.PI * i) / count));

function geometryOf(points, uv = null) {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(points.flat()), 3));
  if (uv) geometry.setAttribute("uv", new BufferAttribute(Float32Array.from(uv.flat()), 2));
  return geometry;
}

const line = points => new Line(geometryOf(points), new LineBasicMaterial({ color: sheet.line, transparent: true, opacity: 0.8 }));

const [meshRows, meshColumns] = [96, 48];

/**
 * Surfaces to draw points on, and lines that show their shape.
 * @param {object[]} parts of the surface; a hit of the pointer finds its own in userData.part
 * @param {(part: object, shares: number[]) => number[]} at the place of two numbers from 0 to 1, which a hit
 *   tells as uv
 * @param {number[]} lines how many lines there are on which the first number is constant, and the second
 */
export function mesh(parts, at, lines) {
  return {
    surfaces: parts.map(part => Object.assign(new Mesh(grid(shares => at(part, shares)), surfaceMaterial(0.88)), { userData: { part } })),
    lines: parts.flatMap(part => lines.flatMap((count, fixed) => range(count).map(i => line(range(97).map(j => {
      const shares = [j / 96, j / 96];
      shares[fixed] = i / count;
      return at(part, shares);
    }))))),
  };
}

function grid(at) {
  const uv = range((meshRows + 1) * (meshColumns + 1)).map(i =>
    [Math.floor(i / (meshColumns + 1)) / meshRows, (i % (meshColumns + 1)) / meshColumns]);
  const geometry = geometryOf(uv.map(at), uv);
  geometry.setIndex(range(meshRows * meshColumns).flatMap(i => {
    const a = Math.floor(i / meshColumns) * (meshColumns + 1) + (i % meshColumns), b = a + meshColumns + 1;
    return [a, b, a + 1, b, b + 1, a + 1];
  }));
  geometry.computeVertexNormals();
  return geometry;
}

/** The unit ball: its inside, three great circles, and the slice on which the pointer falls. */
export function ball() {
  const rings = [
    angle => [Math.cos(angle), Math.sin(angle), 0],
    angle => [Math.cos(angle), 0, Math.sin(angle)],
    angle => [0, Math.cos(angle), Math.sin(angle)],
  ];
  const inside = new Mesh(new SphereGeometry(1, 96, 64), surfaceMaterial(0.6, BackSide));
  return { surfaces: [inside], ...withSlice(rings.map(point => line(circle(point)))) };
}

/** The edges of a cube about 0, and the slice. */
export function cube(half) {
  const ends = [-half, half], at = (axis, along, a, b) => [...[a, b].slice(0, axis), along, ...[a, b].slice(axis)];
  const edges = range(3).flatMap(axis => ends.flatMap(a => ends.map(b => line(ends.map(along => at(axis, along, a, b))))));
  return { surfaces: [], ...withSlice(edges) };
}

/** With a disc to be turned and moved. */
function withSlice(lines) {
  const slice = new Mesh(
    new CircleGeometry(1, 128),
    new MeshBasicMaterial({ color: sheet.surface, transparent: true, opacity: 0.55, depthWrite: false }));
  const rim = line(circle(angle => [Math.cos(angle), Math.sin(angle), 0]));
  slice.add(rim);
  return { slice, lines: [...lines, rim] };
}
