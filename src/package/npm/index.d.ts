export * from "./plugboard.js";
import type { InitInput } from "./plugboard.js";

/**
 * Sets the package up; once is enough. `source` says where `plugboard_bg.wasm` is, or is its bytes,
 * where it is not beside this file.
 */
export default function init(source?: InitInput): Promise<void>;

/** Something that is wrong in Go source; a line or column of 0: the whole. */
export interface Diagnostic {
  /** The path of the file; empty: it is about none. */
  file: string;
  line: number;
  /** In bytes, from 1. */
  column: number;
  /** In the words of who found it; it may have several lines. */
  message: string;
}

export interface BuildOptions {
  /** The folder with the toolchain's files (`make toolchain`): its address or, in Node, its path. */
  toolchain: string | URL;
  /** Told of what is wrong as it is found. */
  onDiagnostic?(found: Diagnostic): void;
  /** Told when a step begins: `compile example/greet`. */
  onStep?(step: { step: string; number: number; of: number }): void;
  /** Stops it, and rejects with its reason. */
  signal?: AbortSignal;
}

/**
 * Builds a Go program with Go's own compiler and linker, which run as guests: `files` are its files by path, `go.mod` too if
 * it has one. With a `//go:wasmexport` it becomes a reactor, else a command. Without a module, the diagnostics say what is
 * wrong. It rejects when it cannot be done. Tools stay loaded for the next build with the same toolchain.
 */
export function build(
  files: Record<string, string | Uint8Array>,
  options: BuildOptions,
): Promise<{ module?: Uint8Array; kind?: "command" | "reactor"; version: string; diagnostics: Diagnostic[] }>;
