//! The functions that a host answers: a table of each.

use crate::module::{ExternType, FuncType, Import, ValType};

/// A function of a host's: its place in the host's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionId(pub u16);

/// A row of a host's table.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name, in the module of the host's.
    pub name: &'static str,
    /// What it takes.
    pub params: &'static [ValType],
    /// What it gives back.
    pub results: &'static [ValType],
}

/// What an import is to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// It answers it by this function.
    By(FunctionId),
    /// It has a function of that name, of another type: says both types.
    Mismatch(String),
}

impl Function {
    /// A row.
    #[must_use]
    pub const fn new(
        name: &'static str,
        params: &'static [ValType],
        results: &'static [ValType],
    ) -> Self {
        Self {
            name,
            params,
            results,
        }
    }

    /// Its type.
    #[must_use]
    pub fn ty(&self) -> FuncType {
        FuncType {
            params: self.params.to_vec(),
            results: self.results.to_vec(),
        }
    }

    /// What an import is to a host `host` whose functions are `table`, in the module `module`.
    #[must_use]
    pub fn find(host: &str, module: &str, table: &[Self], import: &Import) -> Option<Served> {
        if import.module != module {
            return None;
        }
        let place = table.iter().position(|row| row.name == import.name)?;
        let ty = table.get(place)?.ty();
        if import.ty != ExternType::Func(ty.clone()) {
            return Some(Served::Mismatch(format!(
                "{host}'s {} is {ty}, the module's is {}",
                import.name, import.ty
            )));
        }
        u16::try_from(place)
            .ok()
            .map(|place| Served::By(FunctionId(place)))
    }
}
