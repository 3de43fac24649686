/*
 * Takes frames from the camera while the page says what to do, and sends them with the page's own form. Nothing is
 * decided here: movements and colours come from the server in its order, and only the server looks at the frames.
 * A colour stays for almost two seconds and fades into the next one: far below what can harm people who are sensitive to
 * flashes. Who asked their device for less motion, or ticks the box, sees none.
 *
 *   <section data-face hidden data-challenge-url="…" data-purpose="verify|login|reset">
 *     <form method="post" enctype="multipart/form-data">{% csrf_token %}
 *       <input type="hidden" name="nonce">
 *       <input type="file" name="front" hidden multiple> … one for each movement
 *       <input type="checkbox" data-face-plain> … no colours on the screen
 *       <div data-face-panel> … fills the screen with the colours that the server chose
 *         <video data-face-video playsinline muted></video>
 *         <p data-face-message role="status" aria-live="assertive"></p>
 *         <progress data-face-progress></progress>
 *         <button type="button" data-face-stop hidden>…</button>
 *       </div>
 *       <button type="button" data-face-start>…</button>
 *     </form>
 *   </section>
 *
 * Hidden until the script has found a camera interface; without it the page offers the other ways only.
 */
(function () {
  "use strict";

  const FRAMES = 6;
  const REACTION = 900;
  const SETTLING = 700;
  const INTERVAL = 350;
  const WIDTH = 480;
  const QUALITY = 0.9;
  const MESSAGES = {
    starting: "正在打开摄像头……请在浏览器的提示中选择“允许”。",
    sending: "正在核验，请稍候……",
    denied: "网页没有得到使用摄像头的许可。请在浏览器或手机设置中允许后重试，或改用下面的其他方式。",
    missing: "没有找到可用的摄像头，请改用下面的其他方式。",
    busy: "摄像头正被其他应用使用，请关闭后重试。",
    stopped: "已停止。可以重新开始，或改用下面的其他方式。",
    offline: "网络连接失败，请检查网络后重试。",
  };

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  function setUp(root) {
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia || typeof DataTransfer !== "function") {
      return;
    }
    const parts = {
      form: root.querySelector("form"),
      video: root.querySelector("[data-face-video]"),
      message: root.querySelector("[data-face-message]"),
      progress: root.querySelector("[data-face-progress]"),
      start: root.querySelector("[data-face-start]"),
      stage: root.querySelector("[data-face-stage]"),
      panel: root.querySelector("[data-face-panel]"),
      plain: root.querySelector("[data-face-plain]"),
      stop: root.querySelector("[data-face-stop]"),
      stopped: false,
    };
    parts.start.addEventListener("click", () => run(root, parts));
    parts.stop.addEventListener("click", () => { parts.stopped = true; });
    document.addEventListener("keydown", (event) => { parts.stopped = parts.stopped || event.key === "Escape"; });
    // Back from the next page: the button must not stay as it was left.
    window.addEventListener("pageshow", () => { parts.start.disabled = false; });
    root.hidden = false;
  }

  async function run(root, parts) {
    if (!parts.form.reportValidity()) {
      return;
    }
    parts.start.disabled = true;
    parts.stopped = false;
    say(parts, MESSAGES.starting);
    let stream = null;
    try {
      stream = await openCamera(parts);
      const challenge = await askForChallenge(root, parts);
      parts.form.elements.nonce.value = challenge.nonce;
      await record(parts, challenge.steps);
      darken(parts);
      say(parts, MESSAGES.sending);
      stop(stream);
      parts.form.requestSubmit();
    } catch (problem) {
      stop(stream);
      darken(parts);
      parts.stage.hidden = parts.progress.hidden = true;
      parts.start.disabled = false;
      say(parts, words(problem));
    }
  }

  async function openCamera(parts) {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } },
    });
    parts.video.srcObject = stream;
    parts.stage.hidden = parts.progress.hidden = false;
    await parts.video.play();
    return stream;
  }

  async function askForChallenge(root, parts) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", parts.form.elements.csrfmiddlewaretoken.value);
    body.append("purpose", root.dataset.purpose);
    const answer = await fetch(root.dataset.challengeUrl, { method: "POST", body, credentials: "same-origin" });
    const challenge = await answer.json();
    if (!answer.ok) {
      throw new Error(challenge.error);
    }
    return challenge;
  }

  async function record(parts, steps) {
    const total = steps.length * FRAMES;
    const colourful = wantsColours(parts);
    let taken = 0;
    for (const step of steps) {
      say(parts, step.text);
      const colours = colourful ? step.colours : [];
      const files = new DataTransfer();
      for (let count = 0; count < FRAMES; count += 1) {
        const part = Math.floor((count * colours.length) / FRAMES);
        if (count === 0 || (colours.length && part !== Math.floor(((count - 1) * colours.length) / FRAMES))) {
          light(parts, colours[part]);
          await pause(count ? SETTLING : REACTION);
        }
        await pause(INTERVAL);
        if (parts.stopped) {
          throw new Error(MESSAGES.stopped);
        }
        files.items.add(new File([await frameOf(parts.video)], step.name + "-" + count + ".jpg", { type: "image/jpeg" }));
        taken += 1;
        parts.progress.value = taken / total;
      }
      parts.form.elements[step.name].files = files.files;
    }
  }

  function wantsColours(parts) {
    return !parts.plain.checked && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function light(parts, colour) {
    if (colour) {
      parts.panel.classList.add("is-lit");
      parts.panel.style.backgroundColor = colour;
      parts.stop.hidden = false;
    }
  }

  function darken(parts) {
    parts.panel.classList.remove("is-lit");
    parts.panel.style.backgroundColor = "";
    parts.stop.hidden = true;
  }

  function frameOf(video) {
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, WIDTH / Math.min(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    // As the camera sees it: only the preview is mirrored.
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  function stop(stream) {
    if (stream) {
      stream.getTracks().forEach((track) => track.stop());
    }
  }

  function words(problem) {
    switch (problem.name) {
      case "NotAllowedError": case "SecurityError": return MESSAGES.denied;
      case "NotFoundError": case "OverconstrainedError": return MESSAGES.missing;
      case "NotReadableError": case "AbortError": return MESSAGES.busy;
      case "TypeError": return MESSAGES.offline;
      default: return problem.message;
    }
  }

  function say(parts, text) {
    parts.message.textContent = text;
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-face]").forEach(setUp));
}());
