//! What was typed for each export, and whether it can be sent.

use crate::go::{self, Signature, Source, Type, Value};
use crate::module::Export;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is typed for one export. It outlives everything but the page: errors, a new worker, and
/// the module itself, so that it is there again when the module is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Form {
    /// The signature that was chosen, if one was.
    reading: Option<String>,
    /// The texts, for each signature that something was typed for.
    texts: BTreeMap<String, Vec<Rc<str>>>,
}

impl Form {
    /// Which of the export's signatures is in use.
    pub(crate) fn reading(&self, export: &Export) -> usize {
        self.reading
            .as_ref()
            .and_then(|chosen| {
                export
                    .signatures
                    .iter()
                    .position(|(signature, _)| signature.in_go() == *chosen)
            })
            .unwrap_or(0)
    }

    /// The signature in use and where it comes from.
    pub(crate) fn signature<'e>(&self, export: &'e Export) -> Option<&'e (Signature, Source)> {
        export.signatures.get(self.reading(export))
    }

    /// Chooses a signature. What was typed for another one is kept for it.
    pub(crate) fn choose(&mut self, export: &Export, reading: usize) {
        if let Some((signature, _)) = export.signatures.get(reading) {
            self.reading = Some(signature.in_go());
        }
    }

    /// Takes in what is typed for a parameter of the signature in use.
    pub(crate) fn enter(&mut self, export: &Export, param: usize, text: &str) {
        let Some((signature, _)) = self.signature(export) else {
            return;
        };
        let texts = self.texts.entry(signature.in_go()).or_default();
        if texts.len() <= param && param < signature.params.len() {
            texts.resize(param + 1, Rc::from(""));
        }
        if let Some(slot) = texts.get_mut(param) {
            *slot = Rc::from(text);
        }
    }

    /// The text of each parameter of the signature in use.
    pub(crate) fn texts(&self, export: &Export) -> Vec<Rc<str>> {
        let Some((signature, _)) = self.signature(export) else {
            return Vec::new();
        };
        let mut texts = self
            .texts
            .get(&signature.in_go())
            .cloned()
            .unwrap_or_default();
        texts.resize(signature.params.len(), Rc::from(""));
        texts
    }

    /// The value of each parameter, or what is wrong with its text.
    pub(crate) fn values(&self, export: &Export) -> Vec<Result<Value, String>> {
        let Some((signature, _)) = self.signature(export) else {
            return Vec::new();
        };
        self.texts(export)
            .iter()
            .zip(&signature.params)
            .map(|(text, param)| value(text, &param.ty))
            .collect()
    }
}

/// How a parameter is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// A line of text, which is the string itself.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Switch,
    /// A value in Go syntax.
    Literal,
}

impl Control {
    pub(crate) fn of(ty: &Type) -> Self {
        match ty.underlying() {
            Type::String => Self::Text,
            Type::Bool => Self::Switch,
            Type::Int8
            | Type::Int16
            | Type::Int32
            | Type::Int64
            | Type::Uint8
            | Type::Uint16
            | Type::Uint32
            | Type::Uint64
            | Type::Float32
            | Type::Float64
            | Type::Uintptr => Self::Number,
            _ => Self::Literal,
        }
    }

    /// The zero value, as it would be typed.
    pub(crate) fn zero(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::Number => "0",
            Self::Switch => "false",
            Self::Literal => "nil",
        }
    }
}

/// The value that a text stands for. Where nothing is typed it is Go's zero value.
fn value(text: &str, ty: &Type) -> Result<Value, String> {
    let value = match Control::of(ty) {
        Control::Text => return Ok(Value::string(text)),
        _ if text.trim().is_empty() => Value::zero(ty),
        _ => go::value::parse(text, ty),
    };
    value.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::Param;
    use crate::module::{ExternType, FuncType, ValType};

    fn export() -> Export {
        let string = Signature::new("greet", vec![Param::new("name", Type::String)], None);
        let numbers = Signature::new(
            "greet",
            vec![Param::new("", Type::Int32), Param::new("", Type::Int32)],
            None,
        );
        Export {
            name: "greet".to_owned(),
            ty: ExternType::Func(FuncType {
                params: vec![ValType::I32, ValType::I32],
                results: Vec::new(),
            }),
            signatures: vec![(string, Source::Guess), (numbers, Source::Guess)],
        }
    }

    #[test]
    fn a_string_is_what_was_typed() {
        let (export, mut form) = (export(), Form::default());
        assert_eq!(form.values(&export), [Ok(Value::string(""))]);
        form.enter(&export, 0, "Wa\"Zero ");
        assert_eq!(form.values(&export), [Ok(Value::string("Wa\"Zero "))]);
    }

    #[test]
    fn a_number_is_checked_against_its_range_and_is_zero_where_nothing_is_typed() {
        let (export, mut form) = (export(), Form::default());
        form.choose(&export, 1);
        assert_eq!(form.values(&export), [Ok(Value::Int(0)), Ok(Value::Int(0))]);
        form.enter(&export, 1, "2147483648");
        let values = form.values(&export);
        assert_eq!(values[0], Ok(Value::Int(0)));
        let message = values[1].clone().unwrap_err();
        assert!(
            message.contains("out of range -2147483648 to 2147483647"),
            "{message}"
        );
        form.enter(&export, 1, "-7");
        assert_eq!(form.values(&export)[1], Ok(Value::Int(-7)));
    }

    #[test]
    fn what_was_typed_for_a_reading_is_there_when_it_is_chosen_again() {
        let (export, mut form) = (export(), Form::default());
        form.enter(&export, 0, "WaZero");
        form.choose(&export, 1);
        form.enter(&export, 0, "12");
        form.choose(&export, 0);
        assert_eq!(form.texts(&export), [Rc::from("WaZero")]);
        form.choose(&export, 1);
        assert_eq!(form.texts(&export), [Rc::from("12"), Rc::from("")]);
        form.choose(&export, 9);
        assert_eq!(form.reading(&export), 1);
    }
}
