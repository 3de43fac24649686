/* A camera whose picture follows what the page says: the person before it turns the head when asked, however fast or
   slow the machine is. A hand that is never still and the grain of a sensor make every frame another one. */
(function (person) {
  "use strict";

  const RATE = 12;
  const GRAIN = 2;
  const SPARE = 4096;
  /* Pixels by which the hand sinks and rises, one each second: no two frames of one sitting are taken at one place. */
  const SINK = 8;
  const pixels = person.width * person.height;

  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const grain = () => Float32Array.from({ length: pixels + SPARE }, () => GRAIN * normal());
  const bitmap = (text) => createImageBitmap(new Blob([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))]));

  function asked() {
    const message = document.querySelector("[data-face-message]");
    const words = message ? message.textContent : "";
    return Object.keys(person.words).find((step) => words.includes(person.words[step])) || "front";
  }

  function draw(context, pose, noise) {
    const moment = performance.now() / 1000;
    const across = 4 * Math.sin(3.3 * moment);
    const down = Math.abs((moment % (4 * SINK)) - 2 * SINK) - SINK;
    const scale = 1 + 4 * SINK / person.height;
    const [width, height] = [person.width * scale, person.height * scale];
    context.drawImage(pose, (person.width - width) / 2 + across, (person.height - height) / 2 + down, width, height);
    const frame = context.getImageData(0, 0, person.width, person.height);
    const start = Math.floor(SPARE * Math.random());
    for (let at = 0; at < pixels; at += 1) {
      const change = noise[start + at];
      frame.data[4 * at] += change;
      frame.data[4 * at + 1] += change;
      frame.data[4 * at + 2] += change;
    }
    context.putImageData(frame, 0, 0);
  }

  if (!navigator.mediaDevices) { return; }
  navigator.mediaDevices.getUserMedia = async function () {
    const poses = {};
    for (const step of Object.keys(person.poses)) { poses[step] = await bitmap(person.poses[step]); }
    const canvas = Object.assign(document.createElement("canvas"), { width: person.width, height: person.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const noise = grain();
    const stream = canvas.captureStream();
    const look = () => draw(context, poses[asked()], noise);
    look();
    const timer = setInterval(() => {
      if (stream.getTracks().every((track) => track.readyState === "ended")) { clearInterval(timer); } else { look(); }
    }, 1000 / RATE);
    return stream;
  };
})
