//! The signatures that somebody chose for exports, or typed: the worker is told of them, since host functions
//! call exports too.

use super::board::{Board, Effect};
use super::form::Form;
use crate::go::Signature;
use crate::module::Export;
use crate::protocol::Command;
use litemap::LiteMap;

impl Board {
    /// As [`Board::edit_form`], where it may choose another signature: the worker is told.
    pub(super) fn edit_choice(&mut self, edit: impl FnOnce(&mut Form, &Export)) -> Vec<Effect> {
        let before = self.chosen();
        self.edit_form(edit);
        self.tell_chosen(&before)
    }

    /// The signatures that were chosen for exports of the module, by those.
    pub(super) fn chosen(&self) -> LiteMap<String, Signature> {
        let mut all = LiteMap::new();
        let Some(plugged) = &self.plugged else {
            return all;
        };
        for (export, form) in self.given.forms.iter() {
            let function = plugged.function(export);
            if let Some(chosen) = function.and_then(|function| form.chosen(function)) {
                // In order, so that it goes to the end. (To collect them is to sort them: 2 kB of the download.)
                all.insert(export.clone(), chosen.clone());
            }
        }
        all
    }

    /// Tells the worker what has become of the choices that were there before.
    pub(super) fn tell_chosen(&self, before: &LiteMap<String, Signature>) -> Vec<Effect> {
        let now = self.chosen();
        let gone = before
            .iter()
            .filter(|(export, _)| !now.contains_key(*export));
        let gone = gone.map(|(export, _)| (export, None));
        let new = now
            .iter()
            .filter(|(export, now)| before.get(*export) != Some(*now));
        let new = new.map(|(export, now)| (export, Some(now.clone())));
        let choose = |(export, signature): (&String, _)| {
            let export = export.clone();
            Effect::Send(Command::Choose { export, signature })
        };
        gone.chain(new).map(choose).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::{Param, Source, Type};
    use crate::module::{ExternType, FuncType, Info, Kind, ValType};
    use crate::protocol::{Event, Signatures};

    /// A module that exports `greet`, with two numbers, which may be a string.
    fn greet() -> Event {
        let name = Param::new("name", Type::String);
        let guess = Signature::new("greet", vec![name], None);
        Event::Read(Box::new(Info {
            name: "greet.wasm".to_owned(),
            size: 0,
            kind: Kind::Bare,
            producer: None,
            memories: Vec::new(),
            exports: vec![Export {
                name: "greet".to_owned(),
                ty: ExternType::Func(FuncType {
                    params: vec![ValType::I32, ValType::I32],
                    results: Vec::new(),
                }),
                signatures: vec![(guess, Source::Guess)],
            }],
            imports: Vec::new(),
            functions: 1,
            sections: Vec::new(),
        }))
    }

    #[test]
    fn the_worker_hears_which_signature_was_chosen() {
        let choose = |signature: Option<Signature>| {
            let export = "greet".to_owned();
            Effect::Send(Command::Choose { export, signature })
        };
        let pair = |name: &str| {
            let params = [name, "b"].map(|name| Param::new(name, Type::Int32));
            Signature::new("greet", params.to_vec(), None)
        };
        let mut board = Board::default();
        board.begin_load("greet.wasm");
        board.apply(greet());
        assert_eq!(board.edit_signature(), [], "nothing is chosen yet");
        let typed = board.enter_signature("greet(a int32, b int32)");
        assert_eq!(typed, [choose(Some(pair("a")))]);
        assert_eq!(board.enter_signature("greet(a int32, b int3"), []);
        let read = board.apply(greet());
        assert!(read.contains(&choose(Some(pair("a")))), "{read:?}");
        assert_eq!(board.forget_signature(), [choose(None)]);

        // One of those that are known, until it is known no more.
        let known = |pairs: &[&str]| {
            let known = pairs.iter().map(|name| (pair(name), Source::Dwarf));
            let exports = vec![known.collect()];
            Event::Signatures(Box::new(Signatures {
                exports,
                ..Signatures::default()
            }))
        };
        assert_eq!(board.apply(known(&["a", "c"])), []);
        assert_eq!(board.choose_reading(1), [choose(Some(pair("c")))]);
        assert_eq!(board.choose_reading(1), []);
        assert_eq!(board.apply(known(&["a"])), [choose(None)]);
    }
}
