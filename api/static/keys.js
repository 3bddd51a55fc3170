// Keyboard: "/" goes to the search field; inside [data-keys] a key clicks the button that names it in data-key.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (typing && event.key === "Escape") event.target.closest("[data-keys]")?.querySelector("[data-focus]")?.focus();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const field = document.getElementById("top-q");
    if (field) { field.focus(); event.preventDefault(); }
    return;
  }
  const button = document.querySelector(`[data-keys] [data-key="${CSS.escape(event.key.length === 1 ? event.key.toLowerCase() : event.key)}"]`);
  if (button && !button.disabled) { event.preventDefault(); button.click(); }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-back]")) history.back(); // what was typed is still there
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
// A passage deep in a long text is brought into view inside its own pane; an old error goes when something new is tried.
const showPassage = () => {
  const pane = document.querySelector("[data-pane]");
  const target = pane && pane.querySelector("[data-here]");
  if (target) pane.scrollTop += target.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 4;
};
document.addEventListener("DOMContentLoaded", showPassage);
document.addEventListener("htmx:afterSettle", showPassage);
// The button that was pressed is gone after a swap: focus goes to the item's heading, never to the top of the page.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) document.querySelector("[data-focus]")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:beforeRequest", () => document.getElementById("errors")?.replaceChildren());
