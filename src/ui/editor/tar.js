// Files as one archive, in the form of tar that everything reads: a header of 512 bytes before each.
const BLOCK = 512;
/** Bytes of a name that a header has room for. */
const MAX_NAME = 100;
const utf8 = new TextEncoder();

const block = (name, kind, contents) => {
  const bytes = new Uint8Array(BLOCK + Math.ceil(contents.length / BLOCK) * BLOCK);
  const put = (at, text) => bytes.set(typeof text === "string" ? utf8.encode(text) : text, at);
  const octal = (number, digits) => number.toString(8).padStart(digits, "0");
  put(0, name.subarray(0, MAX_NAME));
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(contents.length, 11));
  put(136, octal(Math.floor(Date.now() / 1000), 11));
  put(148, "        ");
  put(156, kind);
  put(257, "ustar  ");
  put(148, `${octal(bytes.subarray(0, BLOCK).reduce((sum, byte) => sum + byte, 0), 6)}\0 `);
  put(BLOCK, contents);
  return bytes;
};

/**
 * An archive.
 *
 * @param {(string | Blob)[]} files a path and a text or a file each, one behind the other
 * @returns {Promise<Blob>}
 */
export const tar = async (...files) => {
  const blocks = [];
  for (let at = 0; at + 1 < files.length; at += 2) {
    const name = utf8.encode(files[at]);
    // As GNU's tar has it: a file before the file, which holds its name.
    if (name.length > MAX_NAME) blocks.push(block(utf8.encode("././@LongLink"), "L", utf8.encode(`${files[at]}\0`)));
    blocks.push(block(name, "0", new Uint8Array(await new Blob([files[at + 1]]).arrayBuffer())));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return new Blob(blocks, { type: "application/x-tar" });
};

/**
 * What is in an archive; files that others refer to, devices and folders are none.
 *
 * @param {Blob} archive
 * @returns {Promise<(string | Blob)[]>} a path and a file each, one behind the other
 */
export const untar = async (archive) => {
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const text = (at, length) => new TextDecoder().decode(bytes.subarray(at, at + length)).split("\0", 1)[0];
  const files = [];
  let path = "";
  for (let at = 0; bytes[at]; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const kind = text(at + 156, 1) || "0";
    const within = text(at + 257, 6) === "ustar" ? text(at + 345, 155) : "";
    const begins = at + BLOCK;
    // The name of the next one, as GNU's tar has it, and as POSIX does.
    if (kind === "L") path = text(begins, size);
    else if (kind === "x") path = /^\d+ path=(.*)$/m.exec(text(begins, size))?.[1] ?? path;
    else {
      path ||= (within && `${within}/`) + text(at, MAX_NAME);
      if (kind === "0") files.push(path, new Blob([bytes.subarray(begins, begins + size)]));
      path = "";
    }
    at = begins + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
};
