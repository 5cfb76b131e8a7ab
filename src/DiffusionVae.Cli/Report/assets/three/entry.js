export {
  BackSide, BufferAttribute, BufferGeometry, CircleGeometry, Color, FrontSide, Line, LineBasicMaterial, Mesh, MeshBasicMaterial, PerspectiveCamera, Points, Raycaster, Scene, ShaderMaterial,
  SphereGeometry, TorusGeometry, Vector2, Vector3, WebGLRenderer,
} from "three";
export { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
