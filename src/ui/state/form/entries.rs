//! What is typed for the parameters of one signature, and the values that it means.

use super::path::Path;
use super::way::{SHOWN_ELEMENTS, Way};
use crate::amount::amount;
use crate::go::value::{self, Pointer, StringForm, parse_at, parse_string, show_at, zero_at};
use crate::go::{Place, Signature, Type, Value};
use litemap::LiteMap;
use std::rc::Rc;

/// What is typed, by the place for which it is. Where nothing is, Go's zero value is meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entries(pub(super) LiteMap<Path, Entry>);

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) text: Rc<str>,
    /// `None`: the usual way.
    pub(super) way: Option<Way>,
    /// The file whose name the text is.
    pub(super) file: Option<Rc<[u8]>>,
    /// How often more of an array's elements have been asked for.
    pub(super) more: usize,
}

/// A field, or a group of fields, of the form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) path: Path,
    /// What Go calls it: a parameter, a field, `[3]`.
    pub(crate) name: String,
    /// Its type, as Go writes it.
    pub(crate) ty: String,
    pub(crate) way: Way,
    /// The ways that there are.
    pub(crate) ways: &'static [Way],
    pub(crate) text: Rc<str>,
    /// What is wrong with the text.
    pub(crate) problem: Option<String>,
    pub(crate) parts: Vec<Node>,
    /// How many more there are, not shown yet.
    pub(crate) hidden: usize,
}

impl Entries {
    /// Takes in what is typed at a place.
    pub(crate) fn enter(&mut self, path: Path, text: &str) {
        self.0.entry(path).or_default().text = Rc::from(text);
    }

    /// Takes in a file that is picked for a place.
    pub(crate) fn enter_file(&mut self, path: Path, name: &str, bytes: Rc<[u8]>) {
        let entry = self.0.entry(path).or_default();
        entry.text = Rc::from(name);
        entry.file = Some(bytes);
    }

    /// Chooses the way in which a value is entered; what was typed is carried over if it can be.
    pub(crate) fn choose(&mut self, signature: &Signature, path: &Path, way: Way) {
        let Some(place) = locate(signature, path) else {
            return;
        };
        let whole = path.is_whole();
        if !Way::of(&place, whole).contains(&way) {
            return;
        }
        let (_, value) = self.node(&place, path.clone(), String::new(), true);
        let way = match &value {
            // A line of text would lose some of it.
            Ok(Value::String(bytes)) if way == Way::Text => string_way(bytes),
            _ => way,
        };
        // What a pointer points to stays; a file can only be picked.
        let stays = matches!(place.kind(), Type::Pointer(_) | Type::UnsafePointer);
        if way == Way::File {
            self.clear(path);
        } else if let (Ok(value), false) = (value, stays) {
            self.clear(path);
            self.put(&place, path, &value, Some(way));
        }
        self.0.entry(path.clone()).or_default().way = Some(way);
    }

    /// Shows more elements of the array at a place.
    pub(crate) fn show_more(&mut self, path: Path) {
        self.0.entry(path).or_default().more += 1;
    }

    /// How many elements of the array at a place are shown.
    fn shown(&self, path: &Path) -> usize {
        let more = self.0.get(path).map_or(0, |entry| entry.more);
        more.saturating_add(1)
            .saturating_mul(SHOWN_ELEMENTS as usize)
    }

    /// Puts values in place of everything that is typed.
    pub(crate) fn fill(&mut self, signature: &Signature, values: &[Value]) {
        self.0.clear();
        for (index, (param, value)) in signature.params.iter().zip(values).enumerate() {
            self.put(&Place::of(&param.ty), &Path::from(index), value, None);
        }
    }

    /// The fields of the form, and whether each parameter is right. Files are not looked at.
    pub(crate) fn fields(&self, signature: &Signature) -> (Vec<Node>, bool) {
        let (nodes, values) = self.read(signature, false);
        (nodes, values.iter().all(Result::is_ok))
    }

    /// The value of each parameter, or what is wrong with it.
    pub(crate) fn values(&self, signature: &Signature) -> Vec<Result<Value, String>> {
        self.read(signature, true).1
    }

    /// The fields of the form, and the value of each parameter; with nothing for files unless they
    /// are asked for: they may be large.
    fn read(&self, signature: &Signature, files: bool) -> (Vec<Node>, Vec<Result<Value, String>>) {
        let params = signature.params.iter().enumerate();
        params
            .map(|(index, param)| {
                let name = param.called(index);
                self.node(&Place::of(&param.ty), Path::from(index), name, files)
            })
            .unzip()
    }

    /// What is typed at a place.
    pub(crate) fn text(&self, path: &Path) -> Rc<str> {
        self.0
            .get(path)
            .map_or_else(Rc::default, |entry| Rc::clone(&entry.text))
    }

    /// The file that is picked for a place; nothing where there is none yet.
    fn file(&self, path: &Path) -> Vec<u8> {
        let file = self.0.get(path).and_then(|entry| entry.file.as_deref());
        file.unwrap_or_default().to_vec()
    }

    fn way(&self, path: &Path, ways: &'static [Way]) -> Way {
        let chosen = self.0.get(path).and_then(|entry| entry.way);
        let usual = ways.first().copied().unwrap_or(Way::Literal);
        chosen.filter(|way| ways.contains(way)).unwrap_or(usual)
    }

    fn clear(&mut self, path: &Path) {
        self.0.retain(|place, _| !place.is_in(path));
    }

    fn node(
        &self,
        place: &Place<'_>,
        path: Path,
        name: String,
        files: bool,
    ) -> (Node, Result<Value, String>) {
        let ways = Way::of(place, path.is_whole());
        let way = self.way(&path, ways);
        let text = self.text(&path);
        let mut hidden = 0;
        let (parts, value) = match (way, place.kind()) {
            (Way::File, _) if files => (Vec::new(), Ok(Value::String(self.file(&path)))),
            (Way::File, _) => (Vec::new(), Ok(Value::string(""))),
            (Way::New, Type::Pointer(element)) => {
                let (part, value) =
                    self.node(&place.inner(element), path.child(0), String::new(), files);
                (vec![part], value.map(Value::new))
            }
            (Way::Fields, Type::Struct(structure)) => {
                let fields = structure.fields.iter().enumerate();
                let read = fields.map(|(index, field)| {
                    let inner = place.inner(&field.ty);
                    let (part, value) =
                        self.node(&inner, path.child(index), field.name.clone(), files);
                    (part, value.map(|value| (field.name.clone(), value)))
                });
                let (parts, values): (Vec<_>, Vec<_>) = read.unzip();
                let values = values.into_iter().collect::<Result<_, _>>();
                // Go cannot name a blank field either.
                let named = |part: &Node| part.name != "_";
                (
                    parts.into_iter().filter(named).collect(),
                    values.map(Value::Struct),
                )
            }
            (Way::Fields, Type::Array(element, length)) => {
                let element = place.inner(element);
                let elements = 0..usize::try_from(*length).unwrap_or(0);
                let read = elements.map(|index| {
                    self.node(&element, path.child(index), format!("[{index}]"), files)
                });
                let (mut parts, values): (Vec<_>, Vec<_>) = read.unzip();
                let shown = self.shown(&path);
                hidden = parts.len().saturating_sub(shown);
                parts.truncate(shown);
                let values = values.into_iter().collect::<Result<_, _>>();
                (parts, values.map(Value::Array))
            }
            _ => (Vec::new(), value(&text, place, way)),
        };
        let problem = match &value {
            Err(problem) if parts.is_empty() => Some(problem.clone()),
            _ => None,
        };
        let node = Node {
            path,
            name,
            ty: place.written(),
            way,
            ways,
            text,
            problem,
            parts,
            hidden,
        };
        (node, value)
    }

    /// Writes a value at a place, where nothing is.
    fn put(&mut self, place: &Place<'_>, path: &Path, value: &Value, way: Option<Way>) {
        let ways = Way::of(place, path.is_whole());
        let usual = ways.first().copied().unwrap_or(Way::Literal);
        let way = match value {
            Value::Pointer(Pointer::Nil) => Way::Nil,
            Value::Pointer(Pointer::Address(_)) => Way::Address,
            Value::Pointer(Pointer::New(_)) => Way::New,
            Value::String(bytes) => way.unwrap_or_else(|| string_way(bytes)),
            _ => way.unwrap_or(usual),
        };
        let text = match (way, value, place.kind()) {
            (Way::New, Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
                self.put(&place.inner(element), &path.child(0), value, None);
                String::new()
            }
            (Way::Fields, Value::Struct(values), Type::Struct(structure)) => {
                for (index, ((_, value), field)) in values.iter().zip(&structure.fields).enumerate()
                {
                    self.put(&place.inner(&field.ty), &path.child(index), value, None);
                }
                String::new()
            }
            (Way::Fields, Value::Array(values), Type::Array(element, _)) => {
                for (index, value) in values.iter().enumerate() {
                    self.put(&place.inner(element), &path.child(index), value, None);
                }
                String::new()
            }
            (_, value, _) => written(value, place, way),
        };
        let entry = Entry {
            text: Rc::from(text),
            way: Some(way).filter(|way| *way != usual),
            file: None,
            more: 0,
        };
        if entry != Entry::default() {
            self.0.insert(path.clone(), entry);
        }
    }
}

/// The type of what is at a place.
fn locate<'s>(signature: &'s Signature, path: &Path) -> Option<Place<'s>> {
    let (param, rest) = path.split()?;
    let mut place = Place::of(&signature.params.get(param)?.ty);
    for &step in rest {
        place = match place.kind() {
            Type::Pointer(element) | Type::Array(element, _) => place.inner(element),
            Type::Struct(structure) => place.inner(&structure.fields.get(step)?.ty),
            _ => return None,
        };
    }
    Some(place)
}

/// The value that a text means.
fn value(text: &str, place: &Place<'_>, way: Way) -> Result<Value, String> {
    let value = match (way, place.kind()) {
        (Way::Nil, _) => Ok(Value::Pointer(Pointer::Nil)),
        (Way::Text, _) => parse_string(text, StringForm::Text),
        (Way::Escaped, _) => parse_string(text, StringForm::Escaped),
        (Way::Hex, Type::Array(_, length)) => return bytes(text, *length, place),
        (Way::Hex, _) => parse_string(text, StringForm::Hex),
        _ if text.trim().is_empty() => zero_at(place),
        _ => parse_at(text, place),
    };
    value.map_err(|error| error.to_string())
}

/// The array of bytes that hexadecimal digits mean; what is not there is zero.
fn bytes(text: &str, length: u32, place: &Place<'_>) -> Result<Value, String> {
    let bytes = match parse_string(text, StringForm::Hex) {
        Ok(Value::String(bytes)) => bytes,
        Ok(_) => Vec::new(),
        Err(error) => return Err(error.to_string()),
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if bytes.len() > length {
        return Err(format!(
            "{}: {} where the array has {length}",
            place.written(),
            amount(bytes.len() as u64, "byte")
        ));
    }
    let Ok(Value::Array(mut values)) = zero_at(place) else {
        return Err(format!("{}: too large", place.written()));
    };
    for (slot, byte) in values.iter_mut().zip(bytes) {
        *slot = Value::Uint(byte.into());
    }
    Ok(Value::Array(values))
}

/// A text that means the value.
fn written(value: &Value, place: &Place<'_>, way: Way) -> String {
    match (way, value) {
        (Way::Nil, _) => String::new(),
        (Way::Text, Value::String(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        (Way::Escaped, Value::String(bytes)) => {
            let quoted = value::quote(bytes);
            let inner = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"'));
            inner.unwrap_or_default().to_owned()
        }
        (Way::Hex, Value::String(bytes)) => hex(bytes.iter().copied()),
        (Way::Hex, Value::Array(values)) => hex(values.iter().map(|value| match value {
            Value::Uint(byte) => u8::try_from(*byte).unwrap_or(0),
            _ => 0,
        })),
        (_, Value::Pointer(Pointer::Address(address))) => format!("{address:#x}"),
        // Nothing typed means the same.
        _ if zero_at(place).is_ok_and(|zero| zero == *value) => String::new(),
        _ => show_at(value, place.clone()).to_string(),
    }
}

fn hex(bytes: impl Iterator<Item = u8>) -> String {
    let digits: Vec<String> = bytes.map(|byte| format!("{byte:02x}")).collect();
    digits.join(" ")
}

/// How a string is best entered: a line can hold it as it is, or has to have it escaped.
fn string_way(bytes: &[u8]) -> Way {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => Way::Text,
        _ => Way::Escaped,
    }
}
