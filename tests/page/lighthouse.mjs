// Lighthouse on the built page, as `make serve` serves it: the scores, and a failure where one is too low.
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

const [server, dist, reports] = process.argv.slice(2);
const ADDRESS = "127.0.0.1:8097";

// The least scores. What is not named is 100.
const DEVICES = [
  { name: "desktop", options: ["--preset=desktop"], performance: 95 },
  { name: "mobile", options: [], performance: 85 },
];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const measure = async ({ name, options }) => {
  const path = `${reports}/lighthouse-${name}.json`;
  await promisify(execFile)("lighthouse", [
    `http://${ADDRESS}/`,
    ...options,
    `--only-categories=${CATEGORIES.join()}`,
    "--output=json",
    `--output-path=${path}`,
    "--quiet",
    "--no-enable-error-reporting",
    "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
  ]);
  return JSON.parse(readFileSync(path, "utf8"));
};

/** What took points off. */
const faults = ({ audits, categories }) =>
  CATEGORIES.filter((category) => category !== "performance").flatMap((category) =>
    categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
      .map(({ id }) => `  ${category}: ${audits[id].title} (${id})`),
  );

const serving = spawn(server, [dist, ADDRESS], { stdio: ["ignore", "pipe", "inherit"] });
let failed = false;
try {
  await Promise.race([
    new Promise((resolve) => serving.stdout.once("data", resolve)),
    new Promise((_, reject) => serving.once("exit", () => reject(new Error("there is no server")))),
  ]);
  for (const device of DEVICES) {
    const report = await measure(device);
    const scores = CATEGORIES.map((category) => {
      const score = Math.round(report.categories[category].score * 100);
      const least = device[category] ?? 100;
      failed ||= score < least;
      return `${category} ${score}${score < least ? ` (at least ${least})` : ""}`;
    });
    console.log(`lighthouse: ${device.name}: ${scores.join(", ")}`);
    for (const fault of faults(report)) console.log(fault);
  }
} finally {
  serving.kill();
}
process.exit(failed ? 1 : 0);
