//! The languages whose debug information is read, and how each writes a function.
//!
//! Must not know where the parts come from.

use gimli::DwLang;

/// The language, and for Go the compiler, that a function was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Go, by TinyGo.
    TinyGo,
    /// C.
    C,
    /// C++.
    Cpp,
    /// Rust.
    Rust,
    /// Zig.
    Zig,
    /// Any other: shown as C would be.
    Other,
}

impl Language {
    /// TinyGo says that it is C99, so who produced the unit counts first.
    pub(super) fn of(producer: Option<&str>, language: Option<DwLang>) -> Language {
        if producer.is_some_and(|producer| producer.starts_with("TinyGo")) {
            return Language::TinyGo;
        }
        match language {
            Some(
                gimli::DW_LANG_C
                | gimli::DW_LANG_C89
                | gimli::DW_LANG_C99
                | gimli::DW_LANG_C11
                | gimli::DW_LANG_C17,
            ) => Language::C,
            Some(
                gimli::DW_LANG_C_plus_plus
                | gimli::DW_LANG_C_plus_plus_03
                | gimli::DW_LANG_C_plus_plus_11
                | gimli::DW_LANG_C_plus_plus_14
                | gimli::DW_LANG_C_plus_plus_17
                | gimli::DW_LANG_C_plus_plus_20,
            ) => Language::Cpp,
            Some(gimli::DW_LANG_Rust) => Language::Rust,
            Some(gimli::DW_LANG_Zig) => Language::Zig,
            _ => Language::Other,
        }
    }

    /// How the language declares a function; `None` for Go, which the model writes itself.
    pub(super) fn declaration(
        self,
        name: &str,
        params: &[(String, String)],
        result: Option<&str>,
    ) -> Option<String> {
        let list = |write: fn(&str, &str) -> String| {
            let params = params.iter().map(|(name, ty)| match name.as_str() {
                "" => ty.clone(),
                name => write(name, ty),
            });
            params.collect::<Vec<_>>().join(", ")
        };
        match self {
            Language::TinyGo => None,
            Language::Rust => {
                let result = result.map(|ty| format!(" -> {ty}")).unwrap_or_default();
                let params = list(|name, ty| format!("{name}: {ty}"));
                Some(format!("fn {name}({params}){result}"))
            }
            Language::Zig => {
                let params = list(|name, ty| format!("{name}: {ty}"));
                Some(format!("fn {name}({params}) {}", result.unwrap_or("void")))
            }
            Language::C | Language::Cpp | Language::Other => {
                let params = match params {
                    [] => "void".to_owned(),
                    _ => list(|name, ty| joined(ty, name)),
                };
                let function = format!("{name}({params})");
                Some(joined(result.unwrap_or("void"), &function))
            }
        }
    }

    /// How the language writes a pointer to `element`; `None`: to nothing in particular.
    pub(super) fn pointer(self, element: Option<&str>) -> String {
        match (self, element) {
            (Language::TinyGo, Some(element)) => format!("*{element}"),
            (Language::TinyGo, None) => "unsafe.Pointer".to_owned(),
            (Language::Rust | Language::Zig, element) => format!("*{}", element.unwrap_or("void")),
            (_, element) => joined(element.unwrap_or("void"), "*"),
        }
    }
}

/// A C type before a declarator: `int x`, `char *x`.
fn joined(ty: &str, declarator: &str) -> String {
    let space = if ty.ends_with('*') { "" } else { " " };
    format!("{ty}{space}{declarator}")
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Language::TinyGo => "TinyGo",
            Language::C => "C",
            Language::Cpp => "C++",
            Language::Rust => "Rust",
            Language::Zig => "Zig",
            Language::Other => "another language",
        })
    }
}
