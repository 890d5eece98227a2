// The browser's own engine, for guests that are metered modules behind a gate (src/engine/foreign). A guest is suspended by JSPI: what it waits in
// is a function that gives a promise. No JavaScript stands between a guest and its host otherwise: what crosses is in the room, which is in the memory
// of the host's program, and the gate calls that program itself.

export const isThere = () => "promising" in WebAssembly && "Suspending" in WebAssembly;

export const compile = (bytes) => WebAssembly.compile(bytes);

/** Frames that a trace has at most. */
const MOST_FRAMES = 1024;

/** Its frames in WebAssembly as pairs of numbers: the function's index, and the offset in the file. */
const frames = (error) =>
  [...String(error?.stack).matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g)].flatMap(([, index, offset]) => [
    Number(index),
    Number.parseInt(offset, 16),
  ]);

/** The bits of a number of this type, and a number of these bits. */
const view = new DataView(new ArrayBuffer(8));
const toBits = {
  i32: (value) => BigInt.asUintN(32, BigInt(value)),
  i64: (value) => BigInt.asUintN(64, value),
  f32: (value) => (view.setFloat32(0, value), BigInt(view.getUint32(0))),
  f64: (value) => (view.setFloat64(0, value), view.getBigUint64(0)),
};
const fromBits = {
  i32: (bits) => Number(BigInt.asIntN(32, bits)),
  i64: (bits) => BigInt.asIntN(64, bits),
  f32: (bits) => (view.setUint32(0, Number(BigInt.asUintN(32, bits))), view.getFloat32(0)),
  f64: (bits) => (view.setBigUint64(0, bits), view.getFloat64(0)),
};

/** What stands in for an import that is no function. */
const provided = {
  memory: ({ minimum, maximum, is64 }) =>
    new WebAssembly.Memory(
      is64
        ? { initial: BigInt(minimum), maximum: maximum === undefined ? undefined : BigInt(maximum), address: "i64" }
        : { initial: minimum, maximum },
    ),
  table: ({ element, minimum, maximum }) => new WebAssembly.Table({ element, initial: minimum, maximum }),
  global: ({ type, mutable, bits }) =>
    new WebAssembly.Global({ value: type, mutable }, fromBits[type] ? fromBits[type](bits) : type === "externref" ? undefined : null),
  tag: () => new WebAssembly.Tag({ parameters: [] }),
};

/** Bytes that are copied one by one: what copies many at once takes a while to begin. */
const FEW = 64;

const copy = (source, from, target, to, length) => {
  if (length > FEW) {
    target.set(source.subarray(from, from + length), to);
  } else {
    for (let index = 0; index < length; index += 1) target[to + index] = source[from + index];
  }
};

/** A guest behind its gate, which was given (src/browser/engine.rs has what). */
class Guest {
  #host;
  #tell;
  #exports;
  #memory;
  #bytes = new Uint8Array();
  /** The memory of the host's program. */
  #own = new Uint8Array();
  /** References to functions that it has given. */
  #functions = [];
  /** The globals that stand in for imports, with their types. */
  #globals = [];
  /** What calls an export, by its name. */
  #doors = new Map();
  /** The calls that wait, by their numbers: how each goes on, and where it is. */
  #waiting = new Map();
  #running = 0;
  /** How many bytes the gate is. */
  #gate;

  constructor({ module, gate, table, imports, memory, ask, ...tell }) {
    this.#tell = tell;
    this.#gate = gate.length;
    this.#host = { memory, ask, wait: new WebAssembly.Suspending(() => this.#wait()), ...this.#references() };
    const { exports: passes } = new WebAssembly.Instance(new WebAssembly.Module(gate), { host: this.#host });
    let functions = 0;
    const given = imports.map(({ kind, ...what }) => {
      const value = kind === "function" ? passes[functions++] : provided[kind](what);
      if (kind === "global") this.#globals.push([value, what.type]);
      if (kind === "memory") this.#memory ??= value;
      return value;
    });
    // A metered module calls its imports by their numbers.
    this.#exports = new WebAssembly.Instance(module, { imports: given }).exports;
    const isMemory = (it) => it instanceof WebAssembly.Memory;
    const named = [this.#exports.memory, ...Object.values(this.#exports)];
    this.#memory = named.find(isMemory) ?? this.#memory;
    this.#exports[table].set(0, passes.tick);
  }

  /** What makes numbers of references, and references of numbers. Functions are those that the guest has given, things are whatever the host says. */
  #references() {
    const functions = this.#functions;
    return {
      "function number": (given) => {
        if (given === null) return 0n;
        const at = functions.indexOf(given);
        return BigInt(at < 0 ? functions.push(given) : at + 1);
      },
      function: (number) => functions[Number(number) - 1] ?? null,
      "thing number": (given) => (typeof given === "number" ? BigInt.asUintN(64, BigInt(Math.trunc(given))) : 0n),
      thing: (number) => (number === 0n ? null : Number(number)),
    };
  }

  hasFunction(number) {
    return number <= this.#functions.length;
  }

  #wait() {
    const call = this.#running;
    const at = new Error();
    const ends = new Promise((go) => this.#waiting.set(call, { go, at }));
    this.#tell.wake();
    return ends.then((ends) => {
      this.#running = call;
      this.#tell.enters(call);
      return ends;
    });
  }

  /** The size of its memory, in bytes; nothing if it has none. */
  size() {
    return this.#memory && this.#all().length;
  }

  // A memory that has grown has another buffer; the view of what it had is empty.
  #all() {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  #ours() {
    if (this.#own.length === 0) this.#own = new Uint8Array(this.#host.memory.buffer);
    return this.#own;
  }

  /** Copies bytes out of its memory to an address in the host's program, and back. */
  read(at, to, length) {
    copy(this.#all(), at, this.#ours(), to, length);
  }

  write(at, from, length) {
    copy(this.#ours(), from, this.#all(), at, length);
  }

  /** An exported global. */
  counter(name) {
    return this.#exports[name];
  }

  /** The bits of an exported global of this type. */
  global(name, type) {
    return toBits[type]?.(this.#exports[name].value);
  }

  setGlobal(name, type, bits) {
    this.#exports[name].value = fromBits[type](bits);
  }

  /** The bits of a global that stands in for an import. */
  provided(index) {
    const [global, type] = this.#globals[index];
    return toBits[type]?.(global.value);
  }

  open(name, door) {
    const guest = { export: this.#exports[name] };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(door), { host: this.#host, guest });
    this.#doors.set(name, WebAssembly.promising(exports.open));
  }

  begin(call, name) {
    this.#running = call;
    this.#doors.get(name)().then(
      () => this.#tell.wake(),
      (error) => {
        this.#tell.failed(call, String(error?.message ?? error), frames(error));
        this.#tell.wake();
      },
    );
  }

  resume(call, ends) {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    waiting?.go(ends ? 1 : 0);
  }

  waitsAt(call) {
    return frames(this.#waiting.get(call)?.at);
  }

  /** Where it calls its host from: what is behind the gate, which alone is so small. */
  callsFrom() {
    const all = frames(new Error());
    const gate = all.findIndex((offset, at) => at % 2 === 1 && offset < this.#gate);
    return gate < 0 ? [] : all.slice(gate + 1);
  }

  /** Nobody is there any more to be told of what ends. */
  close() {
    const nothing = () => {};
    this.#tell = { wake: nothing, enters: nothing, failed: nothing };
  }
}

export const instantiate = (given) => {
  // Only V8 has a limit.
  Error.stackTraceLimit = MOST_FRAMES;
  return new Guest(given);
};
