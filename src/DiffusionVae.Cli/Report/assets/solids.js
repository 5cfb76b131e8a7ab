import { BackSide, BufferAttribute, BufferGeometry, CircleGeometry, Line, LineBasicMaterial, Mesh, MeshBasicMaterial, SphereGeometry, TorusGeometry } from "three";
import { surfaceMaterial } from "materials";
import { sheet } from "sheet";

const range = count => Array.from({ length: count }, (_, i) => i);
const circle = (point, count = 128) => range(count + 1).map(i => point((2 * Math.PI * i) / count));

function line(points) {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(points.flat()), 3));
  return new Line(geometry, new LineBasicMaterial({ color: sheet.line, transparent: true, opacity: 0.8 }));
}

/** Surfaces lie a little below the points on them, which are drawn as flat discs facing the viewer. */
const below = 0.985;

/** The unit sphere with parallels and meridians every 30 degrees. */
function sphere() {
  const at = (latitude, longitude) => [Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)];
  const twelfth = Math.PI / 6;
  return {
    surface: new Mesh(new SphereGeometry(below, 96, 64), surfaceMaterial(0.88)),
    lines: [...range(5).map(i => circle(angle => at((i - 2) * twelfth, angle))), ...range(6).map(i => circle(angle => at(angle, i * twelfth)))].map(line),
  };
}

/** A torus about the z-axis with circles both ways. */
function torus([core, tube]) {
  const at = (v, u) => [(core + tube * Math.cos(u)) * Math.cos(v), (core + tube * Math.cos(u)) * Math.sin(v), tube * Math.sin(u)];
  return {
    surface: new Mesh(new TorusGeometry(core, tube * below, 64, 160), surfaceMaterial(0.88)),
    lines: [...range(12).map(i => circle(angle => at((i * Math.PI) / 6, angle))), ...range(4).map(i => circle(angle => at(angle, (i * Math.PI) / 2)))].map(line),
  };
}

/** The unit ball: its inside, three great circles, and the slice, a disc to be turned and moved; the pointer falls on that. */
function ball() {
  const rings = [angle => [Math.cos(angle), Math.sin(angle), 0], angle => [Math.cos(angle), 0, Math.sin(angle)], angle => [0, Math.cos(angle), Math.sin(angle)]];
  const inside = new Mesh(new SphereGeometry(1, 96, 64), surfaceMaterial(0.6, BackSide));
  const slice = new Mesh(new CircleGeometry(1, 128), new MeshBasicMaterial({ color: sheet.surface, transparent: true, opacity: 0.55, depthWrite: false }));
  const rim = line(circle(angle => [Math.cos(angle), Math.sin(angle), 0]));
  slice.add(rim);
  return { surface: inside, slice, lines: [...rings.map(point => line(circle(point))), rim] };
}

/** The surface to draw points on, or the slice of a ball, and lines that show its shape. */
export function solid(description) {
  if (description.sphere) return sphere();
  return description.torus ? torus(description.torus) : ball();
}
