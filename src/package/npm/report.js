// How the verdicts on saved calls are told: for people, as TAP, and in JUnit's form.

const print = (line) => process.stdout.write(`${line}\n`);

/** For people. */
export const text = {
  result({ name, passed, differences }, _, isUpdated) {
    print(`${passed ? "✓" : "✗"} ${oneLine(name)}${isUpdated && !passed ? " (updated)" : ""}`);
    for (const line of isUpdated ? [] : told(differences)) print(`    ${line}`);
  },
  end(results) {
    const failed = results.filter(({ passed }) => !passed).length;
    print(`${results.length - failed} passed, ${failed} failed`);
  },
  covered(files) {
    print(coverage(files));
  },
};

/** TAP 14. */
export const tap = {
  begin(count) {
    print(`TAP version 14\n1..${count}`);
  },
  result({ name, passed, differences, millis }, number) {
    print(`${passed ? "ok" : "not ok"} ${number} - ${oneLine(name).replace(/[\\#]/g, "\\$&")}`);
    print(`  ---\n  duration_ms: ${millis.toFixed(1)}`);
    if (!passed) {
      print("  difference: |");
      for (const line of told(differences)) print(`    ${line}`);
    }
    print("  ...");
  },
  covered(files) {
    print(`# ${coverage(files)}`);
  },
};

/** A report in JUnit's form. */
export function junit(suite, results) {
  const seconds = (millis) => (millis / 1000).toFixed(3);
  const failed = results.filter(({ passed }) => !passed).length;
  const total = seconds(results.reduce((sum, { millis }) => sum + millis, 0));
  const counts = `tests="${results.length}" failures="${failed}" errors="0" time="${total}"`;
  const cases = results.map(({ name, passed, differences, millis }) => {
    const head = `    <testcase classname="${xml(suite)}" name="${xml(name)}" time="${seconds(millis)}"`;
    if (passed) return `${head}/>`;
    const message = differences.map(({ what }) => what).join(", ");
    return `${head}>\n      <failure message="${xml(message)}">${xml(told(differences).join("\n"))}</failure>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** How many lines have been reached, as `go test -cover` says it. */
function coverage(files) {
  const sum = (of) => files.reduce((sum, file) => sum + file[of], 0);
  const percent = (100 * sum("reached")) / (sum("total") || 1);
  return `coverage: ${percent.toFixed(1)}% of lines`;
}

/** The differences as lines: what was expected after a minus, what came after a plus. */
function told(differences) {
  return differences.flatMap(({ what, lines }) => [
    `${what}:`,
    ...lines.flatMap((line) => line.split("\n").map((line) => `  ${line}`)),
  ]);
}

const oneLine = (name) => name.replace(/\s*[\r\n]\s*/g, " ");

/** What XML cannot hold is left out. */
function xml(text) {
  const marks = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (mark) => marks[mark]);
}
