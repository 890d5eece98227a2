use super::options::{call_options, parse};
use super::plugs::{Plug, Plugged, plugs};
use super::{Plain, calls};
use crate::go::{Param, Signature, Source, Type, Value};
use crate::module::{self, Info};
use crate::protocol::{Answer, FileEntry, Provision, Settings, Stdin};
use crate::session::Random;

fn text(text: &str) -> Plain {
    Plain::Text(text.to_owned())
}

fn object(entries: &[(&str, Plain)]) -> Plain {
    let owned = |(key, value): &(&str, Plain)| ((*key).to_owned(), value.clone());
    Plain::Object(entries.iter().map(owned).collect())
}

#[track_caller]
fn assert_refused(options: &Plain, message: &str) {
    assert_eq!(parse(options).unwrap_err().to_string(), message);
}

#[test]
fn no_options_are_the_defaults() {
    let options = parse(&Plain::Undefined).unwrap();
    let mut defaults = Settings::default();
    // How long a call may take is the caller's affair.
    defaults.limits.wall_millis = None;
    assert_eq!(options.settings, defaults);
    assert_eq!(options, parse(&object(&[])).unwrap());
}

#[test]
fn what_a_session_of_the_page_has_holds_where_nothing_else_is_said() {
    let session = r#"{"plugboard": 1, "plugin": {"name": "greet.wasm"}, "settings": {
        "arguments": "-v 'two words'", "environment": "KEY=value", "preopens": "/\n/data:ro", "memory": "4096 pages",
        "time": "90 s", "stdin": "typed", "stdinFrom": "text", "fuel": "1,000", "depth": "7",
        "deterministic": true, "seed": "9", "initialize": false}}"#;
    let options = parse(&object(&[("session", text(session))])).unwrap();
    let settings = options.settings;
    assert_eq!(settings.args, ["greet.wasm", "-v", "two words"]);
    assert_eq!(settings.env, [("KEY".to_owned(), "value".to_owned())]);
    let preopens = settings.preopens.iter();
    let preopens: Vec<_> = preopens.map(|it| (&*it.path, it.read_only)).collect();
    assert_eq!(preopens, [("/", false), ("/data", true)]);
    assert_eq!(settings.stdin, Stdin::Bytes(b"typed".to_vec()));
    assert!(!settings.auto_initialize && !settings.terminal);
    assert_eq!(settings.determinism.map(|it| it.seed), Some(9));
    let limits = &settings.limits;
    let limits = (
        limits.memory_pages,
        limits.wall_millis,
        limits.fuel,
        limits.call_depth,
    );
    assert_eq!(limits, (4_096, Some(90_000), Some(1_000), 7));

    // What is said besides is what holds.
    let wall = object(&[("wallMillis", Plain::Number(5.0))]);
    let more = [
        ("session", text(session)),
        ("limits", wall),
        ("stdin", Plain::Null),
        ("env", object(&[])),
    ];
    let settings = parse(&object(&more)).unwrap().settings;
    assert_eq!((settings.env.len(), &settings.stdin), (0, &Stdin::Empty));
    let limits = &settings.limits;
    assert_eq!((limits.wall_millis, limits.fuel), (Some(5), Some(1_000)));

    // What is typed on the page is typed by nobody here.
    let usual = parse(&object(&[("session", text("{}"))])).unwrap().settings;
    assert_eq!(
        (&usual.args[..], usual.stdin),
        (&["plugin.wasm".to_owned()][..], Stdin::Empty)
    );
    for (session, message) in [
        (
            "{",
            "options.session: it is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            r#"{"settings": {"memory": "lots"}}"#,
            "options.session: settings.memory: \"lots\" is no size: write it as 256 MiB, 1.5 GiB or 4096 pages",
        ),
        (
            r#"{"settings": {"memory": 5}}"#,
            "options.session: settings: \"memory\" is not a text",
        ),
    ] {
        assert_refused(&object(&[("session", text(session))]), message);
    }
}

#[test]
fn a_bad_option_is_named_with_its_place() {
    let nul = text("a\0b");
    for (options, message) in [
        (text("x"), "options: needs an object, got \"x\""),
        (
            object(&[("limits", object(&[("fuel", text("x"))]))]),
            "options.limits.fuel: needs a bigint or a number ≥ 0, got \"x\"",
        ),
        (
            object(&[("limits", object(&[("fuel", Plain::Number(-1.0))]))]),
            "options.limits.fuel: needs a bigint or a number ≥ 0, got -1",
        ),
        (
            object(&[("limits", object(&[("memoryPages", Plain::Number(65536.0))]))]),
            "options.limits.memoryPages: needs a bigint or a number from 0 to 32767, got 65536",
        ),
        (
            object(&[("limits", object(&[("wallMillis", Plain::Number(1e12))]))]),
            "options.limits.wallMillis: needs a bigint or a number from 0 to 31536000000, got \
             1000000000000",
        ),
        (
            object(&[(
                "limits",
                object(&[("fuel", Plain::BigInt("18446744073709551616".to_owned()))]),
            )]),
            "options.limits.fuel: needs a bigint or a number from 0 to 18446744073709551615, got \
             18446744073709551616n",
        ),
        (
            object(&[("limits", object(&[("feul", Plain::Null)]))]),
            "options.limits.feul: there is no such option, only fuel, memoryPages, tableElements, \
             outputBytes, wallMillis, callDepth",
        ),
        (
            object(&[("args", Plain::List(vec![text("a"), Plain::Null]))]),
            "options.args[1]: needs a string, got null",
        ),
        (
            object(&[("args", Plain::List(vec![nul]))]),
            "options.args[0]: cannot hold a NUL",
        ),
        (
            object(&[("env", object(&[("A=B", text(""))]))]),
            "options.env[\"A=B\"]: the name of a variable has at least one character, and no = or \
             NUL",
        ),
        (
            object(&[(
                "preopens",
                object(&[("/", object(&[("a", Plain::Bool(true))]))]),
            )]),
            "options.preopens[\"/\"].a: needs a string, a Uint8Array, or an object that is a \
             directory, got true",
        ),
        (
            object(&[("preopens", object(&[("/", object(&[("..", text(""))]))]))]),
            "options.preopens[\"/\"][\"..\"]: is no name of a file: one has no /, is not . or .., \
             and has 1 to 255 bytes (invalid argument)",
        ),
        (
            object(&[("readonly", Plain::List(vec![text("/ro")]))]),
            "options.readonly[0]: needs the path of a preopen, got \"/ro\"",
        ),
        (
            object(&[("stdin", Plain::Number(1.5))]),
            "options.stdin: needs a string, a Uint8Array, a function or null, got 1.5",
        ),
        (
            object(&[("imports", object(&[("log", object(&[("log", text("x"))]))]))]),
            "options.imports.log.log: needs \"print\", \"arguments\", \"zero\", \"count\", \"trap\", \
             a number to return, a function or null, or an array of these, got \"x\"",
        ),
        (
            object(&[("onStdout", text("x"))]),
            "options.onStdout: needs a function, got \"x\"",
        ),
        (
            object(&[("seed", Plain::BigInt("-1".to_owned()))]),
            "options.seed: needs a bigint or a number ≥ 0, got -1n",
        ),
    ] {
        assert_refused(&options, message);
    }
}

#[test]
fn numbers_may_be_as_large_as_bigints() {
    let limits = object(&[("fuel", Plain::BigInt(u64::MAX.to_string()))]);
    let options = parse(&object(&[("limits", limits)])).unwrap();
    assert_eq!(options.settings.limits.fuel, Some(u64::MAX));
}

#[test]
fn preopens_are_paths_with_what_is_there() {
    let tree = object(&[
        ("etc", object(&[("motd", text("hi"))])),
        ("empty", object(&[])),
        ("link", object(&[("/symlink", text("etc/motd"))])),
        ("raw", Plain::Bytes(vec![0xff])),
    ]);
    let options = object(&[
        ("preopens", object(&[("/", tree), ("/ro", object(&[]))])),
        ("readonly", Plain::List(vec![text("/ro")])),
        ("stdin", text("in")),
    ]);
    let settings = parse(&options).unwrap().settings;
    let file = |bytes: &[u8]| FileEntry::File(bytes.to_vec());
    let expected = [
        ("etc", FileEntry::Directory),
        ("etc/motd", file(b"hi")),
        ("empty", FileEntry::Directory),
        ("link", FileEntry::Symlink("etc/motd".to_owned())),
        ("raw", file(&[0xff])),
    ];
    assert_eq!(settings.preopens[0].path, "/");
    assert_eq!(
        settings.preopens[0].files,
        expected.map(|(path, entry)| (path.to_owned(), entry))
    );
    assert!(!settings.preopens[0].read_only);
    assert!(settings.preopens[1].read_only);
    assert_eq!(settings.stdin, Stdin::Bytes(b"in".to_vec()));
}

/// One name, imported five times: three types of function, one of them twice, and a global.
fn namesakes() -> Info {
    let wasm = wat::parse_str(
        r#"(module
            (import "env" "f" (func (param i32) (result i32)))
            (import "env" "f" (func (param i64) (result i64)))
            (import "env" "f" (func))
            (import "env" "f" (func (param i32) (result i32)))
            (import "env" "f" (global i32))
            (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))"#,
    );
    module::read("dup.wasm", &wasm.unwrap()).unwrap()
}

fn plugged_into_f(value: Plain) -> Result<Vec<Plug>, String> {
    let imports = object(&[("env", object(&[("f", value)]))]);
    let options = parse(&object(&[("imports", imports)])).map_err(|error| error.to_string())?;
    plugs(&options, &namesakes()).map_err(|error| error.to_string())
}

#[test]
fn what_is_given_for_a_name_is_for_every_import_that_it_fits() {
    let plug = |import, what| Plug {
        import,
        what,
        item: None,
    };
    let seven = Plugged::Answer(Answer::Constant(vec![7]));
    assert_eq!(
        plugged_into_f(Plain::Number(7.0)),
        Ok(vec![
            plug(0, seven.clone()),
            plug(1, seven.clone()),
            plug(3, seven),
            plug(4, Plugged::Provision(Provision::Global(7))),
        ])
    );
    let functions = [0, 1, 2, 3].map(|import| plug(import, Plugged::Answer(Answer::Driver)));
    assert_eq!(plugged_into_f(Plain::Function), Ok(functions.to_vec()));
    assert_eq!(
        plugged_into_f(text("print")),
        Err("options.imports.env.f: cannot print the string: its type is (i32) → i32".to_owned())
    );
}

#[test]
fn an_import_of_several_results_takes_an_array() {
    let wasm = wat::parse_str(
        r#"(module
            (import "env" "pair" (func (result i32 f64)))
            (import "env" "twice" (func (result i32 i32)))
            (import "env" "twice" (func (result i32 i32)))
            (import "env" "memory" (memory 1)))"#,
    );
    let info = module::read("pair.wasm", &wasm.unwrap()).unwrap();
    let given = |name: &str, value: Plain| {
        let imports = object(&[("env", object(&[(name, value)]))]);
        let options = parse(&object(&[("imports", imports)])).map_err(|error| error.to_string());
        plugs(&options?, &info).map_err(|error| error.to_string())
    };
    let numbers = |list: &[f64]| Plain::List(list.iter().copied().map(Plain::Number).collect());
    let constants = |plugs: Vec<Plug>| -> Vec<(usize, Plugged)> {
        plugs
            .into_iter()
            .map(|plug| (plug.import, plug.what))
            .collect()
    };
    let constant = |bits: &[u64]| Plugged::Answer(Answer::Constant(bits.to_vec()));
    assert_eq!(
        given("pair", numbers(&[-1.0, 0.5])).map(constants),
        Ok(vec![(0, constant(&[0xffff_ffff, 0.5f64.to_bits()]))])
    );
    let each = Plain::List(vec![numbers(&[1.0, 2.0]), numbers(&[3.0, 4.0])]);
    assert_eq!(
        given("twice", each).map(constants),
        Ok(vec![(1, constant(&[1, 2])), (2, constant(&[3, 4]))])
    );
    assert_eq!(
        given("pair", Plain::Number(1.0)).unwrap_err(),
        "options.imports.env.pair: needs to return (int32, float64), got 1"
    );
    assert_eq!(
        given("memory", Plain::Number(65_536.0)).unwrap_err(),
        "options.imports.env.memory: needs 1 to 32767 pages, not 65536"
    );
}

#[test]
fn an_array_answers_the_imports_of_a_name_each_by_its_own() {
    let plug = |import, what, item| Plug {
        import,
        what,
        item: Some(item),
    };
    let list = vec![
        Plain::Number(1.0),
        Plain::Undefined,
        Plain::Function,
        Plain::Number(4.0),
        Plain::Number(5.0),
    ];
    assert_eq!(
        plugged_into_f(Plain::List(list.clone())),
        Ok(vec![
            plug(0, Plugged::Answer(Answer::Constant(vec![1])), 0),
            plug(2, Plugged::Answer(Answer::Driver), 2),
            plug(3, Plugged::Answer(Answer::Constant(vec![4])), 3),
            plug(4, Plugged::Provision(Provision::Global(5)), 4),
        ])
    );
    let with = |place: usize, value| {
        let mut list = list.clone();
        list.insert(place, value);
        plugged_into_f(Plain::List(list)).unwrap_err()
    };
    assert_eq!(
        with(2, Plain::Number(1.0)),
        "options.imports.env.f: has 6 answers, and the module imports it 5 times"
    );
    assert_eq!(
        plugged_into_f(Plain::List(vec![Plain::Null, text("x")])).unwrap_err(),
        "options.imports.env.f[1]: needs \"print\", \"arguments\", \"zero\", \"count\", \"trap\", a \
         number to return, a function or null, or an array of these, got \"x\""
    );
    let swapped = vec![Plain::Undefined, Plain::Undefined, Plain::Number(1.0)];
    assert_eq!(
        plugged_into_f(Plain::List(swapped)).unwrap_err(),
        "options.imports.env.f[2]: cannot return a constant: its type is ()"
    );
}

#[test]
fn debugging_is_asked_for() {
    assert!(!parse(&object(&[])).unwrap().debug);
    let asked = object(&[("debug", Plain::Bool(true)), ("onStop", Plain::Function)]);
    assert!(parse(&asked).unwrap().debug);
    assert_refused(
        &object(&[("debug", text("yes"))]),
        "options.debug: needs true or false, got \"yes\"",
    );
    assert_refused(
        &object(&[("onStop", Plain::Bool(true))]),
        "options.onStop: needs a function, got true",
    );
}

#[test]
fn a_guess_gives_way_to_the_arguments_and_a_known_signature_does_not() {
    let of = |types: &[Type]| {
        let params = types.iter().cloned().map(|ty| Param::new("", ty));
        Signature::new("f", params.collect(), None)
    };
    let (string, numbers) = (of(&[Type::String]), of(&[Type::Int32, Type::Int32]));
    let guesses = [
        (string.clone(), Source::Guess),
        (numbers.clone(), Source::Guess),
    ];
    let two = [Plain::Number(1.0), Plain::BigInt("2".to_owned())];
    let read =
        |signatures: &calls::Signatures, args: &[Plain]| calls::read("f", signatures, None, args);
    assert_eq!(
        read(&guesses, &two),
        Ok((numbers, vec![Value::Int(1), Value::Int(2)]))
    );
    assert_eq!(
        read(&guesses, &[Plain::Bytes(vec![0xff])]),
        Ok((string.clone(), vec![Value::String(vec![0xff])]))
    );
    let known = [(string, Source::Dwarf), guesses[1].clone()];
    assert_eq!(
        read(&known, &two),
        Err("f: f(string): needs 1 argument, has 2".to_owned())
    );
    assert_eq!(
        read(&[], &two),
        Err("f: no Go function has its type, so that it cannot be called".to_owned())
    );
}

#[test]
fn arguments_by_a_typed_signature_come_back_as_they_went() {
    let go = "st(s *struct{ _ structs.HostLayout; id int64; name [2]byte; next *int32; ok bool })";
    let argument = object(&[
        ("id", Plain::BigInt("-9007199254740993".to_owned())),
        ("name", Plain::Bytes(vec![1, 255])),
        ("next", Plain::Number(-7.0)),
        ("ok", Plain::Bool(true)),
    ]);
    let (signature, args) =
        calls::read("st", &[], Some(go), std::slice::from_ref(&argument)).unwrap();
    assert_eq!(calls::to_plain(&args[0], &signature.params[0].ty), argument);
}

#[test]
fn a_number_that_is_not_exact_is_no_integer() {
    let read = |go: &str, number: f64| calls::read("f", &[], Some(go), &[Plain::Number(number)]);
    let two_to_the_63 = 9_223_372_036_854_775_808.0;
    for go in ["f(n int64)", "f(n *uint64)"] {
        assert_eq!(
            read(go, two_to_the_63).unwrap_err(),
            "f: args[0]: cannot be a number beyond 2⁵³, which is not exact: give a bigint"
        );
    }
    let (_, exact) = read("f(n int64)", -9_007_199_254_740_992.0).unwrap();
    assert_eq!(exact, [Value::Int(-(1 << 53))]);
    let (_, float) = read("f(n float64)", two_to_the_63).unwrap();
    assert_eq!(float, [Value::Float64(two_to_the_63.to_bits())]);
}

#[test]
fn a_signature_that_cannot_be_read_is_refused() {
    let options = object(&[("go", Plain::Number(1.0))]);
    assert_eq!(
        call_options(&options).unwrap_err().to_string(),
        "options.go: needs a Go signature, got 1"
    );
    let error = calls::read("f", &[], Some("f(a b c)"), &[]).unwrap_err();
    assert!(error.starts_with("options.go: 1:"), "{error}");
}

#[test]
fn a_seed_decides_the_bytes_however_they_are_asked_for() {
    let mut once = [0; 24];
    Random::new(42).fill(&mut once);
    let mut again = [0; 24];
    let mut random = Random::new(42);
    random.fill(&mut again[..8]);
    random.fill(&mut again[8..]);
    assert_eq!(once, again);
    Random::new(43).fill(&mut again);
    assert_ne!(once, again);
}
