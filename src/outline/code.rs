//! The functions of a module, by package.

use super::largest;
use super::names::package;
use crate::amount::amount;
use crate::protocol::Item;
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{FunctionBody, NameMap, Operator};

/// The bodies of the functions, and what they are called.
#[derive(Default)]
pub(super) struct Code<'a> {
    imported: u32,
    /// The size of each body.
    bodies: Vec<u64>,
    names: BTreeMap<u32, &'a str>,
    exported: BTreeMap<u32, &'a str>,
}

macro_rules! proposals {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($types:tt)*) )*) => {
        /// The proposal that an instruction came with; `mvp`: it was always there.
        fn proposal(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => "mvp",
            }
        }
    };
}

wasmparser::for_each_operator!(proposals);

impl<'a> Code<'a> {
    /// A function that is imported: it comes before the others.
    pub fn import(&mut self) {
        self.imported += 1;
    }

    /// An export.
    pub fn export(&mut self, index: u32, name: &'a str) {
        self.exported.entry(index).or_insert(name);
    }

    /// The names of functions.
    pub fn named(&mut self, names: NameMap<'a>) {
        let pairs = names.into_iter().map_while(Result::ok);
        self.names.extend(pairs.map(|it| (it.index, it.name)));
    }

    /// The body of the next function, and the features that it uses.
    pub fn body(&mut self, body: &FunctionBody<'a>, features: &mut BTreeSet<&'static str>) {
        self.bodies.push(body.range().len() as u64);
        let Ok(mut operators) = body.get_operators_reader() else {
            return;
        };
        let mut last = "mvp";
        while !operators.eof() {
            match operators.read() {
                Ok(operator) => {
                    let proposal = proposal(&operator);
                    if proposal != last && proposal != "mvp" {
                        features.insert(proposal);
                    }
                    last = proposal;
                }
                // Whoever validates it says what is wrong.
                Err(_) => return,
            }
        }
    }

    /// The functions by package, and whether any has a name.
    pub fn told(&self) -> (Vec<Item>, bool) {
        let mut packages: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
        for (index, size) in (self.imported..).zip(&self.bodies) {
            let symbol = self.names.get(&index).or_else(|| self.exported.get(&index));
            let number;
            let (package, name) = match symbol {
                Some(symbol) => package(symbol),
                None => {
                    number = format!("function {index}");
                    ("without a name", &*number)
                }
            };
            let mut function = Item::new(name).sized(*size);
            function.function = Some(index);
            packages.entry(package).or_default().push(function);
        }
        let packages = packages.into_iter().map(|(package, functions)| {
            let size = functions.iter().filter_map(|item| item.size).sum();
            Item::new(package)
                .noted(amount(functions.len() as u64, "function"))
                .sized(size)
                .with(largest(functions, "function"))
        });
        (
            largest(packages.collect(), "package"),
            !self.names.is_empty(),
        )
    }
}
