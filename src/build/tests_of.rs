//! The functions of `_test.go` files that `go test` runs, and the main package that it makes of them.

use super::lex::{Kind, Token, Tokens};
use crate::go::value::quote;
use std::fmt::Write;

/// What a test file has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tests {
    tests: Vec<String>,
    benchmarks: Vec<String>,
    fuzz_targets: Vec<String>,
    examples: Vec<Example>,
    has_main: bool,
}

/// An example whose output is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Example {
    name: String,
    output: String,
    is_unordered: bool,
}

impl Tests {
    /// Reads test files of one package.
    #[must_use]
    pub fn read<'s>(files: impl IntoIterator<Item = &'s str>) -> Self {
        let mut read = Self::default();
        for text in files {
            read.read_file(text);
        }
        read
    }

    fn read_file(&mut self, text: &str) {
        let mut depth = 0_usize;
        let mut tokens = Tokens::of(text);
        let mut is_function = false;
        while let Some(token) = tokens.next() {
            if is_function && depth == 0 && token.kind == Kind::Word {
                self.function(token.text, &mut tokens);
            }
            if token.kind != Kind::Comment {
                is_function = depth == 0 && token.is("func");
            }
            match token.text {
                "{" | "(" => depth += 1,
                "}" | ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// What follows the name of a function: its parameters and, for an example, its body.
    fn function(&mut self, name: &str, tokens: &mut Tokens<'_>) {
        let mut look = tokens.clone();
        let mut parameters: Vec<&str> = Vec::new();
        if !look.next().is_some_and(|token| token.is("(")) {
            return;
        }
        for token in look.by_ref().filter(|token| token.kind != Kind::Comment) {
            if token.is(")") || parameters.len() > 5 {
                break;
            }
            parameters.push(token.text);
        }
        let takes = |what: &str| match parameters.as_slice() {
            ["*", ty] | [_, "*", ty] => *ty == what,
            ["*", _, ".", ty] | [_, "*", _, ".", ty] => *ty == what,
            _ => false,
        };
        let begins = |start: &str| {
            let rest = name.strip_prefix(start);
            rest.is_some_and(|rest| !rest.starts_with(char::is_lowercase))
        };
        let owned = || name.to_owned();
        match () {
            () if name == "TestMain" && takes("M") => self.has_main = true,
            () if begins("Test") && takes("T") => self.tests.push(owned()),
            () if begins("Benchmark") && takes("B") => self.benchmarks.push(owned()),
            () if begins("Fuzz") && takes("F") => self.fuzz_targets.push(owned()),
            () if begins("Example") && parameters.is_empty() => {
                self.examples.extend(example(name, look));
            }
            () => {}
        }
    }

    /// Whether a package has any test.
    #[must_use]
    pub fn are_there(&self) -> bool {
        *self != Self::default()
    }

    /// The main package for the tests of the package `path`: those within it, and those of `path_test`.
    #[must_use]
    pub fn main(path: &str, module: &str, inner: Option<&Self>, outer: Option<&Self>) -> String {
        let sides = [("_test", inner), ("_xtest", outer)];
        let sides = sides
            .into_iter()
            .filter_map(|(name, tests)| Some((name, tests?)));
        let sides: Vec<(&str, &Self)> = sides.collect();
        let main = sides.iter().find(|(_, tests)| tests.has_main);
        let mut text = "package main\n\nimport (\n\t\"os\"\n".to_owned();
        if main.is_some() {
            text.push_str("\t\"reflect\"\n");
        }
        text.push_str("\t\"testing\"\n\t\"testing/internal/testdeps\"\n");
        for (name, tests) in &sides {
            let local = if tests.are_there() { name } else { "_" };
            let ending = if *name == "_xtest" { "_test" } else { "" };
            let _ = writeln!(
                text,
                "\t{local} {}",
                quote(format!("{path}{ending}").as_bytes())
            );
        }
        text.push_str(")\n");
        let mut list = |variable: &str, ty: &str, names: fn(&Self) -> &[String]| {
            let _ = writeln!(text, "\nvar {variable} = []testing.{ty}{{");
            for (package, tests) in &sides {
                for name in names(tests) {
                    let _ = writeln!(text, "\t{{\"{name}\", {package}.{name}}},");
                }
            }
            text.push_str("}\n");
        };
        list("tests", "InternalTest", |tests| &tests.tests);
        list("benchmarks", "InternalBenchmark", |tests| &tests.benchmarks);
        list("fuzzTargets", "InternalFuzzTarget", |tests| {
            &tests.fuzz_targets
        });
        text.push_str("\nvar examples = []testing.InternalExample{\n");
        for (package, tests) in &sides {
            for Example {
                name,
                output,
                is_unordered,
            } in &tests.examples
            {
                let output = quote(output.as_bytes());
                let _ = writeln!(
                    text,
                    "\t{{\"{name}\", {package}.{name}, {output}, {is_unordered}}},"
                );
            }
        }
        let (module, path) = (quote(module.as_bytes()), quote(path.as_bytes()));
        let _ = write!(
            text,
            "}}\n\nfunc init() {{\n\ttestdeps.ModulePath = {module}\n\ttestdeps.ImportPath = {path}\n}}\n\n\
             func main() {{\n\tm := testing.MainStart(testdeps.TestDeps{{}}, tests, benchmarks, fuzzTargets, examples)\n"
        );
        match main {
            Some((package, _)) => {
                let _ = writeln!(
                    text,
                    "\t{package}.TestMain(m)\n\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}}"
                );
            }
            None => text.push_str("\tos.Exit(m.Run())\n}\n"),
        }
        text
    }
}

/// An example, if its body ends with the comment that says what it prints.
fn example(name: &str, tokens: Tokens<'_>) -> Option<Example> {
    let mut depth = 0_usize;
    let mut last: Vec<Token<'_>> = Vec::new();
    for token in tokens {
        match token.text {
            "{" => depth += 1,
            "}" if depth <= 1 => break,
            "}" => depth -= 1,
            _ => {}
        }
        // One group of comments has no line between them.
        let goes_on = last
            .last()
            .is_some_and(|before| before.at.line + 1 == token.at.line);
        if token.kind == Kind::Comment && depth > 0 {
            if !goes_on {
                last.clear();
            }
            last.push(token);
        }
    }
    let text: Vec<&str> = last
        .iter()
        .flat_map(|token| comment_lines(token.text))
        .collect();
    let text = text.join("\n");
    let text = text.trim_start();
    let is = |start: &str| {
        let head = text.get(..start.len())?;
        head.eq_ignore_ascii_case(start)
            .then(|| text.get(start.len()..).unwrap_or_default())
    };
    let (rest, is_unordered) = match (is("output:"), is("unordered output:")) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return None,
    };
    let rest = rest.trim_start_matches(' ');
    let output = rest.strip_prefix('\n').unwrap_or(rest);
    let output = match output.trim_end() {
        "" => String::new(),
        output => format!("{output}\n"),
    };
    let name = name.to_owned();
    Some(Example {
        name,
        output,
        is_unordered,
    })
}

/// The text of a comment, line by line, without its marks.
fn comment_lines(comment: &str) -> Vec<&str> {
    if let Some(line) = comment.strip_prefix("//") {
        return vec![line.strip_prefix(' ').unwrap_or(line).trim_end()];
    }
    let body = comment.trim_start_matches("/*").trim_end_matches("*/");
    body.lines().map(str::trim_end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"package p
import "testing"
func TestA(t *testing.T) { func() {}() }
func Test(t *T) {}
func Testing(t *testing.T) {}
func TestNone() {}
func TestTwo(t *testing.T, n int) {}
func (s S) TestMethod(t *testing.T) {}
func BenchmarkA(b *testing.B) {}
func FuzzA(f *testing.F) {}
func TestMain(m *testing.M) { func TestNested(t *testing.T) {} }
func ExampleA() {
	// not this
	println("}") // Output: nor this

	// Output: a
	// b
}
func ExampleB() { /* unordered OUTPUT:
1
2 */ }
func ExampleC() {}
func ExampleD() {
	// Output:
}
var s = "func TestText(t *testing.T) {}"
"#;

    #[test]
    fn what_go_test_runs_is_found() {
        let read = Tests::read([FILE]);
        assert_eq!(read.tests, ["TestA", "Test"]);
        assert_eq!(read.benchmarks, ["BenchmarkA"]);
        assert_eq!(read.fuzz_targets, ["FuzzA"]);
        assert!(read.has_main);
        let examples: Vec<_> = read
            .examples
            .iter()
            .map(|one| (one.name.as_str(), one.output.as_str(), one.is_unordered))
            .collect();
        assert_eq!(
            examples,
            [
                ("ExampleA", "a\nb\n", false),
                ("ExampleB", "1\n2\n", true),
                ("ExampleD", "", false)
            ]
        );
        assert!(!Tests::read(["package p\n"]).are_there());
    }

    #[test]
    fn a_main_package_runs_them() {
        let (inner, outer) = (
            Tests::read([FILE]),
            Tests::read(["package p_test\nfunc TestB(t *testing.T) {}"]),
        );
        let main = Tests::main("m/p", "m", Some(&inner), Some(&outer));
        for line in [
            "\t_test \"m/p\"\n",
            "\t_xtest \"m/p_test\"\n",
            "\t{\"TestA\", _test.TestA},\n",
            "\t{\"TestB\", _xtest.TestB},\n",
            "\t{\"ExampleB\", _test.ExampleB, \"1\\n2\\n\", true},\n",
            "\t_test.TestMain(m)\n",
            "\t\"reflect\"\n",
            "ModulePath = \"m\"",
        ] {
            assert!(main.contains(line), "{line}: {main}");
        }
        let plain = Tests::main("m/p", "m", Some(&Tests::default()), Some(&outer));
        assert!(
            plain.contains("\t_ \"m/p\"\n") && plain.contains("os.Exit(m.Run())"),
            "{plain}"
        );
    }
}
