/* Keys of the desk. None of them decides: each opens a page or a dialog that asks. Every page works without this file. */
(function () {
  "use strict";

  var KEPT = "desk-keys";   /* "off" where they are switched off on this machine */
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  var one = function (selector) { return document.querySelector(selector); };
  var press = function (selector, root) {
    var button = (root || document).querySelector(selector);
    if (button) { button.click(); }
  };
  var stored = function (value) {
    try {
      if (value !== undefined) { localStorage.setItem(KEPT, value); }
      return localStorage.getItem(KEPT);
    } catch (error) { return null; }
  };

  var help = document.getElementById("keys"), sure = document.getElementById("sure"), queue = document.getElementById("queue");
  if (!help || !help.showModal) { return; }
  var isOn = stored() !== "off", box = help.querySelector("[data-keys-on]");
  box.checked = isOn;
  box.addEventListener("change", function () { isOn = box.checked; stored(isOn ? "on" : "off"); });
  all("[data-keys]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { help.showModal(); });
  });

  /* ---- a queue: one row is the current one ---- */
  var rows = function () { return all("#queue tbody tr"); };
  var current = function () { return rows().filter(function (row) { return row.contains(document.activeElement); })[0]; };
  var go = function (step) {
    var list = rows(), place = list.indexOf(current()) + step;
    if (!list.length) { return; }
    if (place < 0) { place = step > 0 ? 0 : list.length - 1; }
    list[Math.min(place, list.length - 1)].querySelector("th a").focus();
  };
  var onRow = function (selector) { var row = current(); if (row) { press(selector, row); } };
  var decideMany = function (action) {
    var row = current(), comment = document.getElementById("id_comment");
    if (!one("#queue [name=picked]:checked") && row) { press("[name=picked]", row); }
    if (!one("#queue [name=picked]:checked")) { return; }
    if (action !== "approve" && !comment.value.trim()) { comment.focus(); return; }
    press("#queue .bulk button[value=" + action + "]");
  };
  var onList = {
    j: function () { go(1); },
    k: function () { go(-1); },
    o: function () { onRow("th a"); },
    s: function () { onRow("[name=picked]"); },
    c: function () { onRow("td.use button"); },
    n: function () { press("button[name=next]"); },
    "/": function () { var field = document.getElementById("id_find"); if (field) { field.focus(); field.select(); } },
    a: function () { decideMany("approve"); },
    r: function () { decideMany("return"); },
    x: function () { decideMany("reject"); }
  };

  /* ---- a case ---- */
  var decide = function (action) {
    var button = one(".deskbar .decide button[value=" + action + "]"), comment = document.getElementById("id_comment");
    if (!button || !comment) { return; }
    var ticks = all(".deskbar [name=" + action + "_reasons]");
    var reasons = ticks.filter(function (tick) { return tick.checked; }).length;
    var originals = one("#originals");
    if (action !== "approve" && !comment.value.trim() && !reasons && !(action === "return" && originals)) {
      var fold = one(".deskbar .ticks");
      if (ticks.length && fold) { fold.open = true; ticks[0].focus(); } else { comment.focus(); }
      return;
    }
    var what = [button.textContent.trim() + "：" + one("h1").textContent.replace(/\s+/g, " ").trim()];
    if (reasons) { what.push("勾选的原因 " + reasons + " 条"); }
    if (comment.value.trim()) { what.push("意见：" + comment.value.trim().slice(0, 120)); }
    sure.querySelector("[data-sure-what]").textContent = what.join("；");
    sure.returnValue = "";
    sure.dataset.action = action;
    sure.showModal();
    sure.querySelector("[data-sure=yes]").focus();
  };
  if (sure) {
    sure.addEventListener("click", function (event) {
      var said = event.target.dataset.sure;
      if (!said) { return; }
      sure.close();
      if (said === "yes") { press(".deskbar .decide button[value=" + sure.dataset.action + "]"); }
    });
  }
  var onCase = {
    a: function () { decide("approve"); },
    r: function () { decide("return"); },
    x: function () { decide("reject"); },
    c: function () { press("#use button:not([hidden]):not([value=seize])"); },
    q: function () { press("[data-ask]"); },
    j: function () { press("[data-following]"); },
    u: function () { press("[data-back]"); }
  };

  var isTyping = function (target) {
    return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName) ||
      (/^input$/i.test(target.tagName) && !/^(checkbox|radio|button|submit)$/i.test(target.type));
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) { return; }
    if (isTyping(event.target)) {
      if (event.key === "Escape") { event.target.blur(); }
      return;
    }
    if (!isOn) { return; }
    if (event.key === "?" || event.key === "？") {
      event.preventDefault();
      if (help.open) { help.close(); } else if (!sure || !sure.open) { help.showModal(); }
      return;
    }
    if (one("dialog[open]") || event.repeat && "acrx".indexOf(event.key) >= 0) { return; }
    var act = (queue ? onList : onCase)[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}());
