//! What the options plug into the imports of a module.

use super::Plain;
use super::options::{OptionError, Options};
use super::plain::Place;
use crate::go::{Type, abi::each};
use crate::module::{ExternType, FuncType, Import, Info};
use crate::protocol::{Answer, Provision};

type Parsed<T> = Result<T, OptionError>;

/// How the imports of a name are answered, as far as that is known before their types are.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// So.
    Answer(Answer),
    /// By this number or boolean, or these, once it is known of which types.
    Constant(Plain),
    /// Each by its own, in the module's order; undefined: as if nothing were given.
    Each(Vec<Plain>),
}

/// What is plugged into an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Plug {
    /// Its place in [`Info::imports`].
    pub import: usize,
    /// What it is.
    pub what: Plugged,
    /// Where in the list of its name it stands, if there is one.
    pub item: Option<u32>,
}

/// What an import is plugged into.
#[derive(Clone, Debug, PartialEq)]
pub enum Plugged {
    /// How a function is answered.
    Answer(Answer),
    /// What stands in for anything else.
    Provision(Provision),
}

/// What an import can be answered by.
const PRESETS: &str = "\"print\", \"arguments\", \"zero\", \"count\", \"trap\", a number to return, \
     a function or null, or an array of these";

/// What the options plug into which of the module's imports. What is given for a name is for every import
/// of it that it fits.
///
/// # Errors
///
/// When the module has no such import, WASI answers it, or what is given fits none.
pub fn plugs(options: &Options, info: &Info) -> Parsed<Vec<Plug>> {
    let mut plugs = Vec::new();
    for (module, name, given) in &options.imports {
        let at = Place::root().at("imports").at(module).at(name);
        let imports = info.imports.iter().enumerate();
        let imports =
            imports.filter(|(_, import)| import.module == *module && import.name == *name);
        let imports: Vec<(usize, &Import)> = imports.collect();
        let given = match (given, imports.as_slice()) {
            // An import of several results takes as many values, if it is the only one.
            (Given::Each(list), [(_, import)])
                if results(import) > 1 && list.len() == results(import) =>
            {
                &Given::Constant(Plain::List(list.clone()))
            }
            (given, _) => given,
        };
        match given {
            _ if imports.is_empty() => return Err(at.error("the module has no such import")),
            Given::Each(list) => {
                if list.len() > imports.len() {
                    let imported = match imports.len() {
                        1 => "once".to_owned(),
                        times => format!("{times} times"),
                    };
                    return Err(at.error(&format!(
                        "has {} answers, and the module imports it {imported}",
                        list.len()
                    )));
                }
                for (item, (value, (index, import))) in list.iter().zip(&imports).enumerate() {
                    let at = at.item(item);
                    let given = match value {
                        Plain::Undefined => continue,
                        Plain::List(_) => Given::Constant(value.clone()),
                        value => self::given(value, &at)?,
                    };
                    plugs.push(Plug {
                        import: *index,
                        what: plugged(&given, import, &at)?,
                        item: u32::try_from(item).ok(),
                    });
                }
            }
            given => {
                let mut refused = None;
                let before = plugs.len();
                for (import, found) in imports {
                    match plugged(given, found, &at) {
                        Ok(what) => plugs.push(Plug {
                            import,
                            what,
                            item: None,
                        }),
                        Err(error) => refused = refused.or(Some(error)),
                    }
                }
                if let Some(error) = refused.filter(|_| plugs.len() == before) {
                    return Err(error);
                }
            }
        }
    }
    Ok(plugs)
}

/// How many results an import has.
fn results(import: &Import) -> usize {
    import.ty.func().map_or(0, |ty| ty.results.len())
}

/// What is given for an import, if it fits.
fn plugged(given: &Given, import: &Import, at: &Place) -> Parsed<Plugged> {
    let answer = match (&import.ty, given) {
        _ if import.is_wasi() => return Err(at.error("WASI answers it")),
        (ExternType::Func(_), Given::Answer(answer)) => answer.clone(),
        (ExternType::Func(ty), Given::Constant(value)) => constant(value, ty, import, at)?,
        (ty, Given::Constant(value)) => {
            let provision = provision(value, ty, at)?;
            provision.fits(ty).map_err(|why| at.error(&why))?;
            return Ok(Plugged::Provision(provision));
        }
        (_, Given::Answer(_) | Given::Each(_)) => return Err(at.error("is not a function")),
    };
    let ty = import.ty.func().cloned().unwrap_or_default();
    answer.fits(&ty).map_err(|why| at.error(&why))?;
    Ok(Plugged::Answer(answer))
}

/// The answer that returns a number, of the type that the import has.
fn constant(value: &Plain, ty: &FuncType, import: &Import, at: &Place) -> Parsed<Answer> {
    let signature = match &import.signature {
        Some((signature, _)) => signature.clone(),
        None => ty.numbers(&import.name),
    };
    let Some(result) = &signature.result else {
        return Err(at.error(&format!("cannot return a constant: its type is {ty}")));
    };
    let types = each(result);
    let values = match (result, value) {
        (Type::Several(_), Plain::List(list)) => list.as_slice(),
        (_, one) => std::slice::from_ref(one),
    };
    let pairs = values.iter().zip(types);
    let bits = pairs.map(|(value, ty)| super::answers::result_bits(value, ty));
    let bits: Option<Vec<u64>> = bits.collect();
    let bits = bits.filter(|_| values.len() == types.len());
    let bits = bits.ok_or_else(|| at.needs(&format!("to return {result}"), value))?;
    Ok(Answer::Constant(bits))
}

/// What stands in for an import that is no function: the value of a global, the pages of a memory, the
/// elements of a table.
fn provision(value: &Plain, ty: &ExternType, at: &Place) -> Parsed<Provision> {
    match ty {
        ExternType::Global(of, _) => {
            let bits = super::answers::raw(value, *of);
            let bits = bits.ok_or_else(|| at.needs(&format!("the value of a {ty}"), value))?;
            Ok(Provision::Global(bits))
        }
        ExternType::Memory(_) => at.unsigned(value, u64::MAX).map(Provision::Memory),
        ExternType::Table(..) => at.unsigned(value, u64::MAX).map(Provision::Table),
        ExternType::Func(_) | ExternType::Tag => Err(at.error("cannot be given")),
    }
}

/// How the option `imports` answers them.
pub(super) fn imports(value: &Plain, at: &Place) -> Parsed<Vec<(String, String, Given)>> {
    let mut answers = Vec::new();
    if *value == Plain::Undefined {
        return Ok(answers);
    }
    for (module, names) in at.entries(value)? {
        let at = at.at(module);
        for (name, value) in at.entries(names)? {
            let at = at.at(name);
            answers.push((module.clone(), name.clone(), given(value, &at)?));
        }
    }
    Ok(answers)
}

fn given(value: &Plain, at: &Place) -> Parsed<Given> {
    Ok(Given::Answer(match value {
        Plain::Text(preset) if preset == "print" => Answer::PrintString,
        Plain::Text(preset) if preset == "zero" => Answer::ReturnZero,
        Plain::Text(preset) if preset == "trap" => Answer::Trap,
        Plain::Text(preset) if preset == "arguments" => Answer::PrintArguments,
        Plain::Text(preset) if preset == "count" => Answer::Count,
        Plain::Null => Answer::Nothing,
        Plain::Function => Answer::Driver,
        Plain::Number(_) | Plain::BigInt(_) | Plain::Bool(_) => {
            return Ok(Given::Constant(value.clone()));
        }
        Plain::List(list) => return Ok(Given::Each(list.clone())),
        other => return Err(at.needs(PRESETS, other)),
    }))
}
