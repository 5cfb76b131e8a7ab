import {
  BufferAttribute, BufferGeometry, OrbitControls, PerspectiveCamera, Points, Raycaster, Scene, Vector2, Vector3, WebGLRenderer,
} from "three";
import { element } from "dom";
import { onArrows, step } from "keys";
import { dotMaterial, ringMaterial } from "charts/materials";

const pickRadius = 0.05;
const clickSlack = 5;
const fieldOfView = 30;
const start = new Vector3(0.55, -0.85, 0.7).normalize();

/**
 * A drawing in space. Dragging turns it. On a surface the pointer chooses the point below it; in a solid, the
 * point of a slice that faces the viewer and that a slider moves towards them or away. By touch, a tap
 * chooses.
 */
export class View3d {
  /** Whether the browser has WebGL. */
  static isPossible = document.createElement("canvas").getContext("webgl2") !== null;

  /** As View2d. Throws where the browser has no WebGL. */
  constructor(cloud, latent) {
    Object.assign(this, { cloud, drawing: cloud.drawing, latent, near: null, depth: 0 });
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.canvas = this.renderer.domElement;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.ariaLabel = `Latent space, ${this.drawing.name}. Drag, or hold Shift and press the arrow keys, to turn it. `
      + "The pointer, or the arrow keys, choose the point that is decoded.";
    this.element = element("div", { className: "view" }, element("div", { className: "stage" }, this.canvas));
    this.#build();
    if (this.slice) this.element.append(this.#depthSlider());
    this.#listen();
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Where the viewer stands; turning changes it. */
  get eye() {
    return this.camera.position.toArray();
  }

  /** Draws everything anew: the size, the colours or the images shown are others. */
  draw() {
    const side = this.element.clientWidth;
    if (side === 0) return;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.setSize(side, side);
    const size = Math.min(10, Math.max(4, (0.7 * side) / Math.sqrt(this.cloud.count))) * this.renderer.getPixelRatio();
    for (const { material } of this.dots) material.uniforms.size.value = size;
    for (const ring of this.rings) ring.material.uniforms.size.value = ring.width * this.renderer.getPixelRatio();
    this.#paint();
    this.mark(this.near);
  }

  /** Draws the marker, and a ring about an image. */
  mark(image) {
    this.near = image;
    const [marker, halo] = this.rings, position = this.drawing.position(this.latent.state());
    marker.position.set(...position);
    halo.visible = image !== null;
    if (image !== null) halo.position.set(...this.cloud.positionOf(image, position));
    this.#render();
  }

  #build() {
    const { positions, count } = this.cloud;
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setAttribute("colour", new BufferAttribute(new Uint8Array(3 * count), 3, true));
    geometry.setAttribute("shown", new BufferAttribute(new Uint8Array(count), 1));
    const { surfaces, slice, lines } = this.drawing.solid();
    Object.assign(this, { slice, targets: slice ? [slice] : surfaces });
    // Behind a surface the dots are seen faintly through it: drawn before it as well as after.
    const materials = slice ? [dotMaterial(0.9, false)] : [dotMaterial(0.5, false), dotMaterial(0.9, true)];
    this.dots = materials.map(material => new Points(geometry, material));
    this.rings = [ring(16), ring(12)];

    this.scene = new Scene();
    const layers = slice ? [surfaces, slice, lines, this.dots[0], this.rings] : [this.dots[0], surfaces, lines, this.dots[1], this.rings];
    layers.forEach((layer, order) => [layer].flat().forEach(object => {
      object.renderOrder = order;
      if (!object.parent) this.scene.add(object);
    }));
    this.camera = new PerspectiveCamera(fieldOfView, 1, 0.1, 50);
    this.camera.up.set(0, 0, 1);
    this.camera.position.copy(start).addScaledVector(this.#middle(), 2).setLength(1.06 / Math.sin((fieldOfView * Math.PI) / 360));
  }

  /** Gives the dots their colours, and makes those not shown faint. */
  #paint() {
    const { count, images } = this.cloud, { colour: paint, shown } = this.dots[0].geometry.attributes;
    for (let n = 0; n < count; n++) {
      const image = this.cloud.image(n);
      paint.array.set(images.colours.subarray(3 * image, 3 * image + 3), 3 * n);
      shown.array[n] = images.shown[image];
    }
    paint.needsUpdate = shown.needsUpdate = true;
  }

  /** The mean place of the images: the view starts turned towards it. */
  #middle() {
    const { positions, count } = this.cloud, sum = new Vector3();
    for (let n = 0; n < count; n++) sum.add(new Vector3().fromArray(positions, 3 * n));
    return sum.divideScalar(count);
  }

  #depthSlider() {
    const slider = element("input", { type: "range", min: -1, max: 1, step: 0.01, value: 0, ariaLabel: "Depth of the slice" });
    slider.addEventListener("input", () => {
      this.depth = Number(slider.value);
      this.#render();
    });
    return element("label", { className: "depth" }, "slice: back", slider, "front");
  }

  #listen() {
    this.controls = new OrbitControls(this.camera, this.canvas);
    Object.assign(this.controls, { enablePan: false, enableZoom: false, minDistance: 1.3, maxDistance: 8 });
    this.controls.addEventListener("change", () => this.#render());
    // The wheel scrolls the page until the view is clicked.
    this.canvas.addEventListener("focus", () => (this.controls.enableZoom = true));
    this.canvas.addEventListener("blur", () => (this.controls.enableZoom = false));
    this.canvas.addEventListener("pointermove", event => {
      if (event.buttons === 0 && event.pointerType !== "touch") this.#pointed(event);
    });
    this.canvas.addEventListener("pointerdown", event => (this.grip = [event.clientX, event.clientY]));
    this.canvas.addEventListener("click", event => {
      const moved = Math.hypot(event.clientX - this.grip[0], event.clientY - this.grip[1]);
      if (moved < clickSlack) this.#pointed(event);
    });
    onArrows(this.canvas, (arrow, turn) => (turn ? this.#turn(...arrow) : this.#step(...arrow)));
  }

  #render() {
    if (this.slice) {
      const normal = this.camera.position.clone().normalize();
      this.slice.position.copy(normal).multiplyScalar(this.depth);
      this.slice.lookAt(this.camera.position);
      this.slice.scale.setScalar(Math.sqrt(Math.max(1e-4, 1 - this.depth * this.depth)));
      for (const { material } of this.dots) {
        material.uniforms.slice.value = 1;
        material.uniforms.facing.value.copy(normal);
        material.uniforms.depth.value = this.depth;
      }
    }
    this.renderer.render(this.scene, this.camera);
  }

  #pointed(event) {
    const box = this.canvas.getBoundingClientRect();
    this.#look(new Vector2((2 * (event.clientX - box.left)) / box.width - 1, 1 - (2 * (event.clientY - box.top)) / box.height));
  }

  #step(right, up) {
    const { x, y } = this.rings[0].position.clone().project(this.camera);
    this.#look(new Vector2(x + step * right, y + step * up));
  }

  #turn(right, up) {
    const angle = 10 * step;
    const side = new Vector3().setFromMatrixColumn(this.camera.matrix, 0);
    this.camera.position.applyAxisAngle(this.camera.up, right * angle).applyAxisAngle(side, -up * angle);
    this.controls.update();
  }

  /** Chooses what is seen at a place of the screen, from -1 to 1 both ways. */
  #look(screen) {
    const ray = new Raycaster();
    ray.setFromCamera(screen, this.camera);
    const [hit] = ray.intersectObjects(this.targets, false);
    const state = hit && this.drawing.state(hit);
    if (state) this.latent.moved(state, this.cloud.nearest(this.drawing.position(state), pickRadius));
  }
}

function ring(width) {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(3), 3));
  return Object.assign(new Points(geometry, ringMaterial(width)), { width });
}
