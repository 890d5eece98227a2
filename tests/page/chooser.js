// Has each plugin run in the browser's engine, from when there is a choice: in what `ENGINE=browser` serves.
new MutationObserver(() => {
  const list = document.querySelector("#engine");
  const other = [...(list?.options ?? [])].find((option) => option.text === "browser's");
  if (!other || other.selected || document.querySelector("main").dataset.phase !== "ready") return;
  list.value = other.value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}).observe(document, { subtree: true, childList: true, attributes: true });
