/* The desk of an office: who is at a case. Every page works without this file. */
(function () {
  "use strict";

  var EVERY = 40000;   /* milliseconds; services/case_use.py takes a case for open a little longer */
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var token = function () { var field = document.querySelector("[name=csrfmiddlewaretoken]"); return field ? field.value : ""; };
  var later = function (work) {
    var again = function () { setTimeout(function () { if (document.hidden) { again(); return; } work().then(again, again); }, EVERY); };
    again();
  };

  /* ---- a case: colleagues see that it is open, and what they do is told before a button is pressed ---- */
  var bar = document.querySelector("[data-open]"), isActive = true;
  var tell = function (state) {
    var line = document.getElementById("use"), news = document.getElementById("news");
    line.querySelector("[data-use-words]").textContent = state.words;
    line.querySelector("[data-use-readers]").textContent = state.readers;
    line.classList.toggle("other", state.whose === "other");
    all("button[value=reserve], button[value=release], button[value=seize]", line).forEach(function (button) {
      button.hidden = button.value !== ({ mine: "release", other: "seize" }[state.whose] || "reserve");
    });
    if (state.changed) { news.hidden = false; news.querySelector("[data-news]").textContent = state.changed; }
  };
  var say = function () {
    var body = new URLSearchParams({ event: bar.dataset.event, active: isActive ? "1" : "" });
    isActive = false;
    return fetch(bar.dataset.open, { method: "POST", body: body, credentials: "same-origin", headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" } })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(tell)
      .catch(function () { /* The next time may find the portal again. */ });
  };
  if (bar) {
    ["keydown", "pointerdown", "wheel", "input"].forEach(function (name) {
      document.addEventListener(name, function () { isActive = true; }, { passive: true });
    });
    say();
    later(say);
  }

  /* ---- the last decision: the seconds in which it can be taken back run down, then the button goes ---- */
  all("[data-undo]").forEach(function (line) {
    var ends = Date.now() + Number(line.dataset.undo) * 1000, left = line.querySelector("[data-undo-left]");
    var tick = setInterval(function () {
      var seconds = Math.ceil((ends - Date.now()) / 1000);
      if (seconds > 0) { left.textContent = "还有 " + seconds + " 秒"; return; }
      clearInterval(tick);
      line.hidden = true;
    }, 1000);
  });

  /* ---- a queue: the column of who is at a case is renewed, and what a colleague has decided is marked ---- */
  var queue = document.getElementById("queue");
  var renew = function () {
    return fetch(location.href, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html"), fresh = {};
        if (!page.getElementById("queue")) { return; }
        all("#queue tbody tr", page).forEach(function (row) { fresh[row.querySelector("[name=picked]").value] = row; });
        all("tbody tr", queue).forEach(function (row) {
          var now = fresh[row.querySelector("[name=picked]").value], cell = row.querySelector("td.use");
          if (!now) { return; }
          if (!cell.contains(document.activeElement)) { cell.innerHTML = now.querySelector("td.use").innerHTML; }
        });
      })
      .catch(function () { /* The next time may find the portal again. */ });
  };
  if (queue && !document.querySelector(".error-summary")) { later(renew); }
}());
