//! Splits the page's program into parts that are loaded when they are needed: `split MODULE RULES FOLDER`. `RULES`
//! says which functions are in which part; what is left, the data, and what JavaScript sees is `first.wasm`.
//!
//! All parts share memory, tables and globals. They call each other through a table that `first` exports as `parts`:
//! each knows at which place in it the function of another one is. In the place of a function of a later part
//! `first` has a stub. While the part is not there, which the global `has` followed by its number says, the stub calls
//! the import `parts.load` with the number of the part, which instantiates it before it returns, and so fills its places
//! in the table, and sets the global. A part imports everything from `parts`: functions by their places, the rest by the
//! names that `first` exports.

mod graph;
mod names;
mod sections;
#[cfg(test)]
mod tests;
mod write;

use graph::Graph;
use names::Rules;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, iter};
use write::Split;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("split: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, rules, folder] = arguments.as_slice() else {
        return Err("usage: split MODULE RULES FOLDER".into());
    };
    let bytes = fs::read(module).map_err(|error| format!("{module}: {error}"))?;
    let text = fs::read_to_string(rules).map_err(|error| format!("{rules}: {error}"))?;
    let rules = Rules::read(&text).map_err(|error| format!("{rules}: {error}"))?;
    let (parts, unused) = split(&bytes, &rules)?;
    for path in unused {
        eprintln!("split: {path} is in the name of no function, or of none that was left");
    }
    let names = iter::once("first").chain(rules.parts.iter().map(String::as_str));
    for (name, part) in names.zip(parts) {
        fs::write(Path::new(folder).join(format!("{name}.wasm")), part)?;
        // The lines are in the order of their numbers.
        println!("{name}");
    }
    Ok(())
}

/// The parts of a module, by their numbers, and those of the rules that mean nothing in it.
type Parts<'a> = (Vec<Vec<u8>>, Vec<&'a str>);

fn split<'a>(module: &[u8], rules: &'a Rules) -> Result<Parts<'a>, Box<dyn Error>> {
    let graph = Graph::read(module)?;
    let names = names::functions(module, graph.types.len())?;
    let named = (0..).zip(&names).map(|(function, name)| {
        let part = rules.part(name);
        part.filter(|_| graph.is_worth_moving(function))
    });
    let named: Vec<_> = named.collect();
    let part_of = graph.parts(&named, rules.parts.len() + 1);
    let split = Split::new(module, &graph, &part_of)?;
    let later = rules.parts.len();
    let first = iter::once(split.first(later));
    let parts: Result<_, _> = first
        .chain((1..=later).map(|part| split.later(part)))
        .collect();
    Ok((parts?, rules.unused(&names)))
}
