use super::*;
use crate::module::MemoryType;

/// Takes in a file of answers.
fn read(
    text: &str,
    trusted: bool,
    imports: &[Import],
    sockets: &mut [Socket],
) -> Result<Vec<(usize, Told)>, file::FileError> {
    super::read(&parse(text)?, trusted, imports, sockets)
}

fn function(name: &str, params: &[ValType], results: &[ValType]) -> Import {
    Import {
        module: "env".to_owned(),
        name: name.to_owned(),
        ty: ExternType::Func(FuncType {
            params: params.to_vec(),
            results: results.to_vec(),
        }),
        signature: None,
    }
}

fn imports() -> Vec<Import> {
    use ValType::{F64, I32, I64};
    let other = |name: &str, ty| Import {
        ty,
        ..function(name, &[], &[])
    };
    vec![
        function("log", &[I32, I32], &[]),
        function("get", &[I64, I32], &[I32]),
        function("pi", &[], &[F64]),
        other("base", ExternType::Global(I32, false)),
        other(
            "memory",
            ExternType::Memory(MemoryType {
                minimum: 2,
                maximum: Some(10),
                memory64: false,
                shared: false,
            }),
        ),
    ]
}

fn sockets() -> Vec<Socket> {
    imports().iter().map(Socket::new).collect()
}

fn edit(sockets: &mut [Socket], place: usize, edit: Edit) -> bool {
    match &mut sockets[place] {
        Socket::Function(function) => function.edit(edit, &imports()[place]),
        other => panic!("{other:?}"),
    }
}

fn at(sockets: &[Socket], place: usize) -> &Function {
    match &sockets[place] {
        Socket::Function(function) => function,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_script_begins_with_something_that_works_for_its_type() {
    use crate::go::{Param, Signature, Source};
    let script = |import: &Import| {
        let Socket::Function(mut function) = Socket::new(import) else {
            panic!("{import:?}");
        };
        function.edit(Edit::Choose(Answer::Script(String::new())), import);
        assert_eq!(function.answer, Answer::Script(function.script.clone()));
        function.script
    };
    use ValType::{I32, I64};
    for (params, results, text) in [
        (&[][..], &[][..], "console.log(\"called\");"),
        (&[I64], &[I32], "console.log(p0);\nreturn 0;"),
        (&[], &[I32, I64], "console.log(\"called\");\nreturn [0, 0];"),
    ] {
        assert_eq!(script(&function("f", params, results)), text);
    }
    let mut log = function("log", &[I32, I32], &[I32]);
    let params = vec![
        Param::new("ptr", Type::Uint32),
        Param::new("if", Type::Uint32),
    ];
    log.signature = Some((
        Signature::new("log", params, Some(Type::Bool)),
        Source::Dwarf,
    ));
    let text = script(&log);
    assert!(
        text.contains("ptr") && text.contains("p1") && text.ends_with("return false;"),
        "{text}"
    );
}

#[test]
fn what_was_typed_stays_and_what_is_often_wanted_comes_before_it() {
    let mut sockets = sockets();
    edit(&mut sockets, 1, Edit::Script("return 7;".to_owned()));
    edit(&mut sockets, 1, Edit::Choose(Answer::Nothing));
    edit(&mut sockets, 1, Edit::Choose(Answer::Script(String::new())));
    assert_eq!(at(&sockets, 1).script, "return 7;");
    assert!(edit(&mut sockets, 1, Edit::Snippet("await 1;")));
    assert_eq!(at(&sockets, 1).script, "await 1;\nreturn 7;");
}

#[test]
fn a_memory_begins_with_pages_or_with_a_size() {
    let import = &imports()[4];
    for (text, provision) in [
        ("", Ok(2)),
        ("3", Ok(3)),
        ("256 KiB", Ok(4)),
        ("10 pages", Ok(10)),
        ("1 MiB", Err("memory: 1 MiB is not from 128 KiB to 640 KiB")),
        (
            "lots",
            Err("pages: lots is not a whole number from 2 to 10"),
        ),
    ] {
        let read = super::provision(text, &import.ty);
        let expected = provision.map(Provision::Memory).map_err(str::to_owned);
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn what_is_not_chosen_is_a_guess() {
    assert_eq!(at(&sockets(), 0).answer, Answer::PrintString);
    assert_eq!(at(&sockets(), 1).answer, Answer::Nothing);
    assert!(at(&sockets(), 0).guessed);
}

#[test]
fn a_constant_is_read_in_terms_of_the_result() {
    let mut sockets = sockets();
    assert!(edit(
        &mut sockets,
        1,
        Edit::Choose(Answer::Constant(vec![1]))
    ));
    assert!(edit(&mut sockets, 1, Edit::Constant("-1".to_owned())));
    assert_eq!(at(&sockets, 1).answer, Answer::Constant(vec![0xffff_ffff]));
    assert!(!edit(
        &mut sockets,
        1,
        Edit::Constant("4294967295".to_owned())
    ));
    assert_eq!(
        at(&sockets, 1).answer,
        Answer::Constant(vec![0xffff_ffff]),
        "or unsigned"
    );
    edit(&mut sockets, 2, Edit::Constant("0.5".to_owned()));
    assert_eq!(
        at(&sockets, 2).answer,
        Answer::Constant(vec![0.5_f64.to_bits()])
    );
}

#[test]
fn a_constant_that_is_none_is_told_and_the_last_good_one_stays() {
    let mut sockets = sockets();
    edit(&mut sockets, 1, Edit::Constant("7".to_owned()));
    assert!(!edit(&mut sockets, 1, Edit::Constant("7x".to_owned())));
    assert_eq!(at(&sockets, 1).answer, Answer::Constant(vec![7]));
    assert_eq!(at(&sockets, 1).constant, "7x", "nothing typed is lost");
    assert!(
        at(&sockets, 1)
            .problem
            .as_deref()
            .unwrap()
            .contains("int32")
    );
}

#[test]
fn a_file_gives_back_what_was_written() {
    let mut before = sockets();
    edit(
        &mut before,
        0,
        Edit::Script("console.log(\"é\")".to_owned()),
    );
    edit(&mut before, 1, Edit::Choose(Answer::Echo(1)));
    edit(&mut before, 2, Edit::Choose(Answer::Constant(vec![0])));
    edit(&mut before, 2, Edit::Constant("1e3".to_owned()));
    let text = write(&imports(), &before);
    let mut after = sockets();
    let told = read(&text, true, &imports(), &mut after).unwrap();
    assert_eq!(after, before);
    assert_eq!(
        told,
        [
            (
                0,
                Told::Answer(Answer::Script("console.log(\"é\")".to_owned()))
            ),
            (1, Told::Answer(Answer::Echo(1))),
            (2, Told::Answer(Answer::Constant(vec![1e3_f64.to_bits()]))),
        ]
    );
}

/// One name, imported five times: three types of function, one of them twice, and a global.
fn namesakes() -> Vec<Import> {
    use ValType::{I32, I64};
    let global = Import {
        ty: ExternType::Global(I32, false),
        ..function("f", &[], &[])
    };
    vec![
        function("f", &[I32], &[I32]),
        function("f", &[I64], &[I64]),
        function("f", &[], &[]),
        function("f", &[I32], &[I32]),
        global,
    ]
}

fn answer_namesakes(imports: &[Import]) -> Vec<Socket> {
    let mut sockets: Vec<Socket> = imports.iter().map(Socket::new).collect();
    for (place, (import, socket)) in imports.iter().zip(&mut sockets).enumerate() {
        let results = import.ty.func().map(|ty| ty.results.len());
        match (results, socket) {
            (_, Socket::Function(function)) if place == 3 => {
                function.edit(Edit::Choose(Answer::Echo(0)), import);
            }
            (Some(0), Socket::Function(function)) => {
                function.edit(Edit::Choose(Answer::Trap), import);
            }
            (_, Socket::Function(function)) => {
                function.edit(Edit::Script(format!("return {}", import.ty)), import);
            }
            (_, Socket::Other(other)) => {
                other.enter("7", &import.ty);
            }
            (_, Socket::Wasi) => {}
        }
    }
    sockets
}

#[test]
fn imports_of_one_name_are_kept_apart() {
    let imports = namesakes();
    let before = answer_namesakes(&imports);
    let text = write(&imports, &before);
    let fresh = |imports: &[Import]| -> Vec<Socket> { imports.iter().map(Socket::new).collect() };
    let mut after = fresh(&imports);
    let told = read(&text, true, &imports, &mut after).unwrap();
    assert_eq!(after, before);
    assert_eq!(told.len(), 5);

    // Each finds its own in a module that was built anew, with others around it.
    let mut moved = namesakes();
    moved.swap(0, 1);
    moved.push(function("f", &[], &[ValType::F64]));
    let mut after = fresh(&moved);
    read(&text, true, &moved, &mut after).unwrap();
    assert_eq!(after[..2], [before[1].clone(), before[0].clone()]);
    assert_eq!(after[2..5], before[2..]);
    assert_eq!(after[5], Socket::new(&moved[5]));

    // Only the second of two alike is answered: it stays the second.
    let mut second = fresh(&imports);
    second[3] = before[3].clone();
    let text = write(&imports, &second);
    let mut after = fresh(&imports);
    read(&text, true, &imports, &mut after).unwrap();
    assert_eq!(after, second);
}

#[test]
fn an_answer_by_name_alone_is_for_all_that_it_fits() {
    let imports = namesakes();
    let file = |answer: &str| {
        format!(r#"{{"plugboard":"imports","imports":{{"env":{{"f":{{"answer":"{answer}"}}}}}}}}"#)
    };
    let mut sockets: Vec<Socket> = imports.iter().map(Socket::new).collect();
    let told = read(&file("echo"), true, &imports, &mut sockets).unwrap();
    let echo = || Told::Answer(Answer::Echo(0));
    assert_eq!(told, [(0, echo()), (1, echo()), (3, echo())]);
    assert_eq!(sockets[2], Socket::new(&imports[2]));
    let error = read(&file("print-string"), true, &imports, &mut sockets).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"env.f: "print-string" is no answer of its"#
    );
}

#[test]
fn what_is_typed_wrongly_does_not_spoil_the_file() {
    let imports = imports();
    let mut before = sockets();
    edit(&mut before, 1, Edit::Constant("7".to_owned()));
    edit(&mut before, 1, Edit::Constant("7x".to_owned()));
    edit(&mut before, 2, Edit::Choose(Answer::Constant(vec![0])));
    for text in ["3", "three"] {
        if let Socket::Other(memory) = &mut before[4] {
            memory.enter(text, &imports[4].ty);
        }
    }
    let text = write(&imports, &before);
    let mut after = sockets();
    let told = read(&text, true, &imports, &mut after).unwrap();
    assert_eq!(
        told,
        [
            (1, Told::Answer(Answer::Constant(vec![7]))),
            (2, Told::Answer(Answer::Constant(vec![1.0f64.to_bits()]))),
            (4, Told::Provision(Provision::Memory(3))),
        ],
        "what held before is kept, and 1 where nothing was typed"
    );
}

#[test]
fn javascript_of_somebody_else_does_not_run_before_a_yes() {
    let mut theirs = sockets();
    edit(&mut theirs, 1, Edit::Script("return 7".to_owned()));
    let text = write(&imports(), &theirs);
    let mut sockets = sockets();
    let told = read(&text, false, &imports(), &mut sockets).unwrap();
    assert_eq!(told, [(1, Told::Answer(Answer::Nothing))]);
    assert!(at(&sockets, 1).held);
    assert_eq!(at(&sockets, 1).script, "return 7");
    // Neither keeping it nor choosing JavaScript is a yes.
    let kept = write(&imports(), &sockets);
    let told = read(&kept, true, &imports(), &mut sockets).unwrap();
    assert_eq!(told, [(1, Told::Answer(Answer::Nothing))]);
    edit(&mut sockets, 1, Edit::Choose(Answer::Script(String::new())));
    assert_eq!(at(&sockets, 1).answer, Answer::Nothing);
    assert!(edit(&mut sockets, 1, Edit::Agree));
    assert_eq!(
        at(&sockets, 1).answer,
        Answer::Script("return 7".to_owned())
    );
}

#[test]
fn a_file_that_is_wrong_changes_nothing_and_says_where() {
    let refused = |text: &str| {
        let mut after = sockets();
        let error = read(text, true, &imports(), &mut after).unwrap_err();
        assert_eq!(after, sockets());
        error.to_string()
    };
    assert!(refused("{").starts_with("it is not JSON: "));
    assert!(refused("[]").starts_with("it is not a file of answers"));
    let of = |entries: &str| {
        refused(&format!(
            r#"{{"plugboard":"imports","imports":{{"env":{{{entries}}}}}}}"#
        ))
    };
    assert_eq!(
        of(r#""log":{"answer":"zero"},"get":{"answer":"x"}"#),
        r#"env.get: "x" is no answer of its"#
    );
    assert_eq!(
        of(r#""get":{"answer":"echo","argument":"0"}"#),
        r#"env.get: "echo" is no answer of its"#
    );
    assert!(of(r#""pi":{"answer":"constant","value":"x"}"#).starts_with("env.pi: "));
    assert_eq!(
        of(r#""memory":{"value":"11"}"#),
        "env.memory: pages: 11 is not a whole number from 2 to 10"
    );
}

#[test]
fn memories_and_globals_begin_as_is_typed() {
    let imports = imports();
    let mut sockets = sockets();
    let mut enter = |place: usize, text: &str| match &mut sockets[place] {
        Socket::Other(other) => other.enter(text, &imports[place].ty),
        other => panic!("{other:?}"),
    };
    assert_eq!(enter(3, "-2"), Some(Provision::Global(0xffff_fffe)));
    assert_eq!(enter(3, ""), Some(Provision::Global(0)));
    assert_eq!(enter(4, " 3 "), Some(Provision::Memory(3)));
    assert_eq!(enter(4, "1"), None);
}
