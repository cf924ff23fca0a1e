// Leads from a day to the last state on or before it.
"use strict";
(() => {
  const field = document.getElementById("day");
  const button = document.getElementById("go");
  const said = document.getElementById("daysay");
  const links = [...document.querySelectorAll("#statelist a[data-day]")];
  if (!field || !button || !links.length) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const day = field.value;
    const found = links.find((link) => link.dataset.day <= day);
    if (!day || !found) said.textContent = "No state is held for that day.";
    else found.click();
  });
})();
