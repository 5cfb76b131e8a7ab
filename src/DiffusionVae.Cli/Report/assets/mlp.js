/** All 65,536 numbers of half precision (IEEE 754 binary16), by their bits. */
const halves = (() => {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24
      : exponent === 31 ? (fraction ? NaN : Infinity)
      : (1024 + fraction) * 2 ** (exponent - 25);
    table[bits] = bits >> 15 ? -size : size;
  }
  return table;
})();

/** A perceptron of linear layers with ReLU between them, as in Mlp.cs. */
export class Mlp {
  /**
   * @param {Uint16Array} bits the layers one after another in half precision: weights row by row, then biases
   * @param {number[]} widths of input, hidden layers and output
   */
  constructor(bits, widths) {
    const numbers = new Float32Array(bits.length);
    for (let i = 0; i < bits.length; i++) numbers[i] = halves[bits[i]];
    let at = 0;
    const take = count => numbers.subarray(at, (at += count));
    this.layers = widths.slice(1).map((outputs, i) => ({ inputs: widths[i], weights: take(outputs * widths[i]), biases: take(outputs) }));
  }

  /** @returns {Float32Array} the output for an input */
  forward(input) {
    let x = input;
    this.layers.forEach(({ inputs, weights, biases }, depth) => {
      const hidden = depth < this.layers.length - 1;
      const y = new Float32Array(biases.length);
      for (let row = 0, at = 0; row < y.length; row++) {
        let sum = biases[row];
        for (let i = 0; i < inputs; i++) sum += weights[at++] * x[i];
        y[row] = hidden && sum < 0 ? 0 : sum;
      }
      x = y;
    });
    return x;
  }
}
