/*
 * Drags and zooms the picture under the frame of the crop tool (templates/accounts/photo_crop_form.html). The frame is
 * what will be saved. Where the box lies goes to the server with the page's own form; the checks come back from it.
 * Without this script the buttons of the form do the same, one press at a time.
 */
(function () {
  "use strict";

  const ASPECT = 25 / 35;
  const SMALLEST = 413;
  const STEP = 0.05;
  const ZOOM = 0.9;
  const PAUSE = 500;
  const MOVES = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };
  const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", "+": "closer", "=": "closer", "-": "wider" };

  const within = (value, least, most) => Math.min(Math.max(value, least), most);

  function setUp(root) {
    const form = root.closest("form");
    const field = (name) => form.elements.namedItem(name);
    const width = Number(root.dataset.width);
    const height = Number(root.dataset.height);
    const largest = Math.min(height, width / ASPECT);
    const smallest = Math.min(SMALLEST, largest);
    const stage = root.querySelector("[data-crop-stage]");
    const zoom = root.querySelector("#crop-zoom");
    const image = new Image();
    const box = { x: Number(field("centre_x").value), y: Number(field("centre_y").value), height: Number(field("box_height").value) };
    let timer = 0;
    let latest = 0;

    function place() {
      box.height = within(box.height, smallest, largest);
      box.x = within(box.x, (box.height * ASPECT) / 2, width - (box.height * ASPECT) / 2);
      box.y = within(box.y, box.height / 2, height - box.height / 2);
      const scale = stage.clientHeight / box.height;
      const left = (box.x - (box.height * ASPECT) / 2) * scale;
      const top = (box.y - box.height / 2) * scale;
      image.style.transform = `translate(${-left}px, ${-top}px) scale(${scale})`;
      field("centre_x").value = box.x;
      field("centre_y").value = box.y;
      field("box_height").value = box.height;
      zoom.value = largest > smallest ? Math.round((100 * (largest - box.height)) / (largest - smallest)) : 0;
      zoom.disabled = largest <= smallest;
    }

    function moved() {
      place();
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE);
    }

    function press(action) {
      if (MOVES[action]) {
        box.x += MOVES[action][0] * STEP * box.height * ASPECT;
        box.y += MOVES[action][1] * STEP * box.height;
      } else {
        box.height *= action === "closer" ? ZOOM : 1 / ZOOM;
      }
      moved();
    }

    async function check() {
      const turn = ++latest;
      const data = new FormData(form);
      data.set("action", "check");
      let answer;
      try {
        // Not form.action: the buttons are named so.
        answer = await fetch(window.location.href, { method: "POST", body: data, credentials: "same-origin" });
      } catch (error) {
        return; // offline: saving checks again
      }
      if (!answer.ok || turn !== latest) {
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn === latest) {
        take(page);
      }
    }

    function take(page) {
      const checks = page.querySelector("[data-crop-checks]");
      if (checks) {
        root.querySelector("[data-crop-checks]").replaceChildren(...checks.childNodes);
      }
      const sample = root.querySelector("[data-crop-sample]");
      const fresh = page.querySelector("[data-crop-sample]");
      if (sample && fresh) {
        sample.src = fresh.getAttribute("src");
      }
      const outcome = document.querySelector("[data-crop-outcome]");
      const other = page.querySelector("[data-crop-outcome]");
      if (outcome && other && outcome.dataset.cropOutcome !== other.dataset.cropOutcome) {
        outcome.replaceWith(other);
      }
    }

    const fingers = new Map();

    function spread() {
      const [one, other] = [...fingers.values()];
      return Math.hypot(one.x - other.x, one.y - other.y);
    }

    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    stage.addEventListener("pointermove", (event) => {
      const finger = fingers.get(event.pointerId);
      if (!finger) {
        return;
      }
      const before = fingers.size === 2 ? spread() : 0;
      const scale = stage.clientHeight / box.height;
      if (fingers.size === 1) {
        box.x -= (event.clientX - finger.x) / scale;
        box.y -= (event.clientY - finger.y) / scale;
      }
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (before > 0) {
        box.height *= before / Math.max(spread(), 1);
      }
      moved();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, (event) => fingers.delete(event.pointerId));
    }
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      box.height *= event.deltaY > 0 ? 1.05 : 1 / 1.05;
      moved();
    }, { passive: false });
    stage.addEventListener("keydown", (event) => {
      if (KEYS[event.key] && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        press(KEYS[event.key]);
      }
    });
    zoom.addEventListener("input", () => {
      box.height = largest - (Number(zoom.value) / 100) * (largest - smallest);
      moved();
    });
    for (const button of root.querySelectorAll("button[name=action]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        press(button.value);
      });
    }

    image.alt = "";
    image.draggable = false;
    image.addEventListener("load", () => {
      image.width = width;
      image.height = height;
      stage.prepend(image);
      stage.hidden = false;
      root.querySelector("[data-crop-zoom]").hidden = false;
      root.querySelector("[data-crop-still]").hidden = true;
      place();
    });
    image.src = root.dataset.source;
  }

  document.querySelectorAll("[data-crop]").forEach(setUp);
})();
