// The explorer in three dimensions: every slab is one mesh, drawn only when something changes.

import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  DoubleSide,
  GLSL3,
  Group,
  Line,
  LinearSRGBColorSpace,
  Mesh,
  PerspectiveCamera,
  RawShaderMaterial,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { inSight } from "./explorer_model.mjs";
import { layout } from "./layout.mjs";
import { SIDE, drawRowNames, drawSlab, margins, palette, rowNamesWidth } from "./slab_picture.mjs";

/** @typedef {import("./explorer_model.mjs").Model} Model */
/** @typedef {import("./explorer_model.mjs").Slab} Slab */
/** @typedef {import("./layout.mjs").Place} Place */
/** @typedef {{slab: string, row: number, column: number} | null} Chosen */
/** @typedef {{step: number, free: boolean, head: number | "all", chosen: Chosen}} View */
/** @typedef {{slab: Slab, place: Place, mesh: Mesh, canvas: HTMLCanvasElement, texture: CanvasTexture,
 *   largest: number}} Piece */

const FIELD = 18; // degrees of view
const GLIDE = 700; // ms for the camera's way to the next step
const FACES = 5; // of a cell: its front and four sides

// One shader draws everything: a picture times a shade, or a plain colour.
const CORNERS = `precision highp float;
  uniform mat4 modelViewMatrix, projectionMatrix;
  in vec3 position; in vec2 uv; in float shade;
  out vec2 spot; out float light;
  void main() {
    spot = uv; light = shade;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;
const PICTURE = `precision highp float;
  uniform sampler2D picture; uniform float strength;
  in vec2 spot; in float light; out vec4 pixel;
  void main() {
    vec4 colour = texture(picture, spot);
    if (colour.a < 0.02) discard; // paper between the names hides nothing
    pixel = vec4(colour.rgb * light, colour.a * strength);
  }`;
const PLAIN = `precision highp float;
  uniform vec3 colour; in float light; out vec4 pixel;
  void main() { pixel = vec4(colour, 1.0); }`;

export class Solid {
  /**
   * @param {HTMLElement} room @param {(chosen: Chosen) => void} choose
   * @param {() => boolean} still whether motion is unwanted
   */
  constructor(room, choose, still) {
    this.room = room;
    this.choose = choose;
    this.still = still;
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.canvas = this.renderer.domElement;
    this.canvas.setAttribute("aria-hidden", "true");
    room.append(this.canvas);
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(FIELD, 1, 0.5, 1000);
    this.orbit = new OrbitControls(this.camera, this.canvas);
    this.orbit.addEventListener("change", () => this.draw());
    this.canvas.style.touchAction = "pan-y"; // a finger can still scroll the page
    this.canvas.addEventListener("wheel", leaveScrolling, { capture: true });
    this.canvas.addEventListener("pointerdown", (event) => (this.pressed = [event.clientX, event.clientY]));
    this.canvas.addEventListener("pointerup", (event) => this.pick(event));
    /** @type {number[]} */
    this.pressed = [0, 0];
    /** @type {Map<string, Piece>} */
    this.pieces = new Map();
    this.extras = new Group();
    this.scene.add(this.extras);
    this.frame = 0;
    this.glide = 0;
    this.shown = "";
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(room);
    /** @type {Model | undefined} */
    this.model = undefined;
    /** @type {View | undefined} */
    this.view = undefined;
  }

  /** Draw once, at the next frame. */
  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.renderer.render(this.scene, this.camera);
    });
  }

  /** @param {Model} model @param {View} view */
  update(model, view) {
    if (model !== this.model) this.build(model);
    this.view = view;
    this.paint();
    const scene = JSON.stringify([view.step, view.free, view.head, model.words, model.nHeads]);
    if (scene !== this.shown) {
      const first = this.shown === "";
      this.shown = scene;
      this.look(first);
    }
    this.draw();
  }

  /** Every slab anew. @param {Model} model */
  build(model) {
    this.clear();
    this.model = model;
    const unit = model.words.length > 6 ? 48 : 72;
    for (const [id, place] of layout(model)) {
      const slab = /** @type {Slab} */ (model.slabs.get(id));
      const canvas = document.createElement("canvas");
      const finite = slab.values.flat().filter((x) => isFinite(x)).map(Math.abs);
      const largest = Math.max(...finite, 1e-9);
      const texture = new CanvasTexture(canvas);
      texture.anisotropy = 4;
      const mesh = new Mesh(slabGeometry(slab, place, largest), pictureMaterial(texture));
      mesh.position.set(place.x, place.y, place.z);
      mesh.userData = { id, unit };
      this.scene.add(mesh);
      this.pieces.set(id, { slab, place, mesh, canvas, texture, largest });
    }
  }

  clear() {
    for (const { mesh, texture } of this.pieces.values()) {
      this.scene.remove(mesh);
      mesh.geometry.dispose();
      /** @type {RawShaderMaterial} */ (mesh.material).dispose();
      texture.dispose();
    }
    this.pieces.clear();
    this.clearExtras();
  }

  clearExtras() {
    for (const part of [...this.extras.children]) {
      this.extras.remove(part);
      const { geometry, material } = /** @type {Mesh<BufferGeometry, RawShaderMaterial>} */ (part);
      geometry.dispose();
      material.uniforms.picture?.value.dispose();
      material.dispose();
    }
  }

  /** The slabs in view: those of the step and the chosen head, or all of them. */
  focus() {
    const { model, view } = this;
    if (!model || !view) return [];
    return inSight(model, view).map(({ id }) => /** @type {Piece} */ (this.pieces.get(id)));
  }

  /** Numbers, names and marks on the slabs; the words beside them; the lines to a chosen cell. */
  paint() {
    const { model, view } = this;
    if (!model || !view) return;
    const colours = palette(this.room);
    const focus = new Set(this.focus());
    const making = view.chosen && model.slabs.get(view.chosen.slab)?.make(view.chosen.row, view.chosen.column);
    this.clearExtras();
    for (const piece of this.pieces.values()) {
      const { slab, place, canvas, texture, mesh, largest } = piece;
      const marks = { rows: new Set(), columns: new Set(), cells: new Set(), chosen: null };
      for (const source of making?.sources ?? []) {
        if (source.slab !== slab.id) continue;
        if (source.row !== undefined && source.column !== undefined)
          marks.cells.add(`${source.row},${source.column}`);
        else if (source.row !== undefined) marks.rows.add(source.row);
        else marks.columns.add(source.column);
      }
      const chosen = view.chosen?.slab === slab.id ? view.chosen : null;
      const title = slab.head === null || model.nHeads === 1 ? slab.title : `${slab.title} · ${slab.head + 1}`;
      const hero = slab.rows.length === model.words.length && !place.upper ? model.hero : null;
      const look = { unit: mesh.userData.unit, upper: place.upper, labelled: place.labelled, hero, colours, title, largest };
      const key = JSON.stringify([look, { ...marks, rows: [...marks.rows], columns: [...marks.columns], cells: [...marks.cells], chosen }]);
      if (mesh.userData.key !== key) {
        mesh.userData.key = key;
        drawSlab(canvas, slab, { ...look, marks: { ...marks, chosen } });
        texture.dispose(); // the canvas may have a new size
        texture.needsUpdate = true;
      }
      const material = /** @type {RawShaderMaterial} */ (mesh.material);
      material.uniforms.strength.value = focus.has(piece) ? 1 : 0.05;
      material.depthWrite = focus.has(piece);
      mesh.renderOrder = focus.has(piece) ? 1 : 0;
    }
    this.nameRows([...focus], colours);
    if (making && view.chosen) this.lines(view.chosen, making.sources, colours.ink);
  }

  /** Words beside the leftmost slab of each storey. @param {Piece[]} focus @param {Record<string, string>} colours */
  nameRows(focus, colours) {
    const model = /** @type {Model} */ (this.model);
    for (const upper of [false, true]) {
      const storey = focus.filter(({ place }) => place.upper === upper);
      if (!storey.length) continue;
      const first = storey.reduce((a, b) =>
        b.place.x < a.place.x || (b.place.x === a.place.x && b.place.z > a.place.z) ? b : a);
      const { slab, place } = first;
      const canvas = document.createElement("canvas");
      drawRowNames(canvas, slab.rows, upper ? null : model.hero, 64, colours);
      const width = rowNamesWidth(slab.rows);
      const sheet = emptyGeometry();
      const flat = [[0, 0], [width, 0], [width, slab.rows.length], [0, slab.rows.length]];
      sheet.quad(flat.map(([x, y]) => [x, -y, 0]), [[0, 1], [1, 1], [1, 0], [0, 0]], 1);
      const plane = new Mesh(sheet.done(), pictureMaterial(new CanvasTexture(canvas)));
      plane.position.set(place.x - width - 0.1, place.y, place.z + 0.1);
      plane.renderOrder = 2;
      this.extras.add(plane);
    }
  }

  /** @param {NonNullable<Chosen>} chosen @param {import("./explorer_model.mjs").Source[]} sources @param {string} colour */
  lines(chosen, sources, colour) {
    const to = this.centre(chosen.slab, chosen.row, chosen.column);
    if (!to) return;
    for (const { slab, row, column } of sources) {
      const piece = this.pieces.get(slab);
      if (!piece) continue;
      const { rows, columns } = piece.slab;
      const from = this.centre(slab, row ?? rows.length - 1, column ?? columns.length - 1);
      if (!from) continue;
      if (row !== undefined && column === undefined) from.x += 0.5;
      if (column !== undefined && row === undefined) from.y -= 0.5;
      const geometry = new BufferGeometry().setFromPoints([from, to]);
      const line = new Line(geometry, new RawShaderMaterial({
        uniforms: { colour: { value: plainColour(colour) } },
        vertexShader: CORNERS, fragmentShader: PLAIN, glslVersion: GLSL3, depthTest: false,
      }));
      line.renderOrder = 3;
      this.extras.add(line);
    }
  }

  /** The middle of a cell's front. @param {string} id @param {number} row @param {number} column */
  centre(id, row, column) {
    const piece = this.pieces.get(id);
    if (!piece) return null;
    const { place, slab, largest } = piece;
    const front = relief(slab.values[row][column], largest).front;
    return new Vector3(place.x + column + 0.5, place.y - row - 0.5, place.z + front);
  }

  /** Take the camera to the focus. @param {boolean} [atOnce] */
  look(atOnce = false) {
    const view = /** @type {View} */ (this.view);
    const many = new Set(this.focus().map(({ slab }) => slab.head ?? 0)).size > 1;
    const [turn, rise] = view.free ? [-0.22, 0.22] : many ? [-0.52, 0.42] : [-0.3, 0.2];
    const direction = new Vector3(Math.sin(turn) * Math.cos(rise), Math.sin(rise), Math.cos(turn) * Math.cos(rise));
    const { target, distance } = this.frameOf(direction);
    const place = target.clone().addScaledVector(direction, distance);
    cancelAnimationFrame(this.glide);
    if (atOnce || this.still()) return this.stand(place, target);
    const [fromPlace, fromTarget, start] = [this.camera.position.clone(), this.orbit.target.clone(), performance.now()];
    const advance = (/** @type {number} */ now) => {
      const t = Math.min(1, (now - start) / GLIDE);
      const eased = t * t * (3 - 2 * t);
      this.stand(fromPlace.clone().lerp(place, eased), fromTarget.clone().lerp(target, eased));
      if (t < 1) this.glide = requestAnimationFrame(advance);
    };
    this.glide = requestAnimationFrame(advance);
  }

  /** @param {Vector3} place @param {Vector3} target */
  stand(place, target) {
    this.camera.position.copy(place);
    this.orbit.target.copy(target);
    this.orbit.update();
    this.draw();
  }

  /** What to look at, and from how far, so that the whole focus is seen. @param {Vector3} direction */
  frameOf(direction) {
    const corners = this.focus().flatMap(({ slab, place }) => {
      const { top, bottom } = margins(slab, place.upper, place.labelled);
      const left = rowNamesWidth(slab.rows);
      return [place.x - left, place.x + place.width + 0.4].flatMap((x) =>
        [place.y + top, place.y - place.height - bottom].map((y) => new Vector3(x, y, place.z)));
    });
    const forward = direction.clone().normalize();
    const right = new Vector3(0, 1, 0).cross(forward).normalize();
    const up = forward.clone().cross(right);
    const middle = (/** @type {Vector3} */ axis) => {
      const along = corners.map((corner) => corner.dot(axis));
      return (Math.min(...along) + Math.max(...along)) / 2;
    };
    const target = right.clone().multiplyScalar(middle(right))
      .addScaledVector(up, middle(up)).addScaledVector(forward, middle(forward));
    const tall = Math.tan((FIELD * Math.PI) / 360);
    const wide = tall * this.camera.aspect;
    const distance = Math.max(...corners.map((corner) => {
      const away = corner.clone().sub(target);
      const need = Math.max(Math.abs(away.dot(right)) / wide, Math.abs(away.dot(up)) / tall);
      return need + away.dot(forward);
    }));
    return { target, distance: distance * 1.04 };
  }

  /** The room has a new size. */
  fit() {
    const { clientWidth, clientHeight } = this.room;
    if (!clientWidth || !clientHeight) return;
    this.renderer.setSize(clientWidth, clientHeight);
    this.camera.aspect = clientWidth / clientHeight;
    this.camera.updateProjectionMatrix();
    if (this.view) this.look(true);
  }

  /** Turn about the focus, in radians. @param {number} sideways @param {number} upwards */
  turn(sideways, upwards) {
    const arm = this.camera.position.clone().sub(this.orbit.target);
    const size = arm.length();
    const around = Math.atan2(arm.x, arm.z) + sideways;
    const rise = Math.max(-1.5, Math.min(1.5, Math.asin(arm.y / size) + upwards));
    arm.set(Math.sin(around) * Math.cos(rise), Math.sin(rise), Math.cos(around) * Math.cos(rise));
    this.stand(this.orbit.target.clone().addScaledVector(arm, size), this.orbit.target.clone());
  }

  /** @param {number} factor below 1 comes nearer */
  zoom(factor) {
    const arm = this.camera.position.clone().sub(this.orbit.target).multiplyScalar(factor);
    this.stand(this.orbit.target.clone().add(arm), this.orbit.target.clone());
  }

  /** Choose the cell under a tap; a drag is not a tap. @param {PointerEvent} event */
  pick(event) {
    const moved = Math.hypot(event.clientX - this.pressed[0], event.clientY - this.pressed[1]);
    if (moved > 6) return;
    const box = this.canvas.getBoundingClientRect();
    const point = new Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
    const ray = new Raycaster();
    ray.setFromCamera(point, this.camera);
    const hits = ray.intersectObjects(this.focus().map(({ mesh }) => mesh));
    for (const { object, faceIndex } of hits) {
      const piece = /** @type {Piece} */ (this.pieces.get(object.userData.id));
      const cell = Math.floor((faceIndex ?? 0) / (2 * FACES));
      const columns = piece.slab.columns.length;
      if (cell >= piece.slab.rows.length * columns) continue; // the names around the cells
      this.choose({ slab: piece.slab.id, row: Math.floor(cell / columns), column: cell % columns });
      return;
    }
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.glide);
    this.resizing.disconnect();
    this.clear();
    this.orbit.dispose();
    this.renderer.dispose();
    this.canvas.remove();
  }
}

/** The wheel scrolls the page; with Ctrl it brings the slabs nearer. @param {WheelEvent} event */
function leaveScrolling(event) {
  if (!event.ctrlKey) event.stopImmediatePropagation();
}

/** How far a number stands out: positive ones to the front, negative ones to the back. @param {number} value @param {number} largest */
function relief(value, largest) {
  const size = isFinite(value) ? Math.abs(value) / largest : 0;
  return { front: 0.14 + (value > 0 ? 0.55 * size : 0), back: value < 0 ? -0.55 * size : 0 };
}

/**
 * A box for each cell and one sheet with the names around them; x to the right, y down from 0.
 * @param {Slab} slab @param {Place} place @param {number} largest
 */
function slabGeometry(slab, place, largest) {
  const { top, bottom } = margins(slab, place.upper, place.labelled);
  const [n, m] = [slab.rows.length, slab.columns.length];
  const [wide, high] = [m + 2 * SIDE, n + top + bottom];
  const boxes = emptyGeometry();
  /** @param {number[][]} corners @param {number[][]} spots in cells @param {number} shade */
  const quad = (corners, spots, shade) =>
    boxes.quad(corners, spots.map(([x, y]) => [(x + SIDE) / wide, 1 - (y + top) / high]), shade);
  const edge = 0.03; // of air around a cell
  slab.values.forEach((row, i) =>
    row.forEach((value, j) => {
      const { front, back } = relief(value, largest);
      const [l, r, t, b] = [j + edge, j + 1 - edge, i + edge, i + 1 - edge];
      const flat = [[l, t], [r, t], [r, b], [l, b]];
      quad(flat.map(([x, y]) => [x, -y, front]), flat, 1);
      const plain = Array(4).fill([j + 0.2, i + 0.2]); // a spot of the cell's own colour
      [[0, 1, 0.93], [1, 2, 0.78], [2, 3, 0.7], [3, 0, 0.86]].forEach(([from, to, shade]) => {
        const [[x1, y1], [x2, y2]] = [flat[from], flat[to]];
        quad([[x1, -y1, front], [x2, -y2, front], [x2, -y2, back], [x1, -y1, back]], plain, shade);
      });
    }),
  );
  const sheets = [[-SIDE, -top, m + SIDE, -0.02], [-SIDE, n + 0.02, m + SIDE, n + bottom]];
  for (const [l, t, r, b] of sheets) {
    if (b <= t) continue;
    const flat = [[l, t], [r, t], [r, b], [l, b]];
    quad(flat.map(([x, y]) => [x, -y, 0.1]), flat, 1);
  }
  return boxes.done();
}

/** A geometry to which quads are added: corners, places in the picture, and a shade. */
function emptyGeometry() {
  const [points, uvs, shades, faces] = /** @type {number[][]} */ ([[], [], [], []]);
  return {
    /** @param {number[][]} corners @param {number[][]} spots @param {number} shade */
    quad(corners, spots, shade) {
      const first = points.length / 3;
      points.push(...corners.flat());
      uvs.push(...spots.flat());
      shades.push(shade, shade, shade, shade);
      faces.push(first, first + 1, first + 2, first, first + 2, first + 3);
    },
    done() {
      const geometry = new BufferGeometry();
      geometry.setAttribute("position", new BufferAttribute(new Float32Array(points), 3));
      geometry.setAttribute("uv", new BufferAttribute(new Float32Array(uvs), 2));
      geometry.setAttribute("shade", new BufferAttribute(new Float32Array(shades), 1));
      geometry.setIndex(faces);
      return geometry;
    },
  };
}

/** @param {CanvasTexture} texture */
function pictureMaterial(texture) {
  return new RawShaderMaterial({
    uniforms: { picture: { value: texture }, strength: { value: 1 } },
    vertexShader: CORNERS,
    fragmentShader: PICTURE,
    glslVersion: GLSL3,
    transparent: true,
    side: DoubleSide,
  });
}

/** The numbers of a colour as they are written, #rrggbb. @param {string} colour */
function plainColour(colour) {
  return new Color().setStyle(colour, LinearSRGBColorSpace);
}
