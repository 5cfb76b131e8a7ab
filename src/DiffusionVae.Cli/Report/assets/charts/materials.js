import { Color, ShaderMaterial, Vector3 } from "three";
import { sheet } from "sheet";

/** The part of a square sprite that is a disc of radius 1, its rim softened over a pixel. */
const discCoverage = `
  float radius = length(gl_PointCoord - 0.5) * 2.0;
  float soft = fwidth(radius);
  float disc = 1.0 - smoothstep(1.0 - soft, 1.0, radius);
`;

/**
 * Round dots in their own colours. Those of images that are not shown are nearly invisible; with a slice, so
 * are those far from its plane. Uniforms: size in pixels, opacity, and the slice: 1 if there is one, where it
 * faces and its distance from 0.
 */
export const dotMaterial = (opacity, depthTest) => new ShaderMaterial({
  transparent: true,
  depthWrite: false,
  depthTest,
  uniforms: { size: { value: 4 }, opacity: { value: opacity }, slice: { value: 0 }, facing: { value: new Vector3() }, depth: { value: 0 } },
  vertexShader: `
    attribute vec3 colour;
    attribute float shown;
    uniform float size, opacity, slice, depth;
    uniform vec3 facing;
    varying vec4 paint;
    void main() {
      float near = 1.0 - smoothstep(0.04, 0.16, abs(dot(position, facing) - depth));
      paint = vec4(colour, opacity * mix(0.05, 1.0, shown) * mix(1.0, mix(0.14, 1.0, near), slice));
      // A little nearer along the ray to the eye, so that the surface does not cut the discs, which face the
      // viewer.
      vec4 seen = modelViewMatrix * vec4(position, 1.0);
      gl_Position = projectionMatrix * vec4(0.985 * seen.xyz, 1.0);
      gl_PointSize = size * mix(1.0, mix(0.75, 1.4, near), slice);
    }`,
  fragmentShader: `
    varying vec4 paint;
    void main() {
      ${discCoverage}
      gl_FragColor = vec4(paint.rgb, paint.a * disc);
    }`,
});

/** A ring about a place, in ink on a rim of paper, seen through everything. */
export const ringMaterial = size => new ShaderMaterial({
  transparent: true,
  depthTest: false,
  uniforms: { size: { value: size }, ink: { value: new Color(sheet.ink) }, paper: { value: new Color(sheet.paper) } },
  vertexShader: `
    uniform float size;
    void main() {
      gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      gl_PointSize = size;
    }`,
  fragmentShader: `
    uniform vec3 ink, paper;
    void main() {
      ${discCoverage}
      float hollow = smoothstep(0.4, 0.4 + soft, radius);
      float rim = max(smoothstep(0.82, 0.82 + soft, radius), 1.0 - smoothstep(0.55, 0.55 + soft, radius));
      gl_FragColor = vec4(mix(ink, paper, rim), disc * hollow);
      #include <colorspace_fragment>
    }`,
});

/** three.js' number for surfaces that are seen from both sides. */
const bothSides = 2;

/** A plain surface, darker where it turns away. */
export const surfaceMaterial = (opacity, side = bothSides) => new ShaderMaterial({
  transparent: true,
  side,
  depthWrite: side === bothSides,
  uniforms: { fill: { value: new Color(sheet.surface) }, edge: { value: new Color(sheet.edge) }, opacity: { value: opacity } },
  vertexShader: `
    varying vec3 outward, toEye;
    void main() {
      vec4 seen = modelViewMatrix * vec4(position, 1.0);
      outward = normalMatrix * normal;
      toEye = -seen.xyz;
      gl_Position = projectionMatrix * seen;
    }`,
  fragmentShader: `
    uniform vec3 fill, edge;
    uniform float opacity;
    varying vec3 outward, toEye;
    void main() {
      float facing = abs(dot(normalize(outward), normalize(toEye)));
      gl_FragColor = vec4(mix(edge, fill, smoothstep(0.0, 0.7, facing)), opacity);
      #include <colorspace_fragment>
    }`,
});
