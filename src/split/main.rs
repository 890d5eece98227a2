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
mod write;

use graph::Graph;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

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
    let graph = Graph::read(&bytes)?;
    let names = names::functions(&bytes, graph.types.len())?;
    let parts = names::Rules::read(&text).map_err(|error| format!("{rules}: {error}"))?;
    for path in parts.unused(&names) {
        eprintln!("split: {rules}: {path} is in the name of no function, or of none that was left");
    }
    let named = (0..)
        .zip(&names)
        .map(|(function, name)| parts.part(name).filter(|_| graph.is_worth_moving(function)));
    let named: Vec<_> = named.collect();
    let part_of = graph.parts(&named, parts.parts.len() + 1);
    let written = write::Split::new(&bytes, &graph, &part_of)?;
    let write =
        |name: &str, part: Vec<u8>| fs::write(Path::new(folder).join(format!("{name}.wasm")), part);
    write("first", written.first(parts.parts.len())?)?;
    for (name, part) in parts.parts.iter().zip(1..) {
        write(name, written.later(part)?)?;
    }
    // By their numbers.
    println!("first\n{}", parts.parts.join("\n"));
    Ok(())
}
