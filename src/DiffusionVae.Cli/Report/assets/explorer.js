import { Cloud } from "charts/cloud";
import { slotsOf } from "charts/slots";
import { View2d } from "charts/view2d";
import { View3d } from "charts/view3d";
import { DecodedPoints, Decoder } from "decoder";
import { element, guarded, missing, switchOf } from "dom";
import { Inspector } from "inspector";
import { legendOf } from "legend";

/** The latent space to walk about in: its views, and what the decoder makes of the point chosen in them. */
export class Explorer {
  constructor(report, arrays) {
    const { width, format } = report, count = arrays.points.length / width, size = format.height * format.width * format.channels;
    this.decoder = report.decoder ? new Decoder(report.decoder, arrays) : new DecodedPoints(report.format, arrays, width);
    this.images = { ...arrays, colours: arrays.colours0, count, width, size, shown: new Uint8Array(count).fill(1) };
    this.inspector = new Inspector(report.format, this.images, point => this.decode(point));
    this.slots = slotsOf(report, arrays, this.images).map(slot => ({ ...slot, views: new Map(), drawing: null, state: null }));
    this.goTo(0);
    this.element = element("div", { className: "explorer" },
      element("div", { className: this.slots.length > 1 ? "slots many" : "slots" }, ...this.slots.map(slot => this.#figure(slot))),
      this.inspector.element,
      guarded("The legend", () => this.#legend(report.legends, arrays)));
  }

  /** @returns {Float32Array} the mean image of a point, as the library's Decode */
  decode(point) {
    return this.decoder.decode(point);
  }

  /** Goes to the point of an image. */
  goTo(index) {
    this.point = Array.from(this.images.points.subarray(index * this.images.width, (index + 1) * this.images.width));
    for (const slot of this.slots) slot.state = slot.ofImage(index);
    this.#show(index);
  }

  /** The views in space that are open. */
  get spaces() {
    return this.slots.map(slot => slot.views.get(slot.drawing)).filter(view => view instanceof View3d);
  }

  #figure(slot) {
    const stage = element("div");
    // Without WebGL, a drawing in the plane first, if there is one.
    const first = View3d.isPossible ? 0 : Math.max(0, slot.drawings.findIndex(drawing => drawing.space !== 3));
    const buttons = switchOf(slot.drawings, drawing => {
      if (!slot.views.has(drawing)) slot.views.set(drawing, this.#view(slot, drawing));
      slot.drawing = drawing;
      stage.replaceChildren(slot.views.get(drawing).element);
      slot.views.get(drawing).draw();
    }, first);
    return element("figure", {}, element("figcaption", {}, slot.id, buttons), stage);
  }

  #view(slot, drawing) {
    const latent = {
      state: () => slot.state,
      moved: (state, image) => {
        slot.state = state;
        this.point.splice(slot.offset, slot.width, ...state.part);
        this.#show(image);
      },
    };
    try {
      return new (drawing.space === 3 ? View3d : View2d)(new Cloud(drawing, this.images), latent);
    } catch (fault) {
      return new Missing(`This browser cannot draw it in space: ${fault.message}`);
    }
  }

  #show(image) {
    this.image = image;
    this.pixels = this.decode(this.point);
    this.inspector.showPoint(this.pixels, this.slots.map(slot => slot.describe(slot.state)).join(" · "));
    this.inspector.showImage(image);
    for (const slot of this.slots) slot.views.get(slot.drawing)?.mark(image);
  }

  /** The legend of the colours, and if there are several ways to colour the images, buttons to choose one. */
  #legend(legends, arrays) {
    const choices = legends.map((legend, i) => ({
      name: legend.what, content: legendOf(legend, labels => this.#showOnly(labels)), colours: arrays[`colours${i}`],
    }));
    const stage = element("div");
    const buttons = switchOf(choices, ({ content, colours }) => {
      stage.replaceChildren(content);
      this.images.colours = colours;
      this.#drawAll();
    });
    return element("div", { className: "colours" }, buttons, stage);
  }

  #showOnly(labels) {
    this.images.shown.forEach((_, i) => (this.images.shown[i] = Number(labels === null || labels.includes(this.images.labels[i]))));
    this.#drawAll();
  }

  #drawAll() {
    for (const slot of this.slots) slot.views.get(slot.drawing)?.draw();
  }
}

/** In place of a view that cannot be. */
class Missing {
  constructor(reason) {
    this.element = missing(reason);
  }

  draw() {}

  mark() {}
}
