use super::*;
use crate::protocol::{Command, Stdin};
use crate::ui::state::board::{Board, Effect};

#[test]
fn untouched_they_are_the_defaults_with_a_terminal_at_which_stdin_is_typed() {
    let settings = SettingsForm::default().settings("plugin.wasm");
    let typed = Settings {
        stdin: Stdin::Interactive,
        terminal: true,
        ..Settings::default()
    };
    assert_eq!(settings, Ok(typed));
}

#[test]
fn what_was_there_before_was_not_typed_at_a_terminal() {
    let mut form = SettingsForm::default();
    form.choose_stdin(StdinWay::Nothing);
    assert_eq!(form.settings("plugin.wasm"), Ok(Settings::default()));
    form.terminal = true;
    assert!(form.settings("plugin.wasm").unwrap().terminal);
    form.choose_stdin(StdinWay::Typed);
    assert!(form.settings("plugin.wasm").unwrap().terminal);
}

#[test]
fn lines_become_variables() {
    let form = SettingsForm {
        env: "A=1\n\nEMPTY=\nEQUALS=a=b\n".to_owned(),
        ..SettingsForm::default()
    };
    let settings = form.settings("p.wasm").unwrap();
    let env = [("A", "1"), ("EMPTY", ""), ("EQUALS", "a=b")];
    assert_eq!(
        settings.env,
        env.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn every_field_that_cannot_be_used_is_named() {
    let form = SettingsForm {
        env: "A=1\nno equals sign\n=no key".to_owned(),
        fuel: "0".to_owned(),
        memory: "4 GiB".to_owned(),
        output: "-1".to_owned(),
        ..SettingsForm::default()
    };
    let problems = form.settings("p.wasm").unwrap_err();
    let fields: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [
            Field::Env,
            Field::Env,
            Field::Fuel,
            Field::Memory,
            Field::Output
        ]
    );
    assert_eq!(
        problems[0].message,
        "line 2: \"no equals sign\" is not KEY=value"
    );
    assert_eq!(
        problems[3].message,
        "\"4 GiB\" is not from 0 B to 2,047.9375 MiB"
    );
}

#[test]
fn a_limit_that_cannot_be_kept_is_refused_with_what_is_possible() {
    for (field, text, most) in [
        (Field::Memory, "32768 pages", "from 0 B to 2,047.9375 MiB"),
        (Field::TableElements, "10,000,001", "from 0 to 10,000,000"),
        (Field::CallDepth, "1_000_001", "from 1 to 1,000,000"),
        (Field::WallTime, "8761 h", "from 1 ms to 8,760 h"),
        (
            Field::Fuel,
            "18446744073709551616",
            "from 1 to 18,446,744,073,709,551,615",
        ),
    ] {
        let mut form = SettingsForm::default();
        form.enter(field, text.to_owned());
        let problems = form.settings("p").unwrap_err();
        assert_eq!(problems.len(), 1);
        let said = &problems[0].message;
        assert!(said.ends_with(most) && said.contains(text), "{said}");
    }
}

#[test]
fn amounts_are_typed_with_units_and_written_as_they_are_understood() {
    let mut form = SettingsForm::default();
    assert_eq!((&*form.memory, &*form.wall_time), ("1 GiB", "10 min"));
    for (field, typed, written) in [
        (Field::Memory, "256MB", "256 MiB"),
        (Field::Memory, "4096 pages", "256 MiB"),
        // What is less than a page is no page.
        (Field::Memory, "100000", "64 KiB"),
        (Field::Output, "1.5gb", "1.5 GiB"),
        (Field::WallTime, "90", "90 s"),
        (Field::WallTime, "1h 30m", "90 min"),
        (Field::Step, "2000", "2 µs"),
        (Field::Fuel, "1000000", "1,000,000"),
        // What is not understood, or means something, stays.
        (Field::Output, "much", "much"),
        (Field::WallTime, "", ""),
        (Field::Env, "A=1 MB", "A=1 MB"),
    ] {
        let mut form = form.clone();
        form.enter(field, typed.to_owned());
        let before = form.settings("p");
        form.settle(field);
        let now = match field {
            Field::Memory => &form.memory,
            Field::Output => &form.output,
            Field::WallTime => &form.wall_time,
            Field::Step => &form.repeatable.step,
            Field::Fuel => &form.fuel,
            _ => &form.env,
        };
        assert_eq!(now, written, "{typed}");
        assert_eq!(form.settings("p"), before, "{typed}");
    }
    form.enter(Field::Memory, "256 MiB".to_owned());
    assert_eq!(form.settings("p").unwrap().limits.memory_pages, 4096);
    form.enter(Field::Memory, "lots".to_owned());
    form.enter(Field::WallTime, "soon".to_owned());
    let problems = form.settings("p").unwrap_err();
    let said: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "\"soon\" is no time: write it as 10 min, 90 s or 500 ms",
            "\"lots\" is no size: write it as 256 MiB, 1.5 GiB or 4096 pages",
        ]
    );
}

#[test]
fn time_is_limited_in_seconds_or_not_at_all() {
    let mut form = SettingsForm::default();
    let limits = |form: &SettingsForm| form.settings("p").unwrap().limits;
    form.enter(Field::WallTime, "2".to_owned());
    form.enter(Field::CallDepth, "100".to_owned());
    assert_eq!(limits(&form).wall_millis, Some(2000));
    assert_eq!(limits(&form).call_depth, 100);
    form.enter(Field::WallTime, String::new());
    assert_eq!(limits(&form).wall_millis, None);
    form.enter(Field::CallDepth, "0".to_owned());
    assert_eq!(form.settings("p").unwrap_err()[0].field, Field::CallDepth);
}

#[test]
fn directories_are_writable_or_not() {
    let form = SettingsForm {
        preopens: " /\n/lib:ro\n\n".to_owned(),
        ..SettingsForm::default()
    };
    let preopens = form.settings("p").unwrap().preopens;
    let seen: Vec<(&str, bool)> = preopens
        .iter()
        .map(|preopen| (preopen.path.as_str(), preopen.read_only))
        .collect();
    assert_eq!(seen, [("/", false), ("/lib", true)]);

    let form = SettingsForm {
        preopens: "/a\n:ro\n/a:ro".to_owned(),
        ..SettingsForm::default()
    };
    let messages: Vec<String> = form
        .settings("p")
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert_eq!(
        messages,
        [
            "line 2: \":ro\" is not the path of a directory",
            "line 3: \"/a:ro\" is there already"
        ]
    );
}

#[test]
fn numbers_may_be_grouped() {
    let form = SettingsForm {
        fuel: " 1,000_000 ".to_owned(),
        ..SettingsForm::default()
    };
    assert_eq!(form.settings("p").unwrap().limits.fuel, Some(1_000_000));
}

#[test]
fn fields_and_the_command_line_are_the_same_arguments() {
    let mut form = SettingsForm::default();
    form.args.add(0);
    form.args.enter(0, "two words");
    form.args.add(1);
    form.args.add(0);
    form.args.enter(0, "-v");
    assert_eq!(form.args.line(), "-v 'two words' ''");
    let args = form.settings("p.wasm").unwrap().args;
    assert_eq!(args, ["p.wasm", "-v", "two words", ""]);

    form.enter(Field::CommandLine, "a  \"b c\" ".to_owned());
    assert_eq!(form.args.each(), ["a", "b c"]);
    assert_eq!(form.args.line(), "a  \"b c\" ", "as it is typed");
    form.args.remove(0);
    form.args.remove(7);
    assert_eq!(form.args.line(), "'b c'");
}

#[test]
fn a_command_line_with_a_mistake_holds_the_settings_back() {
    let mut form = SettingsForm::default();
    form.enter(Field::CommandLine, "a b".to_owned());
    form.enter(Field::CommandLine, "a 'b".to_owned());
    assert_eq!(form.args.each(), ["a", "b"]);
    let message = "the quote ' at character 3 is not closed";
    let expected = problem(Field::CommandLine, message);
    assert_eq!(form.settings("p"), Err(vec![expected]));
    form.args.remove(1);
    assert_eq!(form.settings("p").unwrap().args, ["p", "a"]);
}

#[test]
fn stdin_is_what_is_chosen_and_the_others_are_kept() {
    let mut form = SettingsForm::default();
    let stdin = |form: &SettingsForm| form.settings("p").unwrap().stdin;
    form.enter(Field::StdinText, "in\n".to_owned());
    assert_eq!(stdin(&form), Stdin::Interactive);
    form.stdin.way = StdinWay::Nothing;
    assert_eq!(stdin(&form), Stdin::Empty);
    form.stdin.way = StdinWay::Text;
    assert_eq!(stdin(&form), Stdin::Bytes(b"in\n".to_vec()));
    form.stdin.way = StdinWay::File;
    assert_eq!(stdin(&form), Stdin::Empty, "no file has been picked");
    form.stdin.file = Some(StdinFile {
        name: "in.bin".to_owned(),
        size: 3,
    });
    assert_eq!(stdin(&form), Stdin::File);
    form.stdin.way = StdinWay::Text;
    assert_eq!(stdin(&form), Stdin::Bytes(b"in\n".to_vec()));
}

#[test]
fn the_root_is_opened_in_one_go_beside_what_is_open() {
    let mut board = Board::default();
    board.enter_setting(Field::Preopens, "/data:ro\n".to_owned());
    assert!(!board.settings().opens_root());
    let effects = board.open_root();
    assert!(board.settings().opens_root());
    let [Effect::Send(Command::Configure(configured))] = &effects[..] else {
        panic!("{effects:?}");
    };
    let paths: Vec<_> = configured.preopens.iter().map(|it| &*it.path).collect();
    assert_eq!(paths, ["/data", "/"]);
    for (typed, opens) in [("", false), ("/:ro", true), ("/a\n / ", true)] {
        board.enter_setting(Field::Preopens, typed.to_owned());
        assert_eq!(board.settings().opens_root(), opens, "{typed:?}");
    }
    board.enter_setting(Field::Preopens, String::new());
    board.open_root();
    assert_eq!(board.settings().preopens, "/");
}
