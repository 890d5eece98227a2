// The answers that the page saves, as the package's option `imports`.

const AsyncFunction = (async () => {}).constructor;

/**
 * `answers` is what the page saves, or the part of it under "imports". Its JavaScript is refused unless `scripts`.
 * `imports` are those of the plugin, by which an entry that is for one of several of a name is found.
 */
export function answersOf(answers, imports, scripts) {
  const modules = answers.plugboard === "imports" ? answers.imports : answers;
  const options = {};
  for (const [module, names] of Object.entries(modules ?? {})) {
    for (const [name, entry] of Object.entries(names)) {
      const at = `answers.${module}.${name}`;
      const own = imports.filter((it) => it.module === module && it.name === name);
      // Another build may not import it any more.
      if (own.length === 0) continue;
      const list = Array.isArray(entry) ? picked(entry, own) : own.map(() => entry);
      const each = list.map((entry, place) => entry && answer(entry, own[place], at, scripts));
      options[module] ??= {};
      options[module][name] = own.length === 1 ? each[0] : each;
    }
  }
  return options;
}

/** The entry for each import of a name: by its type, and by its number among those of one type. */
function picked(entries, own) {
  const counts = {};
  return own.map((it) => {
    const type = typeOf(it);
    const nth = (counts[type] = (counts[type] ?? 0) + 1);
    return entries.find((entry) => entry.type === type && (entry.nth ?? 1) === nth);
  });
}

function typeOf({ params, results, type }) {
  if (!params) return /^memory|^table of \w+/.exec(type)?.[0] ?? type;
  const list = (types) => `(${types.join(", ")})`;
  if (results.length === 0) return list(params);
  return `${list(params)} → ${results.length === 1 ? results[0] : list(results)}`;
}

function answer(entry, { results, parameters }, at, scripts) {
  switch (entry.answer) {
    case "print-string":
      return "print";
    case "print-arguments":
      return "arguments";
    case "zero":
    case "count":
    case "trap":
      return entry.answer;
    case "nothing":
      return null;
    case "constant":
      return constant(entry.value ?? "", results ?? [], at);
    case "echo":
      return (_, ...args) => args[Number(entry.argument)];
    case "javascript":
      if (!scripts) {
        throw new Error(`${at} is JavaScript: read it, and run it with --allow-scripts`);
      }
      try {
        return new AsyncFunction("guest", ...parameters, entry.code);
      } catch (error) {
        throw new Error(`${at}: ${error.message}`);
      }
    case undefined:
      return number(entry.value ?? "", "i64", at);
    default:
      throw new Error(`${at}: there is no answer ${JSON.stringify(entry.answer)}`);
  }
}

/** A constant, as it is typed: a number for each result. */
function constant(text, types, at) {
  const texts = text.trim() === "" ? types.map(() => "1") : text.split(",");
  const values = texts.map((text, place) => number(text, types[place], at));
  return values.length === 1 ? values[0] : values;
}

function number(text, type, at) {
  const word = text.trim();
  if (word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  try {
    const sign = word.startsWith("-") ? -1n : 1n;
    const whole = sign * BigInt(word.replace(/^[+-]/, "").replaceAll("_", ""));
    return type === "i64" ? whole : Number(whole);
  } catch {
    const value = Number(word.replace(/^\+?inf$/i, "Infinity").replace(/^-inf$/i, "-Infinity"));
    if (Number.isNaN(value) && word !== "NaN") {
      throw new Error(`${at}: ${JSON.stringify(text)} is no number`);
    }
    return value;
  }
}
