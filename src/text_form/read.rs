//! Where things are in a module, found without looking into the functions.

use super::{Import, Module};
use wasmparser::{BinaryReaderError, ExternalKind, Parser, Payload, TypeRef};

impl Module {
    /// What there is in the file of a module.
    ///
    /// # Errors
    ///
    /// When it is no module, or is broken: where, and why.
    pub fn read(bytes: Vec<u8>) -> Result<Self, String> {
        let mut module = Self::default();
        module.note(&bytes).map_err(|error| error.to_string())?;
        // A name or an export may stand before the functions: only those count that are there.
        let count = module.count();
        module.exports.retain(|function, _| *function < count);
        module.bytes = bytes;
        Ok(module)
    }

    fn note(&mut self, bytes: &[u8]) -> Result<(), BinaryReaderError> {
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            self.names.take(&payload);
            match payload {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        self.types.push(ty?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section {
                        let import = import?;
                        if let TypeRef::Func(ty) = import.ty {
                            self.functions.push(ty);
                            self.imports.push(Import {
                                module: import.module.to_owned(),
                                name: import.name.to_owned(),
                            });
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        self.functions.push(ty?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            let names = self.exports.entry(export.index).or_default();
                            names.push(export.name.to_owned());
                        }
                    }
                }
                Payload::CodeSectionStart { range, .. } => self.code = range.start,
                Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
                _ => {}
            }
        }
        Ok(())
    }
}
