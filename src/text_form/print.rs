//! The text of one function, line by line, with the place of each instruction.

use super::Module;
use super::instructions;
use super::names::{Named, quote};
use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use wasmparser::{BinaryReader, BinaryReaderError, BlockType, FunctionBody, Operator, ValType};

/// Bytes of text after which a function is cut off. (What a compiler writes is a few; the largest body that is valid
/// would be ten times as much.)
pub(super) const MOST: usize = 64 << 20;

/// Blocks within blocks are indented up to this depth.
const DEEPEST: usize = 50;

/// The text of a function.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub text: String,
    pub lines: Vec<Line>,
    /// Whether the text ends early: it is too long, or the body is broken.
    pub is_cut: bool,
}

/// A line of it.
#[derive(Debug)]
pub(super) struct Line {
    /// Where in the text it ends, without the line break.
    pub end: usize,
    /// The instruction, as an offset in the contents of the code section.
    pub place: Option<u32>,
    /// The function that the line names, and from which byte of the line on.
    pub callee: Option<(u32, u32)>,
}

impl Printed {
    /// The text of a line.
    pub fn line(&self, line: usize) -> &str {
        let before = line.checked_sub(1).and_then(|it| self.lines.get(it));
        // Behind the line break.
        let start = before.map_or(0, |before| before.end + 1);
        let end = self.lines.get(line).map_or(start, |line| line.end);
        self.text.get(start..end).unwrap_or_default()
    }
}

/// Writes a function into the line that is begun last.
pub(super) struct Printer<'a> {
    module: &'a Module,
    printed: Printed,
    /// Where the line begins, and what is known of it.
    start: usize,
    place: Option<u32>,
    callee: Option<(u32, u32)>,
    locals: BTreeMap<u32, Named>,
    labels: BTreeMap<u32, Named>,
    /// The blocks that are open: each by its place among all.
    blocks: Vec<u32>,
    /// How many there have been.
    label: u32,
}

/// The text of a function of the module that has this index.
pub(super) fn print(module: &Module, function: u32) -> Printed {
    let mut printer = Printer {
        module,
        printed: Printed::default(),
        start: 0,
        place: None,
        callee: None,
        locals: module.names.locals(&module.bytes, function),
        labels: module.names.labels(&module.bytes, function),
        blocks: Vec::new(),
        label: 0,
    };
    let imported = usize::try_from(function).ok();
    if let Some(import) = imported.and_then(|it| module.imports.get(it)) {
        printer.push("(import ");
        quote(&import.module, &mut printer.printed.text);
        printer.push(" ");
        quote(&import.name, &mut printer.printed.text);
        printer.push(" ");
        printer.head(function);
        printer.push("))");
    } else if let Some(body) = module.body(function) {
        printer.place = module.place(body.start);
        printer.head(function);
        if let Err(error) = printer.body(function, body) {
            printer.printed.is_cut = true;
            printer.blocks.clear();
            printer.begin(None);
            let _ = write!(
                printer.printed.text,
                ";; it cannot be read further: {error}"
            );
        }
        if !printer.printed.is_cut {
            // The `end` of the body.
            let end = module.place(body.end.saturating_sub(1));
            printer.line(0, end);
        } else {
            printer.line(0, None);
        }
        printer.push(")");
    }
    printer.finish()
}

impl Printer<'_> {
    pub(super) fn push(&mut self, text: &str) {
        self.printed.text.push_str(text);
    }

    /// ` 12`
    pub(super) fn number(&mut self, number: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(self.printed.text, " {number}");
    }

    pub(super) fn local(&mut self, index: u32) {
        match self.locals.get(&index) {
            Some(name) => {
                self.printed.text.push(' ');
                name.write(&mut self.printed.text);
            }
            None => self.number(index),
        }
    }

    pub(super) fn global(&mut self, index: u32) {
        self.named(self.module.names.globals.get(&index), index);
    }

    pub(super) fn table(&mut self, index: u32) {
        self.named(self.module.names.tables.get(&index), index);
    }

    pub(super) fn table_unless_first(&mut self, index: u32) {
        if index != 0 {
            self.table(index);
        }
    }

    pub(super) fn memory(&mut self, index: u32) {
        self.named(self.module.names.memories.get(&index), index);
    }

    pub(super) fn data(&mut self, index: u32) {
        self.named(self.module.names.data.get(&index), index);
    }

    pub(super) fn element(&mut self, index: u32) {
        self.named(self.module.names.elements.get(&index), index);
    }

    /// A function, to which the line leads.
    pub(super) fn function(&mut self, index: u32) {
        let from = self.printed.text.len() + 1 - self.start;
        self.callee = u32::try_from(from).ok().map(|from| (index, from));
        self.named(self.module.names.functions.get(&index), index);
    }

    fn named(&mut self, name: Option<&Named>, index: u32) {
        match name {
            Some(name) => {
                self.printed.text.push(' ');
                name.write(&mut self.printed.text);
            }
            None => self.number(index),
        }
    }

    /// The block that a branch leads to; 0 is the innermost. One without a name has a number of its own in a remark.
    pub(super) fn depth(&mut self, depth: u32) {
        let open = self.blocks.len();
        let at = usize::try_from(depth)
            .ok()
            .and_then(|it| open.checked_sub(it));
        let Some(at) = at else {
            return self.number(format_args!("{depth} (; INVALID ;)"));
        };
        let block = at.checked_sub(1).and_then(|at| self.blocks.get(at));
        let name = block.and_then(|label| self.labels.get(label));
        let inner = self.blocks.get(at..).unwrap_or_default();
        // The name means the innermost that has it.
        let hides = |name: &Named| {
            let mut inner = inner.iter().filter_map(|label| self.labels.get(label));
            inner.any(|other| other.name == name.name)
        };
        match name {
            Some(name) if !hides(name) => {
                self.printed.text.push(' ');
                name.write(&mut self.printed.text);
            }
            None if at > 0 => self.number(format_args!("{depth} (;@{at};)")),
            _ => self.number(depth),
        }
    }

    /// ` (type 3)`
    pub(super) fn type_use(&mut self, index: u32) {
        self.push(" (type");
        self.named(self.module.names.types.get(&index), index);
        self.push(")");
    }

    /// Of the block that has just been opened.
    pub(super) fn block_type(&mut self, ty: BlockType) {
        let label = self.label;
        self.label += 1;
        let name = self.labels.get(&label);
        if let Some(name) = name {
            self.printed.text.push(' ');
            name.define(&mut self.printed.text);
        }
        let is_named = name.is_some();
        match ty {
            BlockType::Empty => {}
            BlockType::Type(ty) => {
                self.push(" (result");
                self.number(ty);
                self.push(")");
            }
            BlockType::FuncType(index) => {
                self.type_use(index);
                self.signature(index, false);
            }
        }
        if !is_named {
            let depth = self.blocks.len();
            let _ = write!(self.printed.text, " ;; label = @{depth}");
        }
    }

    /// `(func $main.main (;12;) (type 3) (param i32) (result i32)`
    fn head(&mut self, function: u32) {
        self.push("(func ");
        if let Some(name) = self.module.names.functions.get(&function) {
            name.define(&mut self.printed.text);
            self.push(" ");
        }
        let _ = write!(self.printed.text, "(;{function};)");
        if let Some(ty) = self.module.type_of(function) {
            self.type_use(ty);
            // An import's says it elsewhere in the text of a module; here it stands alone.
            self.signature(ty, true);
        }
    }

    /// ` (param i32 i32) (result i32)`
    fn signature(&mut self, ty: u32, has_names: bool) {
        let Some(ty) = self.module.ty(ty) else {
            return;
        };
        let mut params = Group::new("param", has_names);
        for (index, param) in (0..).zip(ty.params()) {
            params.add(index, *param, self);
        }
        params.end(self);
        let mut results = Group::new("result", false);
        for result in ty.results() {
            results.add(0, *result, self);
        }
        results.end(self);
    }

    fn body(
        &mut self,
        function: u32,
        range: &std::ops::Range<usize>,
    ) -> Result<(), BinaryReaderError> {
        let bytes = self.module.bytes.get(range.clone()).unwrap_or_default();
        let body = FunctionBody::new(BinaryReader::new(bytes, range.start));
        let mut local = self.module.params(function);
        let mut locals = body.get_locals_reader()?;
        let mut group = Group::new("local", true);
        for _ in 0..locals.get_count() {
            let place = self.module.place(locals.original_position());
            let (count, ty) = locals.read()?;
            if !group.is_begun && count > 0 {
                self.line(1, place);
            }
            for _ in 0..count {
                if self.is_full() {
                    return Ok(());
                }
                group.add(local, ty, self);
                local = local.saturating_add(1);
            }
        }
        group.end(self);
        let mut operators = body.get_operators_reader()?;
        while !operators.is_end_then_eof() {
            let (operator, at) = operators.read_with_offset()?;
            if self.is_full() {
                break;
            }
            self.operator(&operator, self.module.place(at));
        }
        Ok(())
    }

    /// Whether so much is written that the rest is left out.
    fn is_full(&mut self) -> bool {
        self.printed.is_cut = self.printed.text.len() > MOST;
        if self.printed.is_cut {
            self.line(1, None);
            self.push(";; the rest is left out: it is too long");
        }
        self.printed.is_cut
    }

    fn operator(&mut self, operator: &Operator<'_>, place: Option<u32>) {
        let is_end = matches!(operator, Operator::End);
        if is_end {
            self.blocks.pop();
        }
        let depth = self.blocks.len() + 1;
        let is_else = matches!(operator, Operator::Else);
        self.line(depth.saturating_sub(usize::from(is_else)).max(1), place);
        if matches!(
            operator,
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. }
        ) {
            self.blocks.push(self.label);
        }
        instructions::write(operator, self);
    }

    /// Ends the line, and begins one at this depth.
    fn line(&mut self, depth: usize, place: Option<u32>) {
        self.begin(place);
        for _ in 0..depth.min(DEEPEST) {
            self.push("  ");
        }
    }

    fn begin(&mut self, place: Option<u32>) {
        self.printed.lines.push(Line {
            end: self.printed.text.len(),
            place: self.place,
            callee: self.callee.take(),
        });
        self.push("\n");
        self.start = self.printed.text.len();
        self.place = place;
    }

    fn finish(mut self) -> Printed {
        self.begin(None);
        self.printed.text.pop();
        self.printed
    }
}

/// Parameters, results or locals: those without names stand together.
struct Group {
    what: &'static str,
    has_names: bool,
    is_open: bool,
    is_begun: bool,
}

impl Group {
    fn new(what: &'static str, has_names: bool) -> Self {
        Self {
            what,
            has_names,
            is_open: false,
            is_begun: false,
        }
    }

    fn add(&mut self, index: u32, ty: ValType, printer: &mut Printer<'_>) {
        let name = printer.locals.get(&index).filter(|_| self.has_names);
        let text = &mut printer.printed.text;
        if name.is_some() && self.is_open {
            text.push(')');
            self.is_open = false;
        }
        if !self.is_open {
            if !text.ends_with(' ') {
                text.push(' ');
            }
            text.push('(');
            text.push_str(self.what);
        }
        if let Some(name) = name {
            text.push(' ');
            name.define(text);
        }
        let is_named = name.is_some();
        let _ = write!(text, " {ty}");
        if is_named {
            text.push(')');
        }
        self.is_open = !is_named;
        self.is_begun = true;
    }

    fn end(self, printer: &mut Printer<'_>) {
        if self.is_open {
            printer.push(")");
        }
    }
}
