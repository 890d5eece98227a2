//! The call with the JS package, in Node.

use crate::go::value::{Pointer, json, legible};
use crate::go::{Place, Signature, Type, Value};
use crate::hosts::{self, ByForm, Input, camel, value_to_json};
use crate::module::Import;
use crate::protocol::{Answer, Case, Limits, Settings, Stdin};
use crate::script;
use serde_json::Value as Json;

/// How deep values are written.
const MOST_DEPTH: usize = 128;

/// A complete program for Node.
#[must_use]
pub fn javascript(case: &Case) -> String {
    let name = legible(&case.module.name);
    let mut text = format!(
        "// The call {} of {name}: node call.mjs\n\
         import {{ readFile }} from \"node:fs/promises\";\n\
         import init, {{ Plugin }} from \"plugboard\";\n\n\
         await init();\n\
         const plugin = await Plugin.load(await readFile({}), {{\n",
        case.written(),
        string(&case.module.name)
    );
    for line in options(case) {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str("});\n");
    let call = if let Some(by_form) = &case.by_form {
        performed(case, by_form)
    } else if case.is_start() {
        "plugin.start()".to_owned()
    } else {
        let mut list = vec![string(&case.export)];
        let params = case.signature.iter().flat_map(|one| &one.params);
        let args = params.zip(&case.args);
        let args: Vec<String> = args
            .map(|(param, value)| written(value, &Place::of(&param.ty), MOST_DEPTH))
            .collect();
        list.push(format!("[{}]", args.join(", ")));
        if let Some(go) = case.signature.as_ref().and_then(in_go) {
            list.push(format!("{{ go: {} }}", string(&go)));
        }
        format!("plugin.call({})", list.join(", "))
    };
    text.push_str(&format!(
        "const outcome = await {call};\nconsole.log(outcome);\n"
    ));
    text
}

/// A call by a form.
fn performed(case: &Case, by_form: &ByForm) -> String {
    let form = by_form.kind.form(&case.module, &case.export);
    let fields = form.iter().flat_map(|form| &form.fields);
    let fields = fields.filter_map(|field| {
        let value = match (by_form.values.get(&field.key)?, &field.input) {
            (hosts::Value::Text(digits), Input::Number) => digits.clone(),
            (hosts::Value::Bytes(bytes), _) if std::str::from_utf8(bytes).is_err() => {
                byte_array(bytes)
            }
            (value, _) => value_to_json(value).to_string(),
        };
        Some(format!("{}: {value}", string(&camel(&field.key))))
    });
    let fields: Vec<String> = fields.collect();
    let fields = match fields.as_slice() {
        [] => "{}".to_owned(),
        fields => format!("{{ {} }}", fields.join(", ")),
    };
    let (export, action) = (string(&case.export), string(&by_form.action));
    format!("plugin.perform({export}, {fields}, {action})")
}

/// The options of `Plugin.load` that are not the usual ones, a line each.
fn options(case: &Case) -> Vec<String> {
    let usual = Settings::default();
    let settings = &case.settings;
    let mut lines = vec![format!("args: {},", list(&settings.args))];
    if let Some(by_form) = &case.by_form {
        lines.push(format!("host: {},", string(&by_form.kind.key())));
    }
    if !settings.env.is_empty() {
        let env = settings.env.iter();
        let env: Vec<String> = env
            .map(|(key, value)| format!("{}: {}", string(key), string(value)))
            .collect();
        lines.push(format!("env: {{ {} }},", env.join(", ")));
    }
    match &settings.stdin {
        Stdin::Empty => {}
        Stdin::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => lines.push(format!("stdin: {},", string(text))),
            Err(_) => lines.push(format!("stdin: {},", byte_array(bytes))),
        },
        Stdin::File | Stdin::Interactive => {
            lines.push("stdin: await readFile(0), // all that is typed, to its end".into());
        }
    }
    if settings.preopens != usual.preopens {
        let opens = settings.preopens.iter();
        let opens: Vec<String> = opens
            .map(|open| format!("{}: {{}}", string(&open.path)))
            .collect();
        lines.push(format!("preopens: {{ {} }},", opens.join(", ")));
        let closed = settings.preopens.iter().filter(|open| open.read_only);
        let closed: Vec<String> = closed.map(|open| open.path.clone()).collect();
        if !closed.is_empty() {
            lines.push(format!("readonly: {},", list(&closed)));
        }
    }
    lines.extend(limits(&settings.limits));
    if let Some(fixed) = &settings.determinism {
        let (realtime, step) = (fixed.realtime, fixed.step);
        lines.push(format!(
            "clock: {{ realtime: {realtime}n, step: {step}n }},"
        ));
        lines.push(format!("seed: {}n,", fixed.seed));
    }
    lines.extend(imports(case));
    lines.push("onStdout: (chunk) => process.stdout.write(chunk),".into());
    lines.push("onStderr: (chunk) => process.stderr.write(chunk),".into());
    lines
}

fn limits(limits: &Limits) -> Option<String> {
    let usual = Limits::default();
    let mut set = Vec::new();
    if let Some(fuel) = limits.fuel {
        set.push(format!("fuel: {fuel}n"));
    }
    if limits.memory_pages != usual.memory_pages {
        set.push(format!("memoryPages: {}", limits.memory_pages));
    }
    if limits.table_elements != usual.table_elements {
        set.push(format!("tableElements: {}", limits.table_elements));
    }
    if limits.output_bytes != usual.output_bytes {
        set.push(format!("outputBytes: {}", limits.output_bytes));
    }
    if let Some(millis) = limits.wall_millis {
        set.push(format!("wallMillis: {millis}"));
    }
    if limits.call_depth != usual.call_depth {
        set.push(format!("callDepth: {}", limits.call_depth));
    }
    (!set.is_empty()).then(|| format!("limits: {{ {} }},", set.join(", ")))
}

/// How the imports are answered.
fn imports(case: &Case) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut modules: Vec<&str> = Vec::new();
    let answered = || {
        let pairs = case.module.imports.iter().zip(&case.answers);
        pairs.filter_map(|(import, answer)| Some((import, answer.as_ref()?)))
    };
    for (import, _) in answered() {
        if !modules.contains(&&*import.module) {
            modules.push(&import.module);
        }
    }
    if modules.is_empty() {
        return lines;
    }
    lines.push("imports: {".into());
    for module in modules {
        lines.push(format!("  {}: {{", string(module)));
        for (import, answer) in answered().filter(|(import, _)| import.module == *module) {
            let name = string(&import.name);
            let mut answer = answer_of(import, answer).into_iter();
            lines.push(format!("    {name}: {}", answer.next().unwrap_or_default()));
            lines.extend(answer.map(|line| format!("    {line}")));
        }
        lines.push("  },".into());
    }
    lines.push("},".into());
    lines
}

fn answer_of(import: &Import, answer: &Answer) -> Vec<String> {
    let short = |text: &str| vec![format!("{text},")];
    match answer {
        Answer::PrintString => short("\"print\""),
        Answer::PrintArguments => short("\"arguments\""),
        Answer::ReturnZero => short("\"zero\""),
        Answer::Count => short("\"count\""),
        Answer::Trap => short("\"trap\""),
        Answer::Nothing | Answer::Driver => short("null"),
        Answer::Constant(bits) => short(&constant(import, bits)),
        Answer::Echo(place) => short(&format!("(guest, ...args) => args[{place}]")),
        Answer::Script(code) => {
            let signature = match (&import.signature, import.ty.func()) {
                (Some((signature, _)), _) => signature.clone(),
                (None, Some(ty)) => ty.numbers(&import.name),
                (None, None) => return short("null"),
            };
            let mut names = vec![script::GUEST.to_owned()];
            names.extend(script::parameter_names(&signature));
            let mut lines = vec![format!("async ({}) => {{", names.join(", "))];
            lines.extend(
                code.lines()
                    .map(|line| format!("  {line}").trim_end().to_owned()),
            );
            lines.push("},".into());
            lines
        }
    }
}

/// A constant, as what the import returns in Go.
fn constant(import: &Import, bits: &[u64]) -> String {
    let numbers = import.ty.func().map(|ty| ty.numbers(&import.name));
    let known = import.signature.as_ref();
    let known = known.map(|(signature, _)| signature.clone());
    let ty = known.or(numbers).and_then(|signature| signature.result);
    let value = ty.and_then(|ty| {
        let value = crate::go::abi::lift_all(&ty, bits).ok()?;
        Some(written(&value, &Place::of(&ty), MOST_DEPTH))
    });
    value.unwrap_or_else(|| "null".into())
}

/// A value as the package takes it.
fn written(value: &Value, place: &Place<'_>, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return "null".into();
    };
    match (value, place.kind()) {
        (Value::Int(number), Type::Int64) => format!("{number}n"),
        (Value::Uint(number), Type::Uint64) => format!("{number}n"),
        (Value::Float32(bits), _) if !f32::from_bits(*bits).is_finite() => {
            odd(f32::from_bits(*bits).into())
        }
        (Value::Float64(bits), _) if !f64::from_bits(*bits).is_finite() => {
            odd(f64::from_bits(*bits))
        }
        (Value::Float64(bits), _) => format!("{}", f64::from_bits(*bits)),
        (Value::Float32(bits), _) => format!("{}", f32::from_bits(*bits)),
        (Value::String(bytes), _) => match std::str::from_utf8(bytes) {
            Ok(text) => string(text),
            Err(_) => byte_array(bytes),
        },
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            written(value, &place.inner(element), depth)
        }
        (Value::Pointer(Pointer::Address(address)), _) => format!("{{ $address: {address} }}"),
        (Value::Array(values), Type::Several(types)) => {
            let values = values.iter().zip(types);
            let values = values.map(|(value, ty)| written(value, &place.inner(ty), depth));
            format!("[{}]", values.collect::<Vec<_>>().join(", "))
        }
        (Value::Array(values), Type::Array(element, _)) => {
            let element = place.inner(element);
            let values = values.iter();
            let values: Vec<String> = values
                .map(|value| written(value, &element, depth))
                .collect();
            format!("[{}]", values.join(", "))
        }
        (Value::Struct(fields), Type::Struct(structure)) => {
            let fields = fields.iter().zip(&structure.fields);
            let fields = fields.filter(|((name, _), _)| name != "_");
            let fields: Vec<String> = fields
                .map(|((name, value), field)| {
                    let value = written(value, &place.inner(&field.ty), depth);
                    format!("{name}: {value}")
                })
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        _ => json::to_json(value, place.kind()).to_string(),
    }
}

/// The signature as one line that needs no other: types that have names are written out. `None`: Go cannot
/// write it so, or it is what the package finds by itself.
fn in_go(signature: &Signature) -> Option<String> {
    let mut signature = signature.clone();
    for param in &mut signature.params {
        param.ty = unnamed(&param.ty, MOST_DEPTH)?;
    }
    if let Some(result) = &mut signature.result {
        *result = unnamed(result, MOST_DEPTH)?;
    }
    Some(signature.in_go())
}

fn unnamed(ty: &Type, depth: usize) -> Option<Type> {
    let depth = depth.checked_sub(1)?;
    Some(match ty {
        Type::Named { underlying, .. } => unnamed(underlying.as_ref()?, depth)?,
        Type::Pointer(element) => Type::Pointer(Box::new(unnamed(element, depth)?)),
        Type::Array(element, length) => Type::Array(Box::new(unnamed(element, depth)?), *length),
        Type::Struct(structure) => {
            let mut structure = structure.clone();
            for field in &mut structure.fields {
                field.ty = unnamed(&field.ty, depth)?;
            }
            Type::Struct(structure)
        }
        Type::Ref(_) | Type::Several(_) | Type::Other(_) => return None,
        plain => plain.clone(),
    })
}

/// JavaScript's names for what is no finite number.
fn odd(number: f64) -> String {
    match number {
        number if number.is_nan() => "NaN",
        number if number > 0.0 => "Infinity",
        _ => "-Infinity",
    }
    .into()
}

fn byte_array(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(ToString::to_string).collect();
    format!("new Uint8Array([{}])", bytes.join(", "))
}

/// A string literal: JSON's are JavaScript's.
fn string(text: &str) -> String {
    Json::from(text).to_string()
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("[{}]", texts.join(", "))
}
