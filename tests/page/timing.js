// Does `deed` to the page and calls back with the milliseconds until `main`'s phase is `phase` and
// the outcome contains `text`.
const [deed, phase, text, done] = arguments;
const main = document.querySelector("main");
const outcome = () => document.querySelector("#outcome")?.innerText ?? "";
let begin = 0;
const observer = new MutationObserver(() => {
  if (begin && main.dataset.phase === phase && outcome().includes(text)) {
    observer.disconnect();
    done(performance.now() - begin);
  }
});
observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
if (deed.click) {
  const button = [...document.querySelectorAll("button")].find((button) => button.innerText.trim().startsWith(deed.click));
  begin = performance.now();
  button.click();
} else {
  document.addEventListener("change", () => (begin = performance.now()), { capture: true, once: true });
}
