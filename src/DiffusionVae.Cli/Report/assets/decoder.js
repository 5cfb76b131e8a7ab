import { Mlp } from "mlp";

/** The model's decoder: from a point of the latent space to the mean image there, as DiffusionAutoencoder.Decode. */
export class Decoder {
  /**
   * @param {object} model widths, mean ("identity" or "sigmoid") and averageAntipodes
   * @param {Uint16Array} weights in half precision
   * @param {object[]} factors of the latent space, from manifolds.js
   */
  constructor(model, weights, factors) {
    this.network = new Mlp(weights, model.widths);
    this.mean = model.mean === "sigmoid" ? logit => 1 / (1 + Math.exp(-logit)) : value => value;
    this.averageAntipodes = model.averageAntipodes;
    this.factors = factors;
  }

  /** @returns {Float32Array} pixels, row by row */
  decode(point) {
    return this.#output(point).map(this.mean);
  }

  #output(point) {
    if (!this.averageAntipodes) return this.network.forward(this.#parts(point).flatMap((part, i) => this.factors[i].features(part)));
    const outputs = this.#representatives(point).map(representative => this.network.forward(representative));
    return outputs[0].map((_, pixel) => outputs.reduce((sum, output) => sum + output[pixel], 0) / outputs.length);
  }

  /** All the coordinates that stand for the same point: those of the factors in every combination. */
  #representatives(point) {
    return this.#parts(point).reduce((heads, part, i) => {
      const tails = this.factors[i].antipodal ? [part, part.map(value => -value)] : [part];
      return heads.flatMap(head => tails.map(tail => [...head, ...tail]));
    }, [[]]);
  }

  #parts(point) {
    let at = 0;
    return this.factors.map(({ width }) => Array.from(point.slice(at, (at += width))));
  }
}
