/** The bytes of an element's text: base64 of gzip. */
async function unpack(id) {
  const text = atob(document.getElementById(id).textContent);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < packed.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

const types = { float16: Uint16Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

/**
 * What ReportPage put into the page: the report, and its arrays by name: weights, points, shades, labels,
 * colours0 and so on.
 * @returns {Promise<{report: object, arrays: Object<string, ArrayLike<number>>}>}
 */
export async function readPayload() {
  const report = JSON.parse(document.getElementById("report").textContent);
  const bytes = await unpack("arrays");
  const arrays = Object.fromEntries(report.arrays.map(({ name, type, offset, length }) =>
    [name, new types[type](bytes.slice(offset, offset + length))]));
  return { report, arrays };
}
