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
 * @param {string[]} files a path and a text each, one behind the other
 * @returns {Blob}
 */
export const tar = (...files) => {
  const blocks = [];
  for (let at = 0; at + 1 < files.length; at += 2) {
    const name = utf8.encode(files[at]);
    // As GNU's tar has it: a file before the file, which holds its name.
    if (name.length > MAX_NAME) blocks.push(block(utf8.encode("././@LongLink"), "L", utf8.encode(`${files[at]}\0`)));
    blocks.push(block(name, "0", utf8.encode(files[at + 1])));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return new Blob(blocks, { type: "application/x-tar" });
};
