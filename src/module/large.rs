//! Functions that are valid and yet larger than the engine can run. It finds out when one is called, and
//! does not say which; so they are looked for while the module is validated.

use wasmparser::BinaryReader;

/// Locals, parameters counted, that a function may have.
const MOST_LOCALS: u32 = 30_000;

/// What its locals, counted twice, and its operands at a time may come to.
const MOST_SLOTS: u32 = 65_535;

/// Functions that a message names at most.
const NAMED: usize = 3;

/// A function that is too large.
#[derive(Clone, Copy, Debug)]
pub(super) struct Large {
    function: u32,
    locals: u32,
    /// The most operands at a time.
    operands: u32,
}

impl Large {
    /// The function of this index, if it is too large.
    pub(super) fn of(function: u32, locals: u32, operands: u32) -> Option<Self> {
        let slots = locals.saturating_mul(2).saturating_add(operands);
        (locals > MOST_LOCALS || slots > MOST_SLOTS).then_some(Self {
            function,
            locals,
            operands,
        })
    }

    fn describe(self, module: &[u8]) -> String {
        let Self {
            function,
            locals,
            operands,
        } = self;
        let name = match name(module, function) {
            Some(name) => format!("function {function} ({name})"),
            None => format!("function {function}"),
        };
        if locals > MOST_LOCALS {
            return format!(
                "{name} has {locals} locals, parameters counted; at most {MOST_LOCALS} can be run"
            );
        }
        format!(
            "{name} has {locals} locals and up to {operands} operands at a time; twice the locals and \
             the operands may come to {MOST_SLOTS}"
        )
    }
}

/// What to say of those that are too large; `None`: there are none.
pub(super) fn describe(large: &[Large], module: &[u8]) -> Option<String> {
    let named: Vec<String> = large
        .iter()
        .take(NAMED)
        .map(|one| one.describe(module))
        .collect();
    match large.len() {
        0 => None,
        1 => Some(named.concat()),
        many => Some(format!(
            "one of {many} functions is too large: {}{}",
            named.join("; "),
            if many > NAMED { "; …" } else { "" }
        )),
    }
}

/// What the custom section `name` calls a function.
fn name(module: &[u8], function: u32) -> Option<String> {
    const CUSTOM: u8 = 0;
    const FUNCTIONS: u8 = 1;
    let mut sections = BinaryReader::new(module.get(8..)?, 8);
    let mut names = loop {
        let (id, mut contents) = part(&mut sections)?;
        if id == CUSTOM && contents.read_string().ok()? == "name" {
            break contents;
        }
    };
    let mut functions = loop {
        let (id, contents) = part(&mut names)?;
        if id == FUNCTIONS {
            break contents;
        }
    };
    for _ in 0..functions.read_var_u32().ok()? {
        let index = functions.read_var_u32().ok()?;
        let name = functions.read_string().ok()?;
        if index == function {
            return Some(name.to_owned());
        }
    }
    None
}

/// A section, or a part of one: what marks it, and its contents.
fn part<'a>(from: &mut BinaryReader<'a>) -> Option<(u8, BinaryReader<'a>)> {
    let id = from.read_u8().ok()?;
    let size = from.read_var_u32().ok()?;
    let contents = from.read_bytes(size as usize).ok()?;
    Some((id, BinaryReader::new(contents, 0)))
}
