import { BufferAttribute, BufferGeometry, CircleGeometry, Line, LineBasicMaterial, Mesh, MeshBasicMaterial, SphereGeometry, TorusGeometry } from "three";
import { surfaceMaterial } from "materials";

const range = count => Array.from({ length: count }, (_, i) => i);
const circle = (point, count = 128) => range(count + 1).map(i => point((2 * Math.PI * i) / count));

function line(points) {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(points.flat()), 3));
  return new Line(geometry, new LineBasicMaterial({ transparent: true, opacity: 0.8 }));
}

/** A unit sphere with parallels and meridians every 30 degrees. */
function sphere(radius) {
  const at = (latitude, longitude) => [Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)].map(value => value * radius * 1.001);
  const sixth = Math.PI / 6;
  return {
    surface: new Mesh(new SphereGeometry(radius, 96, 64), surfaceMaterial(0.88)),
    lines: [...range(5).map(i => circle(angle => at((i - 2) * sixth, angle))), ...range(6).map(i => circle(angle => at(angle, i * sixth)))].map(line),
  };
}

/** A torus about the z-axis with circles both ways. */
function torus([core, tube]) {
  const at = (v, u) => {
    const axis = core + 1.003 * tube * Math.cos(u);
    return [axis * Math.cos(v), axis * Math.sin(v), 1.003 * tube * Math.sin(u)];
  };
  return {
    surface: new Mesh(new TorusGeometry(core, tube, 64, 160), surfaceMaterial(0.88)),
    lines: [...range(12).map(i => circle(angle => at((i * Math.PI) / 6, angle))), ...range(4).map(i => circle(angle => at(angle, (i * Math.PI) / 2)))].map(line),
  };
}

/** The ball of radius 1: three great circles, and the slice, a disc to be turned and moved; the pointer falls on that. */
function ball() {
  const rings = [angle => [Math.cos(angle), Math.sin(angle), 0], angle => [Math.cos(angle), 0, Math.sin(angle)], angle => [0, Math.cos(angle), Math.sin(angle)]];
  const slice = new Mesh(new CircleGeometry(1, 128), new MeshBasicMaterial({ transparent: true, opacity: 0.5, depthWrite: false }));
  const rim = line(circle(angle => [Math.cos(angle), Math.sin(angle), 0]));
  slice.add(rim);
  return { slice, lines: [...rings.map(point => line(circle(point))), rim] };
}

/** The surface to draw points on, or the slice of a ball, and lines that show its shape. */
export function solid(description) {
  if (description.sphere) return sphere(description.sphere);
  return description.torus ? torus(description.torus) : ball();
}
