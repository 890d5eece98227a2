use super::*;
use crate::go::parse::signature;
use crate::go::{Param, Pointer, Type};
use crate::module::{ExternType, FuncType, ValType};

fn export() -> Export {
    let string = Signature::new("greet", vec![Param::new("name", Type::String)], None);
    let numbers = Signature::new(
        "greet",
        vec![Param::new("", Type::Int32), Param::new("", Type::Int32)],
        None,
    );
    Export {
        name: "greet".to_owned(),
        ty: ExternType::Func(FuncType {
            params: vec![ValType::I32, ValType::I32],
            results: Vec::new(),
        }),
        signatures: vec![(string, Source::Guess), (numbers, Source::Guess)],
    }
}

/// An export of this signature, which takes `params`.
fn declared(line: &str, params: Vec<ValType>) -> Export {
    let signature = signature(line, "f").unwrap();
    Export {
        name: signature.name.clone(),
        ty: ExternType::Func(FuncType {
            params,
            results: Vec::new(),
        }),
        signatures: vec![(signature, Source::Dwarf)],
    }
}

fn at(steps: &[usize]) -> Path {
    let (first, rest) = steps.split_first().unwrap();
    rest.iter()
        .fold(Path::from(*first), |path, &step| path.child(step))
}

fn nodes(form: &Form, export: &Export) -> Vec<Node> {
    match form.shown(export) {
        Arguments::Fields(nodes) => nodes,
        Arguments::Json(..) => panic!("the arguments are JSON"),
    }
}

const POINT: &str = "f(p *struct{ _ structs.HostLayout; x int32; tag [4]uint8; on bool })";

#[test]
fn a_string_is_what_was_typed() {
    let (export, mut form) = (export(), Form::default());
    assert_eq!(form.arguments(&export), Some(vec![Value::string("")]));
    form.enter(&export, 0.into(), "Wa\"Zero ");
    assert_eq!(
        form.arguments(&export),
        Some(vec![Value::string("Wa\"Zero ")])
    );
}

#[test]
fn a_number_is_checked_against_its_range_and_is_zero_where_nothing_is_typed() {
    let (export, mut form) = (export(), Form::default());
    form.choose(&export, 1);
    let zeros = vec![Value::Int(0), Value::Int(0)];
    assert_eq!(form.arguments(&export), Some(zeros));
    form.enter(&export, 1.into(), "2147483648");
    assert_eq!(form.arguments(&export), None);
    let nodes = nodes(&form, &export);
    assert_eq!(nodes[0].problem, None);
    let message = nodes[1].problem.clone().unwrap();
    assert!(
        message.contains("out of range -2147483648 to 2147483647"),
        "{message}"
    );
    form.enter(&export, 1.into(), "-7");
    let values = vec![Value::Int(0), Value::Int(-7)];
    assert_eq!(form.arguments(&export), Some(values));
}

#[test]
fn what_was_typed_for_a_reading_is_there_when_it_is_chosen_again() {
    let (export, mut form) = (export(), Form::default());
    form.enter(&export, 0.into(), "WaZero");
    form.choose(&export, 1);
    form.enter(&export, 0.into(), "12");
    form.choose(&export, 0);
    assert_eq!(*form.texts(&export)[0], *"WaZero");
    form.choose(&export, 1);
    assert_eq!(*form.texts(&export)[0], *"12");
    form.choose(&export, 9);
    assert_eq!(form.reading(&export), Some(1));
}

#[test]
fn a_string_can_be_entered_with_escapes_and_as_bytes_and_keeps_what_it_is() {
    let (export, mut form) = (export(), Form::default());
    let path = Path::from(0);
    form.enter(&export, path.clone(), "é\"");
    form.choose_way(&export, &path, Way::Escaped);
    assert_eq!(*form.texts(&export)[0], *"é\\\"");
    form.enter(&export, path.clone(), "\\xff\\n");
    form.choose_way(&export, &path, Way::Hex);
    assert_eq!(*form.texts(&export)[0], *"ff 0a");
    let bytes = vec![Value::String(vec![0xff, 0x0a])];
    assert_eq!(form.arguments(&export), Some(bytes.clone()));
    form.choose_way(&export, &path, Way::Text);
    assert_eq!(
        form.arguments(&export),
        Some(bytes),
        "a line of text cannot hold it, so it is not one"
    );
    form.choose_way(&export, &path, Way::Hex);
    form.enter(&export, path, "f");
    assert_eq!(form.arguments(&export), None);
}

#[test]
fn a_string_can_be_what_is_in_a_file() {
    let (export, mut form) = (export(), Form::default());
    let path = Path::from(0);
    form.enter(&export, path.clone(), "typed");
    form.choose_way(&export, &path, Way::File);
    assert_eq!(form.arguments(&export), Some(vec![Value::string("")]));
    form.enter_file(&export, path.clone(), "a.bin", b"\xff\0");
    let bytes = vec![Value::String(vec![0xff, 0])];
    assert_eq!(form.arguments(&export), Some(bytes.clone()));
    form.choose_way(&export, &path, Way::Hex);
    assert_eq!(*form.texts(&export)[0], *"ff 00");
    assert_eq!(form.arguments(&export), Some(bytes));
}

#[test]
fn a_pointer_to_a_struct_has_a_field_for_each_part() {
    let export = declared(POINT, vec![ValType::I32]);
    let mut form = Form::default();
    let [pointer] = &nodes(&form, &export)[..] else {
        panic!("one parameter");
    };
    assert_eq!((pointer.name.as_str(), pointer.way), ("p", Way::New));
    let fields: Vec<_> = pointer.parts[0].parts.iter().collect();
    let names: Vec<_> = fields.iter().map(|part| (&*part.name, part.way)).collect();
    assert_eq!(
        names,
        [
            ("x", Way::Number),
            ("tag", Way::Fields),
            ("on", Way::Switch)
        ]
    );
    form.enter(&export, at(&[0, 0, 0]), "7");
    form.enter(&export, at(&[0, 0, 1, 3]), "255");
    form.enter(&export, at(&[0, 0, 2]), "true");
    let tag = [0, 0, 0, 255].map(Value::Uint).to_vec();
    let point = Value::new(Value::Struct(vec![
        ("x".to_owned(), Value::Int(7)),
        ("tag".to_owned(), Value::Array(tag)),
        ("on".to_owned(), Value::Bool(true)),
    ]));
    assert_eq!(form.arguments(&export), Some(vec![point.clone()]));
    form.choose_way(&export, &at(&[0, 0]), Way::Literal);
    assert_eq!(form.arguments(&export), Some(vec![point.clone()]));
    let literal = &nodes(&form, &export)[0].parts[0];
    assert!(literal.text.contains("x: 7"), "{}", literal.text);
    form.choose_way(&export, &at(&[0, 0]), Way::Fields);
    form.choose_way(&export, &at(&[0, 0, 1]), Way::Hex);
    assert_eq!(form.arguments(&export), Some(vec![point]));
    form.enter(&export, at(&[0, 0, 1]), "00 01 02 03 04");
    assert_eq!(form.arguments(&export), None, "five bytes for four");
}

#[test]
fn a_pointer_is_nil_or_an_address_and_what_it_pointed_to_is_kept() {
    let export = declared(POINT, vec![ValType::I32]);
    let mut form = Form::default();
    form.enter(&export, at(&[0, 0, 0]), "7");
    form.choose_way(&export, &at(&[0]), Way::Nil);
    let nil = Value::Pointer(Pointer::Nil);
    assert_eq!(form.arguments(&export), Some(vec![nil]));
    form.choose_way(&export, &at(&[0]), Way::Address);
    form.enter(&export, at(&[0]), "0x1000");
    let address = Value::Pointer(Pointer::Address(0x1000));
    assert_eq!(form.arguments(&export), Some(vec![address]));
    form.choose_way(&export, &at(&[0]), Way::New);
    assert_eq!(&*nodes(&form, &export)[0].parts[0].parts[0].text, "7");
}

#[test]
fn a_very_long_array_is_a_literal_and_one_of_bytes_is_hexadecimal() {
    let export = declared(
        "f(a *[2000]int32, b *[64]uint8)",
        vec![ValType::I32, ValType::I32],
    );
    let mut form = Form::default();
    let ways: Vec<Way> = nodes(&form, &export)
        .iter()
        .map(|node| node.parts[0].way)
        .collect();
    assert_eq!(ways, [Way::Literal, Way::Hex]);
    form.enter(&export, at(&[0, 0]), "{1, 2}");
    form.enter(&export, at(&[1, 0]), "0102");
    let values = form.arguments(&export).unwrap();
    for value in &values {
        let Value::Pointer(Pointer::New(array)) = value else {
            panic!("{value:?}");
        };
        assert!(matches!(&**array, Value::Array(values) if matches!(values.len(), 64 | 2000)));
    }
}

#[test]
fn a_type_that_refers_to_itself_goes_on_only_where_somebody_asks_for_it() {
    let list = Type::Struct(crate::go::Struct {
        fields: vec![
            crate::go::Field::new("n", Type::Int32),
            crate::go::Field::new(
                "next",
                Type::Named {
                    name: "List".to_owned(),
                    underlying: None,
                }
                .pointer(),
            ),
        ],
        host_layout: true,
    })
    .named("List");
    let mut export = declared("f(l *int32)", vec![ValType::I32]);
    export.signatures = vec![(
        Signature::new("f", vec![Param::new("l", list.pointer())], None),
        Source::Dwarf,
    )];
    let mut form = Form::default();
    form.choose_way(&export, &at(&[0, 0, 1]), Way::New);
    form.enter(&export, at(&[0, 0, 1, 0, 0]), "2");
    let node = |n, next| {
        Value::Struct(vec![
            ("n".to_owned(), Value::Int(n)),
            ("next".to_owned(), next),
        ])
    };
    let nil = Value::Pointer(Pointer::Nil);
    let expected = Value::new(node(0, Value::new(node(2, nil))));
    assert_eq!(form.arguments(&export), Some(vec![expected]));
}

#[test]
fn arguments_go_to_json_and_come_back() {
    let export = declared(POINT, vec![ValType::I32]);
    let mut form = Form::default();
    form.enter(&export, at(&[0, 0, 0]), "7");
    form.switch_json(&export, true);
    let Arguments::Json(text, None) = form.shown(&export) else {
        panic!("the arguments are not JSON");
    };
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list[0]["x"], 7);
    form.enter_json("[{\"x\": 8, \"y\": 1}]");
    let Arguments::Json(_, Some(problem)) = form.shown(&export) else {
        panic!("there is no y");
    };
    assert!(problem.contains("no field y"), "{problem}");
    assert_eq!(form.arguments(&export), None);
    form.enter_json("[{\"x\": 8, \"tag\": [1, 2, 3, 4]}]");
    form.switch_json(&export, false);
    let fields = &nodes(&form, &export)[0].parts[0].parts;
    assert_eq!((&*fields[0].text, &*fields[1].parts[3].text), ("8", "4"));
}

#[test]
fn a_signature_by_hand_is_used_once_it_fits() {
    let (export, mut form) = (export(), Form::default());
    form.edit_signature(&export);
    assert_eq!(form.hand().unwrap().text, "greet(name string)");
    assert_eq!(form.reading(&export), Some(0));
    let refused = |form: &mut Form, text: &str| {
        form.enter_signature(&export, text);
        assert_eq!(form.arguments(&export), None, "{text}");
        form.hand().unwrap().problem.clone().unwrap()
    };
    let fit = refused(&mut form, "greet(name string, n int32)");
    assert!(fit.ends_with("the module has (i32, i32)"), "{fit}");
    let check = refused(&mut form, "greet(a int, b int32)");
    assert!(check.contains("int has no fixed size"), "{check}");
    let syntax = refused(&mut form, "greet(a int32,");
    assert!(syntax.starts_with("1:"), "{syntax}");
    form.enter_signature(&export, "greet(to *int64, n uint32)");
    let (signature, source) = form.signature(&export).unwrap();
    assert_eq!(signature.in_go(), "greet(to *int64, n uint32)");
    assert_eq!(*source, Source::ByHand);
    form.enter(&export, at(&[1]), "3");
    let values = vec![Value::new(Value::Int(0)), Value::Uint(3)];
    assert_eq!(form.arguments(&export), Some(values));
    form.forget_signature();
    assert_eq!(form.reading(&export), Some(0));
}

#[test]
fn a_signature_is_completed_with_what_fits() {
    let export = export();
    let at = |text: &str| completions(&export, text);
    assert!(at("").contains(&"greet(name string)".to_owned()));
    assert!(at("greet(name ").contains(&"greet(name string)".to_owned()));
    assert!(at("greet(name ").contains(&"greet(name uint32, ".to_owned()));
    let second = at("greet(name bool, n");
    assert!(
        second.contains(&"greet(name bool, n int32)".to_owned()),
        "{second:?}"
    );
    assert!(!second.iter().any(|line| line.contains("n string")));
}

#[test]
fn a_call_of_before_comes_back_with_its_signature_and_its_values() {
    let (export, mut form) = (export(), Form::default());
    let known = export.signatures[1].clone();
    let args = [Value::Int(1), Value::Int(-2)];
    form.restore(&export, &known, &args);
    assert_eq!(form.reading(&export), Some(1));
    assert_eq!(form.arguments(&export), Some(args.to_vec()));
    let typed = signature("greet(p *int32, on bool)", "greet").unwrap();
    let args = [Value::new(Value::Int(5)), Value::Bool(true)];
    form.restore(&export, &(typed, Source::ByHand), &args);
    assert_eq!(form.reading(&export), None);
    assert_eq!(form.arguments(&export), Some(args.to_vec()));
}

#[test]
fn the_first_elements_of_a_long_array_are_shown_and_more_of_them_on_demand() {
    let line = "f(a *[40]struct{ _ structs.HostLayout; x, y int16 }, b *[2000]int64, c *[100]bool)";
    let (export, mut form) = (declared(line, vec![ValType::I32; 3]), Form::default());
    form.choose_way(&export, &at(&[0, 0]), Way::Fields);
    let shown = |form: &Form| {
        let nodes = nodes(form, &export);
        let whole = &nodes[0].parts[0];
        (whole.parts.len(), whole.hidden)
    };
    assert_eq!(shown(&form), (16, 24));
    form.show_more(&export, at(&[0, 0]));
    form.enter(&export, at(&[0, 0, 31, 1]), "-7");
    assert_eq!(shown(&form), (32, 8));
    form.show_more(&export, at(&[0, 0]));
    assert_eq!(shown(&form), (40, 0));
    let args = form.arguments(&export).unwrap();
    let ty = &export.signatures[0].0.params[0].ty;
    let text = crate::go::value::show(&args[0], ty).to_string();
    assert!(text.contains("y: -7"), "{text}");
    // A call of before brings back what is not shown either.
    form.restore(&export, &export.signatures[0].clone(), &args);
    assert_eq!(form.arguments(&export).unwrap(), args);
    let ways: Vec<(Way, usize)> = nodes(&form, &export)[1..]
        .iter()
        .map(|node| (node.parts[0].way, node.parts[0].ways.len()))
        .collect();
    assert_eq!(ways, [(Way::Literal, 1), (Way::Fields, 2)]);
}
