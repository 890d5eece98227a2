//! What the imports are answered with, as host functions in Go.

use super::go_file::{GoFile, identifiers};
use super::words::{constant, go_type, needs_math};
use crate::go::value::{legible, quote};
use crate::go::{Signature, Type};
use crate::module::{FuncType, Import};
use crate::protocol::{Answer, Case};

/// A host function's parameter, as Wasm has it.
struct Param {
    name: String,
    ty: &'static str,
}

/// Whether the plugin imports functions that are not WASI's.
pub(super) fn are_needed(case: &Case) -> bool {
    functions(case).next().is_some()
}

fn functions(case: &Case) -> impl Iterator<Item = (&Import, &FuncType, &Answer)> {
    let imports = case.module.imports.iter().zip(&case.answers);
    imports.filter_map(|(import, answer)| {
        let ty = import.ty.func().filter(|_| !import.is_wasi())?;
        Some((import, ty, answer.as_ref().unwrap_or(&Answer::Nothing)))
    })
}

/// Writes `func answerImports`.
pub(super) fn write(file: &mut GoFile, case: &Case) {
    file.import("context");
    file.import("io");
    file.import("github.com/tetratelabs/wazero");
    file.line("");
    file.line("// answerImports gives the plugin the functions that it imports; what they print goes to host.");
    file.open(
        "func answerImports(ctx context.Context, runtime wazero.Runtime, host io.Writer) error {",
    );
    let mut modules: Vec<&str> = Vec::new();
    for (import, ..) in functions(case) {
        if !modules.contains(&&*import.module) {
            modules.push(&import.module);
        }
    }
    for (index, module) in modules.iter().enumerate() {
        let name = format!("module{index}");
        file.line(&format!(
            "{name} := runtime.NewHostModuleBuilder({})",
            quote(module.as_bytes())
        ));
        let mut names: Vec<&str> = Vec::new();
        for (import, ty, answer) in functions(case).filter(|(one, ..)| one.module == **module) {
            if names.contains(&&*import.name) {
                let again = legible(&import.name);
                file.line(&format!(
                    "// {again} is imported once more, as {ty}: in wazero a name has one function."
                ));
                continue;
            }
            names.push(&import.name);
            function(file, &name, import, ty, answer);
        }
        file.open(&format!(
            "if _, err := {name}.Instantiate(ctx); err != nil {{"
        ));
        file.line("return err");
        file.close("}");
    }
    for import in case
        .module
        .imports
        .iter()
        .filter(|one| one.ty.func().is_none())
    {
        let (module, name) = (legible(&import.module), legible(&import.name));
        file.line(&format!(
            "// {module}.{name} is a {}: wazero takes those from other modules only.",
            import.ty
        ));
    }
    file.line("return nil");
    file.close("}");
}

fn function(file: &mut GoFile, module: &str, import: &Import, ty: &FuncType, answer: &Answer) {
    let results: Option<Vec<&str>> = ty.results.iter().map(|ty| go_type(*ty)).collect();
    let (Some(params), Some(results)) = (parameters(import, ty), results) else {
        file.line(&format!(
            "// {} has the type {ty}, which wazero's host functions cannot have.",
            legible(&import.name)
        ));
        return;
    };
    let written = match &import.signature {
        Some((signature, _)) => signature.in_go(),
        None => format!("{} {ty}", import.name),
    };
    file.line(&format!("// {}", legible(&written)));
    if *answer == Answer::Count && !results.is_empty() {
        file.line(&format!("var {module}Calls{} uint64", counter(import)));
    }
    let needs_module = matches!(answer, Answer::PrintString) || {
        matches!(answer, Answer::PrintArguments) && has_strings(import)
    };
    let mut list: Vec<String> = vec!["ctx context.Context".to_owned()];
    if needs_module {
        file.import("github.com/tetratelabs/wazero/api");
        list.push("module api.Module".to_owned());
    }
    list.extend(
        params
            .iter()
            .map(|param| format!("{} {}", param.name, param.ty)),
    );
    let returns = match results.as_slice() {
        [] => String::new(),
        [one] => format!(" {one}"),
        many => format!(" ({})", many.join(", ")),
    };
    let opened = format!(
        "{module}.NewFunctionBuilder().WithFunc(func({}){returns} {{",
        list.join(", ")
    );
    file.open(&opened);
    body(file, module, import, ty, answer, &params);
    file.close(&format!("}}).Export({})", quote(import.name.as_bytes())));
}

/// What tells the counters of a module's functions apart.
fn counter(import: &Import) -> String {
    let letters = import.name.chars().filter(char::is_ascii_alphanumeric);
    format!("_{}", letters.collect::<String>())
}

/// The parameters as Wasm has them, named by the Go signature.
fn parameters(import: &Import, ty: &FuncType) -> Option<Vec<Param>> {
    let mut names: Vec<String> = Vec::new();
    if let Some((signature, _)) = &import.signature {
        for (param, name) in signature.params.iter().zip(names_of(signature)) {
            match param.ty.underlying() {
                Type::String => {
                    names.push(format!("{name}Address"));
                    names.push(format!("{name}Length"));
                }
                _ => names.push(name),
            }
        }
    }
    if names.len() != ty.params.len() {
        names = (0..ty.params.len()).map(|at| format!("p{at}")).collect();
    }
    let params = names.into_iter().zip(&ty.params);
    params
        .map(|(name, ty)| {
            let ty = go_type(*ty)?;
            Some(Param { name, ty })
        })
        .collect()
}

fn names_of(signature: &Signature) -> Vec<String> {
    identifiers(signature.params.iter().map(|param| &*param.name))
}

fn has_strings(import: &Import) -> bool {
    import.signature.as_ref().is_some_and(|(signature, _)| {
        let mut params = signature.params.iter();
        params.any(|param| *param.ty.underlying() == Type::String)
    })
}

fn body(
    file: &mut GoFile,
    module: &str,
    import: &Import,
    ty: &FuncType,
    answer: &Answer,
    params: &[Param],
) {
    let name = legible(&format!("{}.{}", import.module, import.name));
    let zeros = vec!["0"; ty.results.len()].join(", ");
    let leave = |file: &mut GoFile| {
        if !zeros.is_empty() {
            file.line(&format!("return {zeros}"));
        }
    };
    match (answer, params) {
        (Answer::PrintString, [address, length]) => {
            read(file, "text", &address.name, &length.name, &name);
            file.line("host.Write(text)");
            leave(file);
        }
        (Answer::PrintArguments, _) => {
            print_arguments(file, import, params, &name);
            leave(file);
        }
        (Answer::Constant(bits), _) => {
            let results = ty.results.iter().zip(bits);
            let results: Vec<String> = results.map(|(ty, bits)| constant(*ty, *bits)).collect();
            let text = results.join(", ");
            if needs_math(&text) {
                file.import("math");
            }
            file.line(&format!("return {text}"));
        }
        (Answer::Echo(place), _) => {
            let param = params.get(*place as usize);
            let echoed = param.map_or("0", |param| &param.name);
            file.line(&format!("return {echoed}"));
        }
        (Answer::Count, _) if !zeros.is_empty() => {
            let calls = format!("{module}Calls{}", counter(import));
            let result = ty
                .results
                .first()
                .and_then(|ty| go_type(*ty))
                .unwrap_or("uint64");
            file.line(&format!("{calls}++"));
            file.line(&format!("return {result}({calls})"));
        }
        (Answer::ReturnZero | Answer::Count, _) => leave(file),
        (Answer::Script(code), _) => {
            file.line("// On the page this was JavaScript:");
            for line in code.lines() {
                file.line(format!("//\t{line}").trim_end());
            }
            file.line(&format!(
                "panic({:?})",
                format!("{name} is to be written in Go")
            ));
        }
        (Answer::Trap, _) => file.line(&format!("panic({:?})", format!("{name} is set to trap"))),
        (Answer::PrintString | Answer::Nothing | Answer::Driver, _) => {
            file.line(&format!("panic({:?})", format!("{name} has no answer yet")));
        }
    }
}

/// Writes what reads a string of the plugin's into the variable `text`.
fn read(file: &mut GoFile, text: &str, address: &str, length: &str, name: &str) {
    file.line(&format!(
        "{text}, ok := module.Memory().Read({address}, {length})"
    ));
    file.open("if !ok {");
    let message = format!("{name} was given a string outside of memory");
    file.line(&format!("panic({message:?})"));
    file.close("}");
}

fn print_arguments(file: &mut GoFile, import: &Import, params: &[Param], name: &str) {
    file.import("fmt");
    let mut verbs: Vec<&str> = Vec::new();
    let mut values: Vec<String> = Vec::new();
    let mut rest = params.iter();
    let signature = import.signature.as_ref().map(|(signature, _)| signature);
    let known = signature.map(|signature| signature.params.as_slice());
    for param in known.unwrap_or_default() {
        match (param.ty.underlying(), rest.next()) {
            (Type::String, Some(address)) => {
                let Some(length) = rest.next() else { break };
                let text = format!("text{}", values.len());
                read(file, &text, &address.name, &length.name, name);
                verbs.push("%q");
                values.push(text);
            }
            (Type::Bool, Some(word)) => {
                verbs.push("%v");
                values.push(format!("{} != 0", word.name));
            }
            (Type::Int8 | Type::Int16 | Type::Int32, Some(word)) => {
                verbs.push("%v");
                values.push(format!("int32({})", word.name));
            }
            (Type::Int64, Some(word)) => {
                verbs.push("%v");
                values.push(format!("int64({})", word.name));
            }
            (Type::Pointer(_) | Type::UnsafePointer | Type::Uintptr, Some(word)) => {
                verbs.push("%#x");
                values.push(word.name.clone());
            }
            (_, Some(word)) => {
                verbs.push("%v");
                values.push(word.name.clone());
            }
            (_, None) => break,
        }
    }
    for word in rest {
        verbs.push("%v");
        values.push(word.name.clone());
    }
    let format = format!("{}({})\n", name.replace('%', "%%"), verbs.join(", "));
    let mut list = vec![quote(format.as_bytes())];
    list.extend(values);
    file.line(&format!("fmt.Fprintf(host, {})", list.join(", ")));
}
