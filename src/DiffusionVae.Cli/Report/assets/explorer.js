import { slotsOf } from "charts";
import { Cloud } from "cloud";
import { Decoder } from "decoder";
import { element, switchOf } from "dom";
import { Inspector } from "inspector";
import { legendOf } from "legend";
import { manifold } from "manifolds";
import { View2d } from "view2d";
import { View3d } from "view3d";

/** The latent space to walk about in: its views, and what the decoder makes of the point chosen in them. */
export class Explorer {
  constructor(report, arrays) {
    const factors = report.factors.map(manifold);
    const width = factors.reduce((sum, factor) => sum + factor.width, 0);
    const count = arrays.points.length / width;
    this.decoder = new Decoder(report.decoder, arrays.weights, factors);
    this.images = { ...arrays, colours: arrays.colours0, count, width, size: report.format.height * report.format.width, shown: new Uint8Array(count).fill(1) };
    this.inspector = new Inspector(report.format, this.images, point => this.decode(point));
    this.slots = slotsOf(factors, (offset, size) => this.#reach(offset, size)).map(slot => ({ ...slot, views: new Map(), chart: null }));
    this.goTo(0);
    this.element = element("div", { className: "explorer" },
      element("div", { className: this.slots.length > 1 ? "slots many" : "slots" }, ...this.slots.map(slot => this.#figure(slot))),
      this.inspector.element,
      this.#legend(report.legends, arrays));
  }

  /** @returns {Float32Array} the mean image of a point, as the library's Decode */
  decode(point) {
    return this.decoder.decode(point);
  }

  /** Goes to the point of an image. */
  goTo(index) {
    this.point = Array.from(this.images.points.subarray(index * this.images.width, (index + 1) * this.images.width));
    this.#show(index);
  }

  /** The views in space that are open. */
  get spaces() {
    return this.slots.map(slot => slot.views.get(slot.chart)).filter(view => view instanceof View3d);
  }

  #figure(slot) {
    const stage = element("div");
    const buttons = switchOf(slot.charts, chart => {
      if (!slot.views.has(chart)) slot.views.set(chart, this.#view(slot, chart));
      slot.chart = chart;
      stage.replaceChildren(slot.views.get(chart).element);
      slot.views.get(chart).draw();
    });
    return element("figure", {}, element("figcaption", {}, slot.id, buttons), stage);
  }

  #view(slot, chart) {
    const latent = {
      part: () => this.#part(slot),
      moved: (part, image) => {
        this.point.splice(slot.offset, slot.width, ...part);
        this.#show(image);
      },
    };
    const cloud = new Cloud(chart, slot, this.images);
    try {
      return chart.space === 3 ? new View3d(cloud, latent) : new View2d(cloud, latent);
    } catch (fault) {
      return new Missing(`This browser cannot draw it in space: ${fault.message}`);
    }
  }

  #part({ offset, width }) {
    return this.point.slice(offset, offset + width);
  }

  #show(image) {
    this.image = image;
    this.pixels = this.decode(this.point);
    this.inspector.showPoint(this.pixels, this.slots.map(slot => slot.charts[0].describe(this.#part(slot))).join(" · "));
    this.inspector.showImage(image);
    for (const slot of this.slots) slot.views.get(slot.chart)?.mark(image);
  }

  /** The legend of the colours, and if there are several ways to colour the images, buttons to choose one. */
  #legend(legends, arrays) {
    const choices = legends.map((legend, i) => ({ name: legend.what, content: legendOf(legend, labels => this.#showOnly(labels)), colours: arrays[`colours${i}`] }));
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
    for (const slot of this.slots) slot.views.get(slot.chart)?.draw();
  }

  /** How far the images reach from 0 in some coordinates, at least where the prior is. */
  #reach(offset, size) {
    const { count, points, width } = this.images;
    let most = 3;
    for (let i = 0; i < count; i++) {
      const part = points.subarray(i * width + offset, i * width + offset + size);
      most = Math.max(most, size === 3 ? Math.hypot(...part) : Math.max(...part.map(Math.abs)));
    }
    return 1.04 * most;
  }
}

/** In place of a view that cannot be. */
class Missing {
  constructor(reason) {
    this.element = element("p", { className: "missing", textContent: reason });
  }

  draw() {}

  mark() {}
}
