use crate::go::parse::read;

/// The functions of a file and its problems, as text.
fn one(text: &str) -> Vec<String> {
    let source = read([("main.go", text)], None);
    let functions = source.functions.iter().map(|f| f.signature.to_string());
    let problems = source.problems.iter().map(ToString::to_string);
    functions.chain(problems).collect()
}

/// Each length is what the Go compiler says.
#[test]
fn array_lengths_are_computed_as_go_does() {
    let text = r#"package main
import ("crypto/sha256"; "math"; u "unsafe"; m "math")
type Small uint8
type S struct { a int8; b int64; p *int8 }
const (
	KB = 1 << (10 * (iota + 1))
	MB
)
const Typed Small = 250
const ( T0 uint8 = iota + 7; T1; T2 )
const Text, Half = "hé" + `l` + "lo", 1.5
var table = [...]string{"a", "b", f(func() { x := 1 }),}
var total = 3
var keyed = [...]int{2: 1, 5, N: 4, {1, 2}}
var (
	buf [4 * N]byte
	nested = [3][N]S{}
	p *[9]int
)
const N = 7
"#;
    for (length, expected) in [
        ("KB", "1024"),
        ("MB >> 18", "4"),
        ("^uint8(0)", "255"),
        ("^Small(0xf0)", "15"),
        ("-(-3)", "3"),
        ("T2", "9"),
        ("Typed / 100", "2"),
        ("10 / 4.0 * 2", "5"),
        ("10 / 4 * 2", "4"),
        ("Half * 4", "6"),
        ("int(Half * 2)", "3"),
        ("0x1p4 / 0.5", "32"),
        ("'a' - 'A'", "32"),
        ("1_000", "1000"),
        ("017", "15"),
        ("len(Text)", "6"),
        ("len(string(`ab`))", "2"),
        ("len(table)", "3"),
        ("len(keyed)", "9"),
        ("len(buf) + cap(buf)", "56"),
        ("len(nested)", "3"),
        ("len(p)", "9"),
        ("len([...]bool{true, false})", "2"),
        ("len([N]struct{}{})", "7"),
        ("u.Sizeof(S{})", "24"),
        ("u.Sizeof(buf)", "28"),
        ("64 - u.Sizeof(uint32(0))", "60"),
        ("u.Alignof(S{})", "8"),
        ("sha256.Size", "32"),
        ("math.MaxUint8 &^ 0xf", "240"),
        ("m.MaxInt8 | 1<<7", "255"),
        ("max(N, 2, 3) % 4", "3"),
        ("min(1.0, 2)", "1"),
        ("(N*2 + 1)", "15"),
        ("N ^ 1", "6"),
        ("5 * 1e2", "500"),
    ] {
        let export = format!("//go:wasmexport f\nfunc f(a *[{length}]bool) {{}}\n");
        let expected = format!("f(a *[{expected}]bool)");
        assert_eq!(one(&format!("{text}{export}")), [expected], "{length}");
    }
    for (length, problem) in [
        ("1.5", "constant 1.5 truncated to integer"),
        ("uint8(256)", "constant 256 overflows"),
        ("Typed * 2", "constant 500 overflows"),
        ("-1", "invalid array length -1"),
        ("1 / 0", "invalid operation: division by zero"),
        ("T0 + len(table)", "invalid operation: mismatched types"),
        ("1 << 200", "constant overflows"),
        ("Text", "array length must be an integer constant"),
        ("len(unknown)", "undefined: unknown"),
        ("f(1)", "array length must be an integer constant"),
        ("Missing", "undefined: Missing"),
        ("len(table) + total", "total (variable) is not constant"),
    ] {
        let export = format!("//go:wasmexport f\nfunc f(a *[{length}]bool) {{}}\n");
        let problems = one(&format!("{text}{export}"));
        assert!(
            problems[0].ends_with(&format!(": f: {problem}")),
            "{problems:?}"
        );
    }
}

#[test]
fn what_go_predeclares_may_be_declared_otherwise() {
    let text = "package main\n\
        const iota, true = 9, 4\nconst K = iota + true\ntype bool float64\n\
        //go:wasmexport f\nfunc f(a *[K]byte, b bool) {}\n";
    assert_eq!(one(text), ["f(a *[13]uint8, b bool)"]);
}

#[test]
fn constants_that_need_types_that_need_constants_end() {
    let text = "package main\nimport \"unsafe\"\n\
        type T [unsafe.Sizeof(T{})]byte\n\
        var v = [len(w)]byte{}\nvar w = [len(v)]byte{}\n\
        const C T = 1\n\
        //go:wasmexport f\nfunc f(a *T, b *[len(v)]byte, c *[C]byte) {}\n";
    let problems = one(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    // Each level twice as wide as the one before.
    let mut text = "package main\nimport \"unsafe\"\n".to_owned();
    for index in 0..60 {
        let next = index + 1;
        text += &format!(
            "type T{index} [unsafe.Sizeof(T{next}{{}}) + unsafe.Sizeof([len(v{next})]T{next}{{}})]byte\n\
             var v{index} = [len(v{next}) + len(v{next})]T{next}{{}}\n"
        );
    }
    text += "//go:wasmexport f\nfunc f(a *T0) {}\n";
    assert_eq!(one(&text).len(), 1);
}
