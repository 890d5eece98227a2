//! One Go file: its package, imports, types, constants, and the functions under a `//go:wasmexport`
//! or `//go:wasmimport`.
//!
//! Function bodies and what variables are set to are skipped by their brackets. Must not know of other files: nothing
//! is resolved here.

use std::rc::Rc;

use super::expression::Expression;
use super::lex::{Kind, Token};
use super::parser::Parser;
use super::types::{ParamText, TypeText};
use super::{Position, SyntaxError};

/// What a file declares.
#[derive(Debug, Default)]
pub(super) struct File {
    /// Whether it may be a part of a file: without a package clause, and functions without bodies.
    is_fragment: bool,
    pub(super) package: String,
    /// The text of a `//go:build` line.
    pub(super) build: Option<String>,
    /// Local name (`.` for a dot import, empty if the package's own) and path.
    pub(super) imports: Vec<(String, String)>,
    pub(super) types: Vec<TypeDeclaration>,
    pub(super) constants: Vec<ConstantDeclaration>,
    pub(super) variables: Vec<VariableDeclaration>,
    pub(super) functions: Vec<FunctionText>,
    pub(super) problems: Vec<SyntaxError>,
}

#[derive(Debug)]
pub(super) struct TypeDeclaration {
    pub(super) name: String,
    /// The names of its type parameters.
    pub(super) parameters: Vec<String>,
    pub(super) alias: bool,
    pub(super) ty: TypeText,
}

#[derive(Debug)]
pub(super) struct ConstantDeclaration {
    pub(super) name: String,
    /// `None`: it has that of its value.
    pub(super) ty: Option<Rc<TypeText>>,
    /// `None`: it is there, but its value is nothing that could be an array's length.
    pub(super) value: Option<Rc<Expression>>,
    pub(super) iota: i128,
}

/// A variable; what its type is may be a part of a constant expression: `len(x)`.
#[derive(Debug)]
pub(super) struct VariableDeclaration {
    pub(super) name: String,
    pub(super) ty: Option<Rc<TypeText>>,
    pub(super) value: Option<Rc<Expression>>,
}

/// A function that crosses the border.
#[derive(Debug)]
pub(super) struct FunctionText {
    pub(super) binding: Binding,
    /// Whether it stands under TinyGo's older `//export`, which permits all types.
    pub(super) lenient: bool,
    pub(super) at: Position,
    pub(super) params: Vec<ParamText>,
    pub(super) results: Vec<ParamText>,
}

/// What binds a Go function to a Wasm one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// The export of this name.
    Export {
        /// As the module has it.
        name: String,
    },
    /// The import of this name from this module.
    Import {
        /// The module's name.
        module: String,
        /// The name in it.
        name: String,
    },
}

/// Reads a file. What comes before a syntax error is kept; the error is the last of the problems.
pub(super) fn read(text: &str, is_fragment: bool) -> File {
    let mut file = File {
        is_fragment,
        ..File::default()
    };
    if let Err(error) = read_all(text, &mut file) {
        file.problems.push(error);
    }
    file
}

fn read_all(text: &str, file: &mut File) -> Result<(), SyntaxError> {
    let mut parser = Parser::new(text)?;
    for directive in parser.take_directives() {
        if let Some(constraint) = directive.text.strip_prefix("//go:build ") {
            file.build.get_or_insert_with(|| constraint.to_owned());
        }
    }
    if parser.accept("package")? {
        parser.name("package name")?.clone_into(&mut file.package);
        end_declaration(&mut parser)?;
    } else if file.is_fragment {
        "main".clone_into(&mut file.package);
        // The directives before the first declaration are that one's.
        parser = Parser::new(text)?;
    } else {
        return Err(SyntaxError::new(
            parser.token().at,
            "syntax error: package statement must be first",
        ));
    }
    while parser.token().kind != Kind::End {
        declaration(&mut parser, file)?;
    }
    Ok(())
}

/// Goes over what must follow a declaration.
fn end_declaration(parser: &mut Parser<'_>) -> Result<(), SyntaxError> {
    // What stood inside of it belongs to nothing.
    parser.take_directives();
    match parser.token().kind {
        Kind::End => Ok(()),
        Kind::Semicolon => parser.advance().map(|_| ()),
        _ => Err(parser.unexpected("after top level declaration")),
    }
}

fn declaration(parser: &mut Parser<'_>, file: &mut File) -> Result<(), SyntaxError> {
    let token = parser.token();
    if token.kind == Kind::Semicolon {
        parser.advance()?;
        return Ok(());
    }
    parser.begin();
    let directives = parser.take_directives();
    if token.is("func") {
        function(parser, file, &directives)?;
        return end_declaration(parser);
    }
    misplaced(&directives, file);
    match token.text {
        "import" => group(parser, file, import)?,
        "type" => group(parser, file, type_declaration)?,
        "const" => constants(parser, file)?,
        "var" => group(parser, file, variables)?,
        _ => {
            return Err(SyntaxError::new(
                token.at,
                "syntax error: non-declaration statement outside function body",
            ));
        }
    }
    end_declaration(parser)
}

fn misplaced(directives: &[Token<'_>], file: &mut File) {
    for directive in directives {
        if let Some(name) = ["go:wasmexport", "go:wasmimport"]
            .iter()
            .find(|name| directive.text.starts_with(&format!("//{name} ")))
        {
            let message = format!("misplaced {name} directive");
            file.problems.push(SyntaxError::new(directive.at, message));
        }
    }
}

/// One declaration, or several in parentheses.
fn group<'s>(
    parser: &mut Parser<'s>,
    file: &mut File,
    declare: fn(&mut Parser<'s>, &mut File) -> Result<(), SyntaxError>,
) -> Result<(), SyntaxError> {
    parser.advance()?;
    if !parser.accept("(")? {
        return declare(parser, file);
    }
    while !parser.accept(")")? {
        parser.begin();
        declare(parser, file)?;
        end_specification(parser)?;
    }
    Ok(())
}

fn end_specification(parser: &mut Parser<'_>) -> Result<(), SyntaxError> {
    if parser.token().kind == Kind::Semicolon {
        parser.advance()?;
    } else if !parser.token().is(")") {
        return Err(parser.unexpected(", expected semicolon, newline, or )"));
    }
    Ok(())
}

fn import(parser: &mut Parser<'_>, file: &mut File) -> Result<(), SyntaxError> {
    let name = if parser.token().is_name() || parser.token().is(".") {
        parser.advance()?.text
    } else {
        ""
    };
    if parser.token().kind != Kind::String {
        return Err(parser.unexpected(", expected import path"));
    }
    let path = parser.advance()?;
    let path = crate::go::value::unquote(path.text)
        .ok()
        .and_then(|path| String::from_utf8(path).ok())
        .ok_or_else(|| SyntaxError::new(path.at, "invalid import path"))?;
    file.imports.push((name.to_owned(), path));
    Ok(())
}

fn type_declaration(parser: &mut Parser<'_>, file: &mut File) -> Result<(), SyntaxError> {
    let name = parser.name("type name")?.to_owned();
    let parameters = if type_parameters_follow(parser)? {
        type_parameters(parser)?
    } else {
        Vec::new()
    };
    let alias = parser.accept("=")?;
    let ty = parser.ty()?;
    file.types.push(TypeDeclaration {
        name,
        parameters,
        alias,
        ty,
    });
    Ok(())
}

/// The names in `[A, B any, C interface{…}]`: each entry begins with one.
fn type_parameters(parser: &mut Parser<'_>) -> Result<Vec<String>, SyntaxError> {
    let mut names = Vec::new();
    parser.advance()?;
    while !parser.accept("]")? {
        names.push(parser.name("type parameter")?.to_owned());
        while !parser.token().is(",") && !parser.token().is("]") {
            let token = parser.token();
            if ["(", "[", "{"].iter().any(|text| token.is(text)) {
                parser.skip_brackets()?;
            } else if matches!(token.kind, Kind::End | Kind::Semicolon) {
                return Err(parser.unexpected("in type parameter list, expected , or ]"));
            } else {
                parser.advance()?;
            }
        }
        parser.accept(",")?;
    }
    Ok(names)
}

/// Whether the bracket here opens type parameters (`[T any]`) and not an array's length (`[N]`).
fn type_parameters_follow(parser: &Parser<'_>) -> Result<bool, SyntaxError> {
    if !parser.token().is("[") {
        return Ok(false);
    }
    let mut look = parser.clone();
    look.advance()?;
    if !look.token().is_name() {
        return Ok(false);
    }
    look.advance()?;
    let next = look.token();
    Ok(next.kind == Kind::Word || [",", "~", "["].iter().any(|text| next.is(text)))
}

fn constants(parser: &mut Parser<'_>, file: &mut File) -> Result<(), SyntaxError> {
    parser.advance()?;
    if !parser.accept("(")? {
        constant(parser, file, &mut Repeated::default(), 0)?;
        return Ok(());
    }
    let mut repeated = Repeated::default();
    let mut iota = 0;
    while !parser.accept(")")? {
        parser.begin();
        constant(parser, file, &mut repeated, iota)?;
        end_specification(parser)?;
        iota += 1;
    }
    Ok(())
}

/// The type and the values that constants without any have: those of the constants before.
#[derive(Default)]
struct Repeated {
    ty: Option<Rc<TypeText>>,
    values: Vec<Option<Rc<Expression>>>,
}

/// `a, b T = 1, 2`. Without values, type and values of before are repeated.
fn constant(
    parser: &mut Parser<'_>,
    file: &mut File,
    repeated: &mut Repeated,
    iota: i128,
) -> Result<(), SyntaxError> {
    let mut names = vec![parser.name("constant name")?.to_owned()];
    while parser.accept(",")? {
        names.push(parser.name("constant name")?.to_owned());
    }
    let ends = parser.token().kind == Kind::Semicolon || parser.token().is(")");
    let ty = if ends || parser.token().is("=") {
        None
    } else {
        Some(Rc::new(parser.ty()?))
    };
    if parser.accept("=")? {
        let values = values(parser)?;
        *repeated = Repeated { ty, values };
    }
    for (index, name) in names.into_iter().enumerate() {
        file.constants.push(ConstantDeclaration {
            name,
            ty: repeated.ty.clone(),
            value: repeated.values.get(index).cloned().flatten(),
            iota,
        });
    }
    Ok(())
}

/// `a, b T = x, y`, of which the type or the values may be missing.
fn variables(parser: &mut Parser<'_>, file: &mut File) -> Result<(), SyntaxError> {
    let mut names = vec![parser.name("variable name")?.to_owned()];
    while parser.accept(",")? {
        names.push(parser.name("variable name")?.to_owned());
    }
    let ty = if parser.token().is("=") {
        None
    } else {
        Some(Rc::new(parser.ty()?))
    };
    let values = if parser.accept("=")? {
        values(parser)?
    } else {
        Vec::new()
    };
    for (index, name) in names.into_iter().enumerate() {
        file.variables.push(VariableDeclaration {
            name,
            ty: ty.clone(),
            value: values.get(index).cloned().flatten(),
        });
    }
    Ok(())
}

/// Values of constants and variables. Those that are no expressions of integers need not be understood.
fn values(parser: &mut Parser<'_>) -> Result<Vec<Option<Rc<Expression>>>, SyntaxError> {
    let mut look = parser.clone();
    if let Ok(values) = expressions(&mut look)
        && (matches!(look.token().kind, Kind::Semicolon | Kind::End) || look.token().is(")"))
    {
        *parser = look;
        return Ok(values);
    }
    parser.skip_to_end_of_statement()?;
    Ok(Vec::new())
}

fn expressions(parser: &mut Parser<'_>) -> Result<Vec<Option<Rc<Expression>>>, SyntaxError> {
    let mut values = vec![Some(Rc::new(parser.expression()?))];
    while parser.accept(",")? {
        values.push(Some(Rc::new(parser.expression()?)));
    }
    Ok(values)
}

fn function(
    parser: &mut Parser<'_>,
    file: &mut File,
    directives: &[Token<'_>],
) -> Result<(), SyntaxError> {
    parser.advance()?;
    let method = parser.token().is("(");
    if method {
        parser.skip_brackets()?;
    }
    let at = parser.token().at;
    parser.name("name or (")?;
    let generic = parser.token().is("[");
    if generic {
        parser.skip_brackets()?;
    }
    let (params, results) = parser.function_type()?;
    let has_body = parser.token().is("{");
    if has_body {
        parser.skip_brackets()?;
    }
    let may_lack_body = file.is_fragment;
    let mut problem = |at, message: &str| file.problems.push(SyntaxError::new(at, message));
    for binding in bindings(directives, has_body, &mut problem) {
        let wrong = match (&binding, has_body) {
            _ if method => Some("cannot use //go:wasmexport on a method"),
            _ if generic => Some("cannot use //go:wasmexport on a generic function"),
            ((Binding::Import { .. }, _), true) => {
                Some("can only use //go:wasmimport with external func implementations")
            }
            ((Binding::Export { .. }, _), false) if !may_lack_body => Some("missing function body"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            problem(at, wrong);
            continue;
        }
        file.functions.push(FunctionText {
            binding: binding.0,
            lenient: binding.1,
            at,
            params: params.clone(),
            results: results.clone(),
        });
    }
    Ok(())
}

/// What the directives before a function bind it to, and whether they permit all types.
fn bindings(
    directives: &[Token<'_>],
    has_body: bool,
    problem: &mut impl FnMut(Position, &str),
) -> Vec<(Binding, bool)> {
    let mut bindings = Vec::new();
    let mut older = None;
    let mut module = "env";
    for directive in directives {
        let words: Vec<&str> = directive.text.split_whitespace().collect();
        match words.as_slice() {
            // Of several, the last counts.
            ["//go:wasmexport", name] => {
                bindings.retain(|(binding, _)| !matches!(binding, Binding::Export { .. }));
                let name = (*name).to_owned();
                bindings.push((Binding::Export { name }, false));
            }
            ["//go:wasmimport", module, name] => {
                bindings.retain(|(binding, _)| !matches!(binding, Binding::Import { .. }));
                let (module, name) = ((*module).to_owned(), (*name).to_owned());
                bindings.push((Binding::Import { module, name }, false));
            }
            ["//go:wasmexport", ..] => {
                problem(directive.at, "usage: //go:wasmexport exportname");
            }
            ["//go:wasmimport", ..] => {
                problem(
                    directive.at,
                    "usage: //go:wasmimport importmodule importname",
                );
            }
            ["//export" | "//go:export", name] => older = Some((*name).to_owned()),
            ["//go:wasm-module", name] => module = name,
            _ => {}
        }
    }
    // //go:wasmexport goes before TinyGo's older form.
    if let Some(name) = older.filter(|_| bindings.is_empty()) {
        let binding = if has_body {
            Binding::Export { name }
        } else {
            let module = module.to_owned();
            Binding::Import { module, name }
        };
        bindings.push((binding, true));
    }
    bindings
}
