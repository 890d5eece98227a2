/** A directory: names, and what they stand for. */
export interface Tree {
  [name: string]: string | Uint8Array | Tree;
}

/**
 * A directory that was read back. A symbolic link is `{ "/symlink": target }`, in a `Tree` too; a file
 * that is too large to be read is `{ "/size": bytes }`. No file can have such a name.
 */
export interface Files {
  [name: string]: Uint8Array | string | bigint | Files;
}

/**
 * How an import is answered. `"print"` prints the string that two `i32` point at; `"arguments"` prints the
 * call as Go writes it; `"zero"` returns zero; `"count"` counts, and returns how often it has been called; a
 * number, bigint or boolean is returned, of several results an array of them (within the array of answers, if
 * there is one); `"trap"` ends the run; `null` too, saying that there is no answer.
 * A function is called; the guest waits for its promise, if it returns one.
 */
export type Answer =
  | "print"
  | "arguments"
  | "zero"
  | "count"
  | "trap"
  | number
  | bigint
  | boolean
  | (number | bigint | boolean | null)[]
  | HostFunction
  | null;

/**
 * A host function. Its arguments and its result are what the import's Go signature has, where that is
 * known (`goSource`, or debug information), else the Wasm numbers and references; several Wasm results are an
 * array.
 * A pointer to a struct is an object of its fields, as they are now, with `$address`; one to anything else
 * `{ $address, value }`; an `unsafe.Pointer` a number. What it throws, or rejects with, traps.
 */
export type HostFunction = (guest: Guest, ...args: any[]) => unknown;

/** The guest, for a host function, until that has returned or its promise is settled. */
export interface Guest {
  /**
   * Calls an export, inside the host call, as `Plugin.call` does. Await it before another one, and
   * before returning. What ends the call otherwise rejects.
   */
  call(name: string, args: GoValue[], options?: { go?: string }): Promise<{ result?: GoValue; args: GoValue[] }>;
  /** The same with the arguments one by one, unless the first is a list: only what it returns. */
  call(name: string, ...args: GoValue[]): Promise<GoValue | undefined>;
  /** A copy of a stretch of memory. */
  read(address: Address, length: number): Uint8Array;
  /** The same as text: what is no UTF-8 is replaced. */
  string(address: Address, length: number): string;
  /** Writes into memory; how many bytes. */
  write(address: Address, data: string | Uint8Array): number;
  /** The bytes of the memory. */
  size(): number;
  /** The same, by another name: `guest.memory.read(…)`. */
  readonly memory: Pick<Guest, "read" | "string" | "write" | "size">;
}

/** An address, or a pointer that a host function was given. */
export type Address = number | { readonly $address: number };

export interface Limits {
  /** Work for one call: about one unit for each Wasm instruction. Absent: until `stop`. */
  fuel?: bigint | number | null;
  /** Pages of 64 KiB that each linear memory may have, at most 32,767 (2 GiB). */
  memoryPages?: bigint | number;
  /** Elements that each table may have, at most 10,000,000. */
  tableElements?: bigint | number;
  /** Bytes that one instance may print. */
  outputBytes?: bigint | number;
  /** Milliseconds that one call may take, but for waiting for stdin and while paused or stopped. At most a
   * year; absent: until `stop`. */
  wallMillis?: bigint | number | null;
  /** How deep calls within calls may be nested, at most 1,000,000. Absent: 10,000. */
  callDepth?: bigint | number;
}

export interface Options {
  /** The arguments, the program's name first. */
  args?: string[];
  /** The environment. */
  env?: Record<string, string>;
  /** What stdin holds. `null` or absent: its end, at once. A function is asked whenever the guest
   * waits for more; `null` is the end. */
  stdin?:
    | string
    | Uint8Array
    | null
    | (() => string | Uint8Array | null | Promise<string | Uint8Array | null>);
  /** Paths that the guest finds open, and what is there. Absent: an empty `/`. */
  preopens?: Record<string, Tree>;
  /** Preopens that the guest may not change. */
  readonly?: string[];
  /**
   * The text of a session file that the page has saved: what it has under "settings" holds for every option here that is
   * absent. Its files are not read; stdin is empty, unless it is a text.
   */
  session?: string;
  /** Whether stdin, stdout and stderr report themselves as a terminal. */
  terminal?: boolean;
  /**
   * How the imports that are not WASI's are answered, by module and name. Absent: `"print"` for
   * `(i32, i32)` without a result, else `null`. A module may import one name more than once: an answer is
   * for every import of its name that it fits; an array has one for each, in the module's order, where
   * `undefined` leaves one as it is. For a global, a number is its value; for a memory or a table, its
   * size at the start, in pages or elements.
   */
  imports?: Record<string, Record<string, Answer | (Answer | undefined)[]>>;
  /** Go files, by name, from which the signatures of exports are read. */
  goSource?: Record<string, string>;
  limits?: Limits;
  /**
   * A clock that moves by `step` when it is read, and when the guest sleeps, which takes no time. In
   * nanoseconds. Absent: the real clocks.
   */
  clock?: { realtime?: bigint | number; step?: bigint | number };
  /** Decides what is random. Absent: it cannot be foreseen. */
  seed?: bigint | number;
  onStdout?: (chunk: Uint8Array) => void;
  onStderr?: (chunk: Uint8Array) => void;
  /** What imports print. Absent: it goes to `onStdout`. */
  onHost?: (chunk: Uint8Array) => void;
  /** Told of every host call, in order, once it has ended. Absent: none is recorded. */
  onTrace?: (event: TraceEvent) => void;
  /**
   * Whether calls are debugged: they stop at `breakpoints`, know the lines that they have reached (`coverage`) and
   * where they are at every line. They take longer, and more fuel.
   */
  debug?: boolean;
  /**
   * What calls run in. `"browser"` is the engine of the browser, or of Node, itself, and many times as fast; it needs JSPI, which Chrome and Edge 137,
   * Firefox 153, Safari 27 and Node 25 have, and has no `debug`. Absent: `"interpreter"`, which runs anywhere.
   */
  engine?: "interpreter" | "browser";
  /**
   * The host of a plugin framework that the module runs with, which then answers the imports that are the framework's. Absent: the one that the
   * module is recognised to be written for, unless `imports` answers what that would; `"none"`: imports are answered as `imports` says.
   */
  host?: HostName | "none";
  /** Asked how a call goes on that has stopped, with `debug`. Absent: it goes on by itself. */
  onStop?: StopHandler;
}

/**
 * Is told where a call has stopped, and answers how it goes on, at once or by a promise: to the next breakpoint
 * (`"continue"`, or nothing), to the next line (`"over"` the functions that it calls, or `"into"` them), to where this
 * function returns (`"out"`), or not at all (`"stop"`). Until then the guest is held: its memory and files can be
 * looked at, and the time does not count towards `limits.wallMillis`. What it throws, or rejects with, ends the call: the
 * promise of `call` is rejected with an `Error` that says so, and whose `cause` it is.
 */
export type StopHandler = (stop: Stop) => Going | void | Promise<Going | void>;

export type Going = "continue" | "over" | "into" | "out" | "stop";

/** Where a call has stopped: before the code of the line, before the call of an import, or where it traps. */
export interface Stop {
  reason: "breakpoint" | "step" | "hostCall" | "trap";
  /** The import that is about to be called, such as `"env.log"`, for `"hostCall"`. */
  import?: string;
  /** Why it traps, for `"trap"`. The call ends when it goes on. */
  message?: string;
  /** Those of the innermost frame. */
  function?: string;
  file?: string;
  line?: number;
  column?: number;
  /** The innermost function first. */
  backtrace: Frame[];
  /** The other goroutines of standard Go. */
  goroutines?: Goroutine[];
  /** The package variables of the packages whose functions are in `backtrace`, where the module says where they are. */
  variables?: Argument[];
}

/** Where calls stop. They can be changed at any time, also while a call runs or is stopped. */
export interface Breakpoints {
  /**
   * Has calls stop at a line, such as `"main.go:12"`: a file is named by its path, or by the last parts of it. Throws
   * an `Error` if no code is from such a file, or none of it is behind the line. Or where a function begins, also where
   * it is inlined, such as `"main.greet"` or `"greet"`: throws an `Error` if there is none.
   */
  set(at: string): Breakpoint | FunctionBreakpoint;
  /** Takes one away, or without `at` all of them: whether there was one. */
  clear(at?: string): boolean;
  /** All of them, in the order of files and lines; then those at functions, in the order of names. */
  list(): (Breakpoint | FunctionBreakpoint)[];
  /** Has calls stop before an import is called, such as `"env.log"`, or with `false` no longer. */
  hostCall(name: string, on?: boolean): void;
  /** Has calls stop where they trap, or with `false` no longer. */
  trap(on?: boolean): void;
}

export interface FunctionBreakpoint {
  /** The name that was asked for. */
  function: string;
}

export interface Breakpoint {
  /** The path of the file, as the compiler wrote it. */
  file: string;
  /** The line that was asked for. */
  line: number;
  /** Whether it has code. */
  hasCode: boolean;
  /** Where calls stop: at that line or, if it has no code, at the next one that has. */
  stopsAt: number;
}

/**
 * Which lines of the source have been reached, in all instances of a plugin since it was loaded. Libraries
 * (Go's own, and modules that were fetched) are left out unless `all` is true.
 */
export interface Coverage {
  /** As `go test -coverprofile` writes it, which `go tool cover` reads. A line counts as one statement. */
  profile(options?: { all?: boolean }): string;
  /** The same as plain data, in the order of paths. */
  files(options?: { all?: boolean }): CoveredFile[];
  /** Forgets what has been reached so far. */
  reset(): void;
}

/** Where the fuel of calls goes, of all from `start` to `stop`, in whatever instance. */
export interface Profiler {
  /** Samples where the guest is each time that it has used about `every` units of fuel; absent: 20,000. */
  start(options?: { every?: bigint | number }): void;
  /** Samples no longer. */
  stop(): Profile;
}

export interface Profile {
  /** How many samples there are. */
  samples: number;
  /** The fuel that they stand for, as that of the rows: a sum of estimates, for which a number will do. */
  fuel: number;
  /** Nanoseconds that host calls took. */
  hostNanos: number;
  /** By function; what used the most by itself comes first. */
  functions: ProfileRow[];
  /** By line. */
  lines: ProfileRow[];
  /** Folded stacks, from which flame graphs are drawn: on each line `main.main;main.work 15`. */
  folded: string;
  /** What `go tool pprof` reads. */
  pprof: Uint8Array;
}

export interface ProfileRow {
  /** As its language writes it. */
  function: string;
  /** The source file, as the compiler wrote it, if it is known. */
  file?: string;
  /** Of a row by line, if it is known. */
  line?: number;
  /** The fuel that was used there. */
  self: number;
  /** That, and the fuel of all that was called there. */
  total: number;
  /** Nanoseconds that the host calls took that were made there, or by what was called there. */
  hostNanos: number;
}

export interface CoveredFile {
  /** The path of the file, as the compiler wrote it. */
  file: string;
  /** How many of its lines with code have been reached. */
  reached: number;
  /** How many there are. */
  total: number;
  /** Which they are, in order. */
  lines: { line: number; reached: boolean }[];
}

/** A call of WASI, or of another import. */
export interface TraceEvent {
  /** Counts them, from 0. */
  number: number;
  /** When it was made, in nanoseconds of the guest's monotonic clock. */
  at: bigint;
  /** How long it took, with what it waited, in nanoseconds. */
  duration: bigint;
  /** What its call had used by then. */
  fuel: bigint;
  /** The export that ran. */
  export: string;
  /** `fd_write`, or `module.name` of an import that is not WASI's. */
  name: string;
  /** Decoded: `1, 1 iovec, 6 B "hello\n"`. */
  arguments: string;
  /** The errno by name and what was written back, or what it returned: `ESUCCESS, nwritten 6`. */
  result: string;
  /** Whether it returned an errno other than ESUCCESS, or ended the run. */
  failed: boolean;
}

export type WasmType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref";

export interface Export {
  name: string;
  params: WasmType[];
  results: WasmType[];
  /** As a Go function, if it can be one. With several results, or references, it can be called all the
   * same. */
  go?: string;
  /** Where that comes from. */
  from?: "dwarf" | "source" | "hand" | "guess";
}

export interface Import {
  module: string;
  name: string;
  /** Of a function. */
  params?: WasmType[];
  results?: WasmType[];
  /** What JavaScript calls the parameters: their names in Go, or `p0`, `p1`. */
  parameters?: string[];
  /** Of anything else: what it is. */
  type?: string;
  /** What answers it; `null`: nothing yet. */
  provided: "wasi" | "preset" | "js" | null;
  /** Why WASI does not serve it although it has the name of one of its functions: both types. */
  mismatch?: string;
}

/**
 * A Go value: numbers for the integers of up to 32 bits and floats; bigints for `int64` and `uint64`,
 * for which numbers are taken too; strings, or `Uint8Array`s where they are no UTF-8; arrays, for
 * `[n]byte` `Uint8Array`s; objects for structs, in which what is absent is zero; for a pointer what it
 * points at, `null` for nil, or `{ $address: number }`. Of a function that Go cannot have: a Wasm reference is
 * `null`, or an opaque `{ $ref: number }`. That of a `funcref` stands for a function that a call has
 * returned, and is good until the instance is replaced; that of an `externref` is the caller's to choose.
 */
export type GoValue =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | null
  | GoValue[]
  | { [field: string]: GoValue };

/** How a call ended. A call that cannot be made at all is rejected with an `Error`. */
export interface Outcome {
  status: "returned" | "exited" | "trapped" | "stopped" | "limited";
  /** What it used. With `debug` that is more. */
  fuel: bigint;
  /** Of `"exited"`: what the guest called `proc_exit` with. */
  exitCode?: number;
  /** Of `"trapped"` and `"limited"`: what happened, and where. */
  message?: string;
  /**
   * Of what did not return: where it ended, the innermost function first. Absent where that cannot be seen.
   */
  backtrace?: Frame[];
  /**
   * Of what did not return, of standard Go: the other goroutines, but for the runtime's own, at most 100 of them. Absent where
   * they cannot be seen.
   */
  goroutines?: Goroutine[];
  /** With `debug`, of what did not return: the package variables, as a `Stop` has them. */
  variables?: Argument[];
  /** Of `"returned"`: the Go result, if there is one; of several Wasm results an array. */
  result?: GoValue;
  /** Of `"returned"`: the arguments after the call, what they point at read back. */
  args?: GoValue[];
  /** Of a call that was made with `profile`: where its fuel went. */
  profile?: Profile;
}

/** A goroutine besides the one that `backtrace` is of. */
export interface Goroutine {
  id: number;
  /** What it did or waited for, as Go writes it: `"runnable"`, `"chan receive"`. */
  status: string;
  /** The innermost function first; empty if it ran. */
  backtrace: Frame[];
  /** The function that has created it, at that line, and the id of the goroutine that has done so, if they are known. */
  createdBy?: Frame;
  creator?: number;
}

/** A function that had been called and had not returned. */
export interface Frame {
  /** As its language writes it: `main.(*List).Push`. */
  function: string;
  /** The source file, as the compiler wrote it, if it is known. */
  file?: string;
  /** From 1, if it is known. */
  line?: number;
  /** From 1, if it is known. */
  column?: number;
  /** Whether the compiler has put it into the function of the next frame. */
  inlined: boolean;
  /** Whether it belongs to the language's runtime. */
  runtime: boolean;
  /** What it was called with, with `debug`, where the module says what that was. */
  arguments?: Argument[];
  /** Its variables at this place, with `debug`, as they are; among them parameters that have changed since the call. */
  variables?: Argument[];
}

/** What a function was called with, for one of its parameters; or a variable. */
export interface Argument {
  name?: string;
  /** As its language writes it. */
  type?: string;
  /** In the syntax of Go; absent: the module does not say, for certain, where it is. */
  value?: string;
}

/** The saved calls of a file. */
export interface SavedCalls {
  /** Whether they are made in order, in one instance, and not each in a fresh one. */
  inOrder: boolean;
  /** Each with the text that `Plugin.check` takes. */
  calls: { name: string; call: string }[];
}

/** Whether a saved call came to what is expected of it. */
export interface Verdict {
  passed: boolean;
  /** What is otherwise: lines with a minus were expected, those with a plus came. */
  differences: { what: string; lines: string[] }[];
  /** The call as it would have passed; absent: it could not be made. */
  updated?: string;
  fuel?: bigint;
  /** Of a call that did not return: where it ended, and the other goroutines, as in an `Outcome`. */
  backtrace?: Frame[];
  goroutines?: Goroutine[];
}

/** Reads a file of saved calls; throws an `Error` that says what is wrong, and where. */
export function savedCalls(text: string): SavedCalls;

/** The text of such a file with other calls at some places. */
export function updateCalls(text: string, places: number[], calls: string[]): string;

/** A framework whose host is here. */
export type HostName = "extism" | "http-wasm" | "proxy-wasm" | "kubewarden" | "wapc" | "sqlc" | "buf";

/** What a module is written for, and the host that it runs with. */
export interface Hosting {
  /** The host, as the option has it; `null`: none. */
  name: HostName | null;
  /** The framework that the module is recognised to be written for, by what, and what is to be said of it. */
  framework?: string;
  why?: string;
  notes?: string[];
  /** The exports that `perform` calls. */
  exports: string[];
}

/**
 * What is filled in for a call. For Extism: `input` (a string or bytes), `config` and `variables` (objects of strings; variables are for the
 * first call in an instance), `allowedHosts` (strings, with `*`), `logLevel`. For commands of sqlc (the export is `_start`): `request` (bytes), `version`,
 * `env`; of buf: `request`, `wrap`, and the action `"check"`, `"list-rules"`, `"list-categories"`, `"info"`, `"spec"` or `"protocol"`.
 */
export type Fields = { [field: string]: string | number | boolean | Uint8Array | string[] | [string, string][] | object | undefined };

/** What there is to show of a call: why it `failed`, if it did, what was `said` in a word, and parts: for Extism `output`, `log`, `variables`. */
export interface Shown {
  failed?: string;
  said: string;
  [part: string]: unknown;
}

/** A WebAssembly plugin that can be run, one call at a time. */
export class Plugin {
  private constructor();
  /** Reads, validates and sets up a module. */
  static load(bytes: Uint8Array | ArrayBuffer, options?: Options): Promise<Plugin>;
  /** By what it exports: `_start`, `_initialize`, or neither. */
  readonly kind: "command" | "reactor" | "bare";
  /** The functions that it exports. */
  readonly exports: Export[];
  readonly imports: Import[];
  /** Why not more is known of its Go signatures, or, with `debug`, of its lines: what is wrong with its debug
   * information or the Go files. */
  readonly problems: string[];
  /** Where calls stop. Throws unless it was loaded with `debug`, as what follows does. */
  readonly breakpoints: Breakpoints;
  /** Which lines have been reached. */
  readonly coverage: Coverage;
  /** Where the fuel goes. Of one call, the option `profile` tells it. */
  readonly profile: Profiler;
  /** What is asked how a call goes on that has stopped; may be set to another function, or to null. */
  onStop: StopHandler | null;
  /**
   * Goes on from where a call has stopped, as if `onStop` had answered so: for a debugger that is driven from outside, by
   * its buttons, while the handler's promise is pending. A call that runs is stopped at its next line. Absent: `"over"`.
   */
  step(how?: "over" | "into" | "out"): void;
  /** Runs `_start` or `_initialize`. A command can be started again, each time from nothing. */
  start(options?: { profile?: boolean }): Promise<Outcome>;
  /**
   * Calls an export, by its Go signature: `go`, if given, such as `greet(name string)`; else the one in
   * `exports`, or, where that is a guess, the first that the arguments fit. A reactor is initialised
   * first when it has not been.
   */
  call(name: string, args?: GoValue[], options?: { go?: string; profile?: boolean }): Promise<Outcome>;
  /** What the module is written for, if that can be seen, and the host that it runs with. */
  readonly host: Hosting | null;
  /**
   * Calls an export as its framework's host does, by what is filled in; `host.exports` are called so. What comes of it is in `shown`. For Extism:
   *
   * ```js
   * const { shown } = await plugin.perform("greet", { input: "Ada", config: { greeting: "Salve" }, allowedHosts: ["*.example.com"] });
   * if (shown.failed) throw new Error(shown.failed);
   * new TextDecoder().decode(shown.output);
   * ```
   */
  perform(name: string, fields?: Fields, action?: string): Promise<Outcome & { shown?: Shown }>;
  /**
   * Makes a saved call and judges what came of it; `fresh`: in a fresh instance. The files that the guest sees
   * stay as they are.
   */
  check(call: string, options?: { fresh?: boolean }): Promise<Verdict>;
  /** What is at a path in a preopen: a directory, or a file's bytes. */
  files(path: string): Files | Uint8Array;
  /** A copy of a part of the linear memory; also while a call runs. */
  read(address: Address, length: number): Uint8Array;
  /** The same, by its older name. */
  memory(address: Address, length: number): Uint8Array;
  /** Writes into the linear memory, all of it or, outside of it, nothing; also while a call runs: how many
   * bytes. */
  write(address: Address, data: string | Uint8Array): number;
  /** Asks the guest for room (`malloc`, or `cabi_realloc`) and writes there: its address. The room is the
   * guest's to keep: to give it back, call its `free`. */
  allocate(data: string | Uint8Array): Promise<number>;
  /** Holds the call that runs, between two instructions or in what it waits for. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** Ends the call that runs; its outcome is `"stopped"`. */
  stop(): void;
  /** Gives up the memory that it takes, once the call that runs has ended. */
  free(): void;
}
