/* Small comforts. Every page works without this file. */
(function () {
  "use strict";

  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };

  /* ---- certificates that are kept on this device (js/phone.js) leave it at 退出, and when somebody else logs in ---- */
  var KEPT = "certificates-1";
  var forget = function () { return window.caches.delete(KEPT).catch(function () { return false; }); };
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!window.caches || form.dataset.leave === undefined || form.dataset.forgotten) { return; }
    event.preventDefault();
    form.dataset.forgotten = "1";
    forget().then(function () { form.requestSubmit(); });
  });
  var forgetOthers = function (login) {
    window.caches.match("/m/holder", { cacheName: KEPT })
      .then(function (found) { return found ? found.text() : login; })
      .then(function (holder) { if (holder !== login) { forget(); } })
      .catch(function () { /* No cache on this device. */ });
  };

  /* ---- one submit only: the pressed button's value is kept in a hidden field, then the buttons rest ---- */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || (form.method || "get").toLowerCase() !== "post" || form.target === "_blank") { return; }
    if (event.submitter && event.submitter.formTarget === "_blank") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.dataset.edited = "";
    var pressed = event.submitter;
    if (pressed && pressed.name) {
      var kept = document.createElement("input");
      kept.type = "hidden"; kept.name = pressed.name; kept.value = pressed.value; kept.dataset.pressed = "1";
      form.appendChild(kept);
    }
    all("button[type=submit], button:not([type]), input[type=submit]", form).forEach(function (button) {
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
    });
  });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    all("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      all("[data-pressed]", form).forEach(function (kept) { kept.remove(); });
      all("[aria-busy]", form).forEach(function (button) { button.removeAttribute("aria-busy"); button.disabled = false; });
    });
  });

  /* ---- a form that was edited is not left by accident: data-keep ---- */
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.keep !== undefined) { form.dataset.edited = "1"; }
  });
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("form[data-edited='1']")) { event.preventDefault(); event.returnValue = ""; }
  });

  /* ---- bulk tables: a box with data-pick-all="name" picks every box of that name; data-picked shows how many ---- */
  var countPicked = function (name) {
    var boxes = all("input[type=checkbox][name='" + name + "']:not(:disabled)");
    var picked = boxes.filter(function (box) { return box.checked; }).length;
    all("[data-pick-all='" + name + "']").forEach(function (master) {
      master.checked = boxes.length > 0 && picked === boxes.length;
      master.indeterminate = picked > 0 && picked < boxes.length;
    });
    all("[data-picked='" + name + "']").forEach(function (label) { label.textContent = picked ? (label.dataset.here || "已选") + " " + picked + " " + (label.dataset.unit || "件") : "全选本页"; });
  };
  document.addEventListener("change", function (event) {
    var box = event.target, name = box.dataset ? box.dataset.pickAll : "";
    if (name) {
      all("input[type=checkbox][name='" + name + "']:not(:disabled)").forEach(function (each) { each.checked = box.checked; });
      countPicked(name);
    } else if (box.type === "checkbox" && box.name && document.querySelector("[data-pick-all='" + CSS.escape(box.name) + "']")) {
      countPicked(box.name);
    }
    if (box.type === "file" && box.dataset.preview !== undefined) { preview(box); }
  });

  /* ---- a box with data-opens="field field" shows these fields only while it is ticked. Hidden ones are not sent;
     one with an error or with files that are kept stays in sight. ---- */
  var open = function (box) {
    box.dataset.opens.split(" ").forEach(function (name) {
      var part = document.getElementById("div_id_" + name);
      if (!part) { return; }
      part.hidden = !box.checked && !part.querySelector(".field-error, .kept");
      all("input, select, textarea", part).forEach(function (control) { control.disabled = part.hidden; });
    });
  };
  document.addEventListener("change", function (event) { if (event.target.dataset && event.target.dataset.opens) { open(event.target); } });

  /* ---- the chosen picture is shown before it is sent ---- */
  var preview = function (input) {
    var shown = input.parentNode.querySelector("img.preview");
    if (shown) { URL.revokeObjectURL(shown.src); shown.remove(); }
    var file = input.files && input.files[0];
    if (!file || file.type.indexOf("image/") !== 0) { return; }
    var image = document.createElement("img");
    image.className = "preview"; image.alt = "所选图片预览"; image.src = URL.createObjectURL(file);
    image.addEventListener("error", function () { URL.revokeObjectURL(image.src); image.remove(); });
    input.parentNode.appendChild(image);
  };

  /* ---- long work: every section with data-refresh (seconds) is taken anew from one answer until it is done.
     The answer is that of data-source where the page was shown by another address, after a refused form for example.
     While a button of the mouse or a finger is down nothing is replaced: the click would be lost. ---- */
  var isPressed = false;
  document.addEventListener("pointerdown", function () { isPressed = true; }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () { setTimeout(function () { isPressed = false; }, 0); }, true);
  });
  var renew = function (section, fresh) {
    if (section.outerHTML === fresh.outerHTML) { return section; }
    var held = section.contains(document.activeElement);
    section.replaceWith(fresh);
    reachTables();
    if (held) {
      /* Whoever works by keyboard stays where he was. */
      var next = fresh.querySelector("a[href], button");
      if (next) { next.focus(); }
    }
    return fresh;
  };
  var refresh = function () {
    var waiting = all("[data-refresh]");
    if (!waiting.length) { return; }
    var seconds = Math.min.apply(null, waiting.map(function (section) { return Number(section.dataset.refresh); }));
    setTimeout(function () {
      if (document.hidden) { refresh(); return; }
      fetch(waiting[0].dataset.source || location.href, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })
        .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.text(); })
        .then(function (text) {
          if (isPressed) { return; }
          var page = new DOMParser().parseFromString(text, "text/html"), isDone = false;
          all("[data-refresh]").forEach(function (section) {
            var fresh = page.getElementById(section.id);
            if (!fresh) { delete section.dataset.refresh; return; }
            if (!renew(section, fresh).dataset.refresh) { isDone = true; }
          });
          /* What may be done with the result stands beside the heading. */
          if (isDone) { document.querySelector(".heading").replaceWith(page.querySelector(".heading")); }
        })
        .catch(function () { /* The next look may find the portal again. */ })
        .then(refresh);
    }, seconds * 1000);
  };

  /* ---- a table that is wider than its place: the keyboard reaches it, so that the arrow keys move it ---- */
  function reachTables() {
    all(".scroll").forEach(function (box) {
      var caption = box.querySelector("caption");
      if (box.scrollWidth <= box.clientWidth) { ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); }); return; }
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      if (caption) { box.setAttribute("aria-label", caption.textContent); }
    });
  }
  window.addEventListener("resize", reachTables);

  /* ---- before an idle session ends: data-idle (seconds) on the body. Typing counts as being there. ---- */
  var idle = function (limit) {
    var note = null, wrote = 0, WARNED = 120, ACTIVE = 300000;
    document.addEventListener("input", function () { wrote = Date.now(); });
    var show = function (text, label) {
      if (!note) {
        note = document.createElement("div"); note.className = "idle-note no-print"; note.setAttribute("role", "alert");
        document.body.appendChild(note);
      }
      note.textContent = text;
      if (!label) { return; }
      var button = document.createElement("button");
      button.type = "button"; button.className = "btn btn-primary"; button.textContent = label;
      button.addEventListener("click", function () { ask("POST"); });
      note.appendChild(button);
    };
    var hide = function () { if (note) { note.remove(); note = null; } };
    var later = function (seconds) { setTimeout(function () { ask("GET"); }, Math.max(5, seconds) * 1000); };
    var ask = function (method) {
      var token = document.querySelector("[name=csrfmiddlewaretoken]"), headers = { "X-Requested-With": "fetch" };
      if (token) { headers["X-CSRFToken"] = token.value; }
      fetch("/session/", { method: method, credentials: "same-origin", headers: headers })
        .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
        .then(function (state) {
          if (state.seconds <= 0) { show("登录已经过期。您填写的内容还在这个页面上：照常提交，重新登录后即可继续。"); return; }
          if (state.seconds > WARNED) { hide(); later(state.seconds - WARNED + 1); return; }
          if (method === "GET" && Date.now() - wrote < ACTIVE) { ask("POST"); return; }
          show("您有一会儿没有操作，" + Math.ceil(state.seconds / 60) + " 分钟内将自动退出。", "继续使用");
          later(Math.min(30, state.seconds + 1));
        })
        .catch(function () { later(60); });
    };
    later(limit - WARNED + 1);
  };

  document.addEventListener("DOMContentLoaded", function () {
    if (document.body.dataset.idle) { idle(Number(document.body.dataset.idle)); }
    if (document.body.dataset.login && window.caches) { forgetOthers(document.body.dataset.login); }
    /* A form that keeps what it refuses: the way back to this page asks for it anew, and the browser does not ask to send it again. */
    if (document.querySelector("form[data-kept]")) { history.replaceState(null, "", location.href); }
    var summary = document.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
    all("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    all("[data-opens]").forEach(open);
    all("[data-pick-all]").forEach(function (master) { master.hidden = false; countPicked(master.dataset.pickAll); });
    refresh();
    reachTables();
    all(".tabs .wrap").forEach(function (row) {
      var current = row.querySelector("[aria-current]");
      if (current && row.scrollWidth > row.clientWidth) { row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2; }
    });
  });
}());
