//! What the name section calls things, and how the text form writes that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use wasmparser::{
    BinaryReader, IndirectNameMap, KnownCustom, Name, NameMap, NameSectionReader, Payload,
};

/// The names in a module.
#[derive(Default)]
pub(super) struct Names {
    pub functions: BTreeMap<u32, Named>,
    pub types: BTreeMap<u32, Named>,
    pub tables: BTreeMap<u32, Named>,
    pub memories: BTreeMap<u32, Named>,
    pub globals: BTreeMap<u32, Named>,
    pub elements: BTreeMap<u32, Named>,
    pub data: BTreeMap<u32, Named>,
    /// Where the names of locals and of labels are in the file: those of a function are looked up when it is printed.
    locals: Option<Range<usize>>,
    labels: Option<Range<usize>>,
}

/// A name.
pub(super) struct Named {
    /// As the module has it.
    pub name: String,
    /// What makes it an identifier of its own, `#func12`, where it is none by itself: it is empty, or another has
    /// it.
    prefix: Option<String>,
}

impl Names {
    /// Takes what a name section says; what is broken in it is left out, as the specification says.
    pub fn take(&mut self, payload: &Payload<'_>) {
        let Payload::CustomSection(section) = payload else {
            return;
        };
        if let KnownCustom::Name(names) = section.as_known() {
            self.read(names);
        }
    }

    fn read(&mut self, names: NameSectionReader<'_>) {
        for names in names.into_iter().map_while(Result::ok) {
            match names {
                Name::Function(names) => self.functions = named(names, "func"),
                Name::Type(names) => self.types = named(names, "type"),
                Name::Table(names) => self.tables = named(names, "table"),
                Name::Memory(names) => self.memories = named(names, "memory"),
                Name::Global(names) => self.globals = named(names, "global"),
                Name::Element(names) => self.elements = named(names, "elem"),
                Name::Data(names) => self.data = named(names, "data"),
                Name::Local(names) => self.locals = Some(names.range()),
                Name::Label(names) => self.labels = Some(names.range()),
                _ => {}
            }
        }
    }

    /// The names of a function's locals, by index.
    pub fn locals(&self, bytes: &[u8], function: u32) -> BTreeMap<u32, Named> {
        let names = inner(bytes, self.locals.as_ref(), function);
        names.map(|names| named(names, "local")).unwrap_or_default()
    }

    /// The names of its labels, in the order of its blocks. Several may have one name.
    pub fn labels(&self, bytes: &[u8], function: u32) -> BTreeMap<u32, Named> {
        let names = inner(bytes, self.labels.as_ref(), function);
        let names = names.into_iter().flatten().map_while(Result::ok);
        names
            .map(|it| (it.index, Named::new(it.name, it.index, "label", true)))
            .collect()
    }
}

/// What the map at `range` of the file has for a function.
fn inner<'a>(bytes: &'a [u8], range: Option<&Range<usize>>, function: u32) -> Option<NameMap<'a>> {
    let range = range?;
    let reader = BinaryReader::new(bytes.get(range.clone())?, range.start);
    let map = IndirectNameMap::new(reader).ok()?;
    let mut functions = map.into_iter().map_while(Result::ok);
    let names = functions.find(|names| names.index == function)?;
    Some(names.names)
}

fn named(names: NameMap<'_>, group: &str) -> BTreeMap<u32, Named> {
    let mut taken = BTreeSet::new();
    let names = names.into_iter().map_while(Result::ok);
    names
        .map(|it| {
            let named = Named::new(it.name, it.index, group, taken.insert(it.name));
            (it.index, named)
        })
        .collect()
}

impl Named {
    fn new(name: &str, index: u32, group: &str, is_first: bool) -> Self {
        let is_own = is_first && !name.is_empty() && !name.starts_with('#');
        Self {
            name: name.to_owned(),
            prefix: (!is_own).then(|| format!("#{group}{index}")),
        }
    }

    /// Writes it as an identifier: `$main.main`, `$"(*main.List).Push"`.
    pub fn write(&self, text: &mut String) {
        text.push('$');
        match &self.prefix {
            Some(prefix) => {
                text.push('"');
                text.push_str(prefix);
                text.push(' ');
                escape(&self.name, text);
                text.push('"');
            }
            None if self.name.chars().all(is_of_identifier) => text.push_str(&self.name),
            None => quote(&self.name, text),
        }
    }

    /// The same where the thing is defined: with the name itself, if the identifier is another.
    pub fn define(&self, text: &mut String) {
        self.write(text);
        if self.prefix.is_some() {
            text.push_str(" (@name ");
            quote(&self.name, text);
            text.push(')');
        }
    }
}

/// A string of the text form.
pub(super) fn quote(string: &str, text: &mut String) {
    text.push('"');
    escape(string, text);
    text.push('"');
}

fn escape(string: &str, text: &mut String) {
    for letter in string.chars() {
        match letter {
            ' '..='~' if letter != '"' && letter != '\\' => text.push(letter),
            // Writing to a string does not fail.
            _ => drop(write!(text, "\\u{{{:x}}}", u32::from(letter))),
        }
    }
}

/// `idchar` of the specification, 6.3.5.
fn is_of_identifier(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "!#$%&'*+-./:<=>?@\\^_`|~".contains(letter)
}
