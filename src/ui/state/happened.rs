//! What a call did to its arguments: where they were in memory, and what became of them.

mod pointees;

use self::pointees::pointees;
use super::outcome::Called;
use crate::go::layout::{Span, spans_at};
use crate::go::value::{Pointer, show, show_at};
use crate::go::{Abi, Place, Type, Value};
use crate::protocol::PlacedBlock;

/// Lines of a drawing at most.
const MAX_LINES: usize = 64;

/// Bytes in a line where there are no fields.
const LINE: usize = 16;

/// Changed places that are listed at most.
const MAX_CHANGES: usize = 64;

/// One argument that was in memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Argument {
    /// `s *S`.
    pub(crate) title: String,
    /// In Go syntax.
    pub(crate) before: String,
    /// In Go syntax; `None` if it is as it was, or nobody knows.
    pub(crate) after: Option<String>,
    pub(crate) changes: Vec<Change>,
    pub(crate) blocks: Vec<Block>,
}

/// A place whose value has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// How Go reaches it: `s.pos.x`.
    pub(crate) path: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// A drawing of a stretch of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// How Go reaches what it holds, where that is not the argument itself.
    pub(crate) path: String,
    pub(crate) address: u32,
    pub(crate) size: u32,
    pub(crate) lines: Vec<Line>,
    /// Whether there is more that is not drawn.
    pub(crate) more: bool,
}

/// A field, or sixteen bytes of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) offset: u32,
    /// Each byte before and, if it is known, after the call.
    pub(crate) bytes: Vec<(u8, Option<u8>)>,
    /// The field, `padding`, or the bytes as text.
    pub(crate) what: String,
    pub(crate) ty: String,
}

impl Line {
    /// Whether a byte has changed.
    pub(crate) fn is_changed(&self) -> bool {
        let mut bytes = self.bytes.iter();
        bytes.any(|(before, after)| after.is_some_and(|after| after != *before))
    }
}

/// The arguments that were in memory, in order, each with what it points to.
pub(crate) fn arguments(called: &Called, abi: Abi) -> Vec<Argument> {
    let (Some(signature), Some(placed)) = (called.signature(), &called.placed) else {
        return Vec::new();
    };
    let pointees = pointees(signature, &called.args);
    let mut arguments = Vec::new();
    for (index, (param, before)) in signature.params.iter().zip(&called.args).enumerate() {
        let own = placed.blocks.iter().zip(&pointees);
        let own = own.filter(|(_, pointee)| pointee.param == index);
        let mut blocks: Vec<Block> = own
            .map(|(block, pointee)| draw(block, pointee.place.as_ref(), &pointee.path, abi))
            .collect();
        if blocks.is_empty() {
            continue;
        }
        // What the argument itself is comes before what that points to.
        blocks.reverse();
        let name = param.called(index);
        let after = called.after.as_ref().and_then(|after| after.get(index));
        let mut changes = Vec::new();
        if let Some(after) = after {
            differ(before, after, &Place::of(&param.ty), &name, &mut changes);
        }
        arguments.push(Argument {
            title: format!("{name} {}", param.ty),
            before: show(before, &param.ty).to_string(),
            after: after
                .filter(|_| !changes.is_empty())
                .map(|after| show(after, &param.ty).to_string()),
            changes,
            blocks,
        });
    }
    arguments
}

fn draw(block: &PlacedBlock, place: Option<&Place<'_>>, path: &str, abi: Abi) -> Block {
    let parts = place.and_then(|place| spans_at(place, abi, MAX_LINES + 1).ok());
    let total = block.before.len();
    let mut lines: Vec<Line> = match parts {
        Some(parts) if parts.iter().all(|part| part.size as usize <= LINE) => {
            parts.iter().map(|part| field(block, part)).collect()
        }
        _ => (0..total.min(LINE * (MAX_LINES + 1)))
            .step_by(LINE)
            .map(|start| text(block, start))
            .collect(),
    };
    let more = lines.len() > MAX_LINES || (block.size as usize) > total;
    lines.truncate(MAX_LINES);
    Block {
        path: path.to_owned(),
        address: block.address,
        size: block.size,
        lines,
        more,
    }
}

fn bytes(block: &PlacedBlock, start: usize, length: usize) -> Vec<(u8, Option<u8>)> {
    let before = block.before.iter().enumerate().skip(start).take(length);
    before
        .map(|(index, byte)| (*byte, block.after.get(index).copied()))
        .collect()
}

fn field(block: &PlacedBlock, part: &Span) -> Line {
    Line {
        offset: part.offset,
        bytes: bytes(block, part.offset as usize, part.size as usize),
        what: part.path.clone().unwrap_or_else(|| "padding".to_owned()),
        ty: part.ty.clone(),
    }
}

fn text(block: &PlacedBlock, start: usize) -> Line {
    let bytes = bytes(block, start, LINE);
    let letter = |(byte, _): &(u8, Option<u8>)| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '·',
    };
    Line {
        offset: u32::try_from(start).unwrap_or(u32::MAX),
        what: bytes.iter().map(letter).collect(),
        bytes,
        ty: String::new(),
    }
}

fn differ(before: &Value, after: &Value, place: &Place<'_>, path: &str, changes: &mut Vec<Change>) {
    if before == after || changes.len() >= MAX_CHANGES {
        return;
    }
    match (before, after, place.kind()) {
        (Value::Array(old), Value::Array(new), Type::Array(element, _))
            if old.len() == new.len() =>
        {
            let element = place.inner(element);
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differ(old, new, &element, &format!("{path}[{index}]"), changes);
            }
        }
        (Value::Struct(old), Value::Struct(new), Type::Struct(structure))
            if old.len() == new.len() =>
        {
            for (((name, old), (_, new)), field) in old.iter().zip(new).zip(&structure.fields) {
                let inner = place.inner(&field.ty);
                differ(old, new, &inner, &format!("{path}.{name}"), changes);
            }
        }
        (
            Value::Pointer(Pointer::New(old)),
            Value::Pointer(Pointer::New(new)),
            Type::Pointer(element),
        ) => {
            let inner = place.inner(element);
            // Go goes through a pointer to a struct or an array by itself.
            let path = match inner.kind() {
                Type::Struct(_) | Type::Array(..) => path.to_owned(),
                _ => format!("*{path}"),
            };
            differ(old, new, &inner, &path, changes);
        }
        _ => changes.push(Change {
            path: path.to_owned(),
            before: show_at(before, place.clone()).to_string(),
            after: show_at(after, place.clone()).to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::parse::signature;
    use crate::go::{Param, Signature, Source};
    use crate::protocol::Placed;

    fn called(signature: Signature, args: Vec<Value>, after: Vec<Value>) -> Called {
        Called {
            export: signature.name.clone(),
            known: Some((signature, Source::Dwarf)),
            args,
            after: Some(after),
            ..Called::default()
        }
    }

    fn point(on: bool, x: i64) -> Value {
        Value::new(Value::Struct(vec![
            ("on".to_owned(), Value::Bool(on)),
            ("x".to_owned(), Value::Int(x)),
        ]))
    }

    #[test]
    fn what_has_changed_is_named_and_its_bytes_are_marked() {
        let line = "f(p *struct{ _ structs.HostLayout; on bool; x int32 })";
        let known = signature(line, "f").unwrap();
        let mut called = called(known, vec![point(true, 7)], vec![point(true, 8)]);
        called.placed = Some(Placed {
            allocator: "malloc and free".to_owned(),
            blocks: vec![PlacedBlock {
                param: Some(0),
                address: 0x1000,
                room: 8,
                size: 8,
                before: vec![1, 0, 0, 0, 7, 0, 0, 0],
                after: vec![1, 0, 0, 0, 8, 0, 0, 0],
            }],
        });
        let arguments = arguments(&called, Abi::Go);
        let [argument] = &arguments[..] else {
            panic!("{arguments:?}");
        };
        let change = &argument.changes[0];
        assert_eq!(
            (&*change.path, &*change.before, &*change.after),
            ("p.x", "7", "8")
        );
        let lines = &argument.blocks[0].lines;
        let drawn: Vec<_> = lines
            .iter()
            .map(|line| (line.offset, &*line.what, line.is_changed()))
            .collect();
        assert_eq!(
            drawn,
            [(0, ".on", false), (1, "padding", false), (4, ".x", true)]
        );
    }

    #[test]
    fn a_string_is_drawn_as_text_and_what_was_not_read_again_is_not_marked() {
        let known = Signature::new("f", vec![Param::new("name", Type::String)], None);
        let text = "a long name, and é";
        let mut called = called(known, vec![Value::string(text)], Vec::new());
        called.after = None;
        called.placed = Some(Placed {
            allocator: "cabi_realloc".to_owned(),
            blocks: vec![PlacedBlock {
                param: Some(0),
                address: 16,
                room: 19,
                size: 19,
                before: text.as_bytes().to_vec(),
                after: Vec::new(),
            }],
        });
        let arguments = arguments(&called, Abi::TinyGo);
        let lines = &arguments[0].blocks[0].lines;
        assert_eq!(lines[0].what, "a long name, and");
        assert_eq!(lines[1].what, " ··");
        assert!(!lines[0].is_changed() && arguments[0].after.is_none());
    }

    #[test]
    fn what_an_argument_points_to_has_its_fields_drawn() {
        let line = "f(text string, n *struct{ _ structs.HostLayout; next *struct{ a int8; b int16 }; \
                    names [2]string }, p **int32)";
        let known = signature(line, "f").unwrap();
        let parse = |text: &str, index: usize| {
            crate::go::value::parse(text, &known.params[index].ty).unwrap()
        };
        let args = vec![
            Value::string("x"),
            parse(r#"&{next: &{a: 1, b: 2}, names: {"", "é"}}"#, 1),
            parse("new(new(7))", 2),
        ];
        let lowered = crate::go::abi::lower(&known, &args, Abi::TinyGo).unwrap();
        let blocks = lowered.plan.blocks.iter().enumerate();
        let blocks = blocks.map(|(index, block)| PlacedBlock {
            param: None,
            address: u32::try_from(index).unwrap() * 64,
            room: block.room(),
            size: block.room(),
            before: block.bytes.clone(),
            after: Vec::new(),
        });
        let placed = Placed {
            allocator: String::new(),
            blocks: blocks.collect(),
        };
        let mut called = called(known, args, Vec::new());
        called.after = None;
        called.placed = Some(placed);
        let arguments = arguments(&called, Abi::TinyGo);
        let drawn: Vec<Vec<(&str, Vec<&str>)>> = arguments
            .iter()
            .map(|argument| {
                let blocks = argument.blocks.iter();
                blocks
                    .map(|block| {
                        let lines = block.lines.iter().map(|line| &*line.what);
                        (&*block.path, lines.collect())
                    })
                    .collect()
            })
            .collect();
        assert_eq!(
            drawn,
            [
                vec![("", vec!["x"])],
                vec![
                    ("", vec![".next", ".names[0]", ".names[1]"]),
                    ("n.names[1]", vec!["··"]),
                    ("n.next", vec![".a", "padding", ".b"]),
                ],
                vec![("", vec![""]), ("(*p)", vec![""])],
            ]
        );
    }
}
