export * from "./plugboard.js";
import type { InitInput } from "./plugboard.js";

/**
 * Sets the package up; once is enough. `source` says where `plugboard_bg.wasm` is, or is its bytes,
 * where it is not beside this file.
 */
export default function init(source?: InitInput): Promise<void>;
