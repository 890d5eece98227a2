// Has each plugin run in the browser's engine, from when there is a choice: in what `ENGINE=browser` serves.
const offered = () => {
  const list = document.querySelector("#engine");
  const other = [...(list?.options ?? [])].find((option) => option.text === "browser's");
  const isReady = document.querySelector("main")?.dataset.phase === "ready";
  return isReady && other && !other.selected ? { list, other } : undefined;
};
// No journey goes on meanwhile: it would meet a page that is drawn anew.
window.isBeingChosen = () =>
  offered() !== undefined || document.body.innerText.includes("is being made ready for the browser's engine");
new MutationObserver(() => {
  const { list, other } = offered() ?? {};
  if (!list) return;
  list.value = other.value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}).observe(document, { subtree: true, childList: true, attributes: true });
