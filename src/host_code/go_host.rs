//! A host program for wazero, and the same as a test.

use super::arguments;
use super::go_file::GoFile;
use super::{answers, memory, results};
use crate::go::value::{legible, quote};
use crate::module::Kind;
use crate::protocol::{Case, Determinism, Expected, Limits, Settings, Stdin};
use crate::wasi::Function;

/// A complete program: it loads the plugin, answers its imports and makes the call.
///
/// # Errors
///
/// When the call cannot be made: the text says why.
pub fn go_program(case: &Case) -> Result<String, String> {
    let mut file = GoFile::default();
    let plugin = quote(case.module.name.as_bytes());
    for path in ["context", "flag", "io", "log", "os"] {
        file.import(path);
    }
    file.open("func main() {");
    file.line(&format!(
        "plugin := flag.String(\"plugin\", {plugin}, \"the plugin's file\")"
    ));
    file.line("flag.Parse()");
    let exits = "exit, err := run(context.Background(), *plugin, os.Stdout, os.Stdout)";
    let ends = "_, err := run(context.Background(), *plugin, os.Stdout, os.Stdout)";
    file.line(if runs_once(case) { exits } else { ends });
    file.open("if err != nil {");
    file.line("log.Fatal(err)");
    file.close("}");
    if runs_once(case) {
        file.line("os.Exit(int(exit))");
    }
    file.close("}");
    file.line("");
    run(&mut file, case, true)?;
    let name = legible(&case.module.name);
    Ok(file.finish(&[
        format!(
            "A host for {name}, which makes the call {}.",
            case.written()
        ),
        String::new(),
        "In a folder of its own:".to_owned(),
        String::new(),
        "\tgo mod init host".to_owned(),
        "\tgo get github.com/tetratelabs/wazero@latest".to_owned(),
        format!("\tgo run . -plugin {name}"),
    ]))
}

/// The same as a test in Go, which fails unless what is expected comes of the call.
///
/// # Errors
///
/// When the call cannot be made: the text says why.
pub fn go_test(case: &Case) -> Result<String, String> {
    let mut file = GoFile::default();
    let expected = case.expected.clone().unwrap_or_default();
    for path in ["bytes", "context", "io", "testing"] {
        file.import(path);
    }
    let plugin = quote(case.module.name.as_bytes());
    file.line("// plugin is the plugin's file.");
    file.line(&format!("const plugin = {plugin}"));
    file.line("");
    file.open(&format!(
        "func Test{}(t *testing.T) {{",
        test_name(&case.export)
    ));
    file.line("var stdout bytes.Buffer");
    let got = if runs_once(case) { "exit" } else { "results" };
    file.line(&format!(
        "{got}, err := run(t.Context(), plugin, &stdout, &stdout)"
    ));
    file.open("if err != nil {");
    file.line("t.Fatal(err)");
    file.close("}");
    expect(&mut file, case, &expected);
    file.close("}");
    file.line("");
    run(&mut file, case, false)?;
    let name = legible(&case.module.name);
    Ok(file.finish(&[
        format!("A test of {name}: the call {}.", case.written()),
        String::new(),
        "In a folder of its own, beside the plugin, in a file whose name ends in _test.go:"
            .to_owned(),
        String::new(),
        "\tgo mod init plugin".to_owned(),
        "\tgo get github.com/tetratelabs/wazero@latest".to_owned(),
        "\tgo test".to_owned(),
    ]))
}

/// `greet` as the rest of a test's name.
fn test_name(export: &str) -> String {
    let letters: String = export
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    match letters.trim_start_matches('_') {
        "" => "Plugin".to_owned(),
        name => capitalised(name),
    }
}

/// With a capital letter first, as what is exported in Go.
pub(super) fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn expect(file: &mut GoFile, case: &Case, expected: &Expected) {
    if runs_once(case) {
        let code = expected.exit.unwrap_or(0);
        file.open(&format!("if exit != {code} {{"));
        file.line(&format!(
            "t.Errorf(\"it exited with %d, not {code}\", exit)"
        ));
        file.close("}");
    } else if !case.is_start() {
        file.import("slices");
        let words: Vec<String> = expected
            .results
            .iter()
            .map(|bits| format!("{bits:#x}"))
            .collect();
        file.line(&format!("want := []uint64{{{}}}", words.join(", ")));
        file.open("if !slices.Equal(results, want) {");
        file.line("t.Errorf(\"it returned %#x, not %#x\", results, want)");
        file.close("}");
    } else {
        file.line("_ = results");
    }
    file.line(&format!("printed := {}", quote(&expected.printed)));
    file.open("if stdout.String() != printed {");
    file.line("t.Errorf(\"it printed %q, not %q\", stdout.String(), printed)");
    file.close("}");
}

/// Whether the guest is a command, which `_start` runs to its end.
fn runs_once(case: &Case) -> bool {
    case.module.kind == Kind::Command && case.is_start()
}

/// Writes `func run`, and the functions that it needs.
fn run(file: &mut GoFile, case: &Case, prints: bool) -> Result<(), String> {
    file.import("os");
    file.import("github.com/tetratelabs/wazero");
    let (returns, failed) = if runs_once(case) {
        ("exit uint32, err error", "0, ")
    } else {
        ("results []uint64, err error", "nil, ")
    };
    file.line("// run loads the plugin, gives it what it imports, and makes the call.");
    file.open(&format!(
        "func run(ctx context.Context, plugin string, stdout, host io.Writer) ({returns}) {{"
    ));
    file.line("wasm, err := os.ReadFile(plugin)");
    file.fail(failed);
    runtime(file, &case.settings.limits);
    file.line("defer runtime.Close(ctx)");
    if case
        .module
        .imports
        .iter()
        .any(|import| import.module == Function::PREVIEW_1)
    {
        file.import("github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1");
        file.open("if _, err := wasi_snapshot_preview1.Instantiate(ctx, runtime); err != nil {");
        file.line(&format!("return {failed}err"));
        file.close("}");
    }
    if answers::are_needed(case) {
        file.open("if err := answerImports(ctx, runtime, host); err != nil {");
        file.line(&format!("return {failed}err"));
        file.close("}");
    }
    file.line("");
    config(file, case, failed);
    let mut places = false;
    if runs_once(case) {
        command(file);
    } else {
        places = call(file, case, prints)?;
    }
    file.close("}");
    if let Some(allocator) = case.allocator().filter(|_| places) {
        memory::place(file, &allocator);
    }
    if answers::are_needed(case) {
        answers::write(file, case);
    }
    Ok(())
}

/// Writes what makes the runtime, with the limits that somebody set.
fn runtime(file: &mut GoFile, limits: &Limits) {
    let usual = Limits::default();
    let mut config = String::new();
    if limits.memory_pages != usual.memory_pages && limits.memory_pages <= 65_536 {
        config = format!(".WithMemoryLimitPages({})", limits.memory_pages);
    }
    match limits.wall_millis {
        Some(millis) if Some(millis) != usual.wall_millis => {
            file.import("time");
            file.line(&format!(
                "ctx, cancel := context.WithTimeout(ctx, {millis}*time.Millisecond)"
            ));
            file.line("defer cancel()");
            config.push_str(".WithCloseOnContextDone(true)");
        }
        _ => {}
    }
    file.line(&if config.is_empty() {
        "runtime := wazero.NewRuntime(ctx)".to_owned()
    } else {
        format!("runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig(){config})")
    });
}

/// Writes what the instance gets to see.
fn config(file: &mut GoFile, case: &Case, failed: &str) {
    let Settings {
        args,
        env,
        stdin,
        determinism,
        ..
    } = &case.settings;
    let uses = |name: &str| {
        let mut imports = case.module.imports.iter();
        imports.any(|import| import.is_wasi() && import.name.starts_with(name))
    };
    let mut set: Vec<String> = vec!["WithStdout(stdout)".into(), "WithStderr(os.Stderr)".into()];
    if uses("args_") && !args.is_empty() {
        let args: Vec<String> = args.iter().map(|arg| quote(arg.as_bytes())).collect();
        set.push(format!("WithArgs({})", args.join(", ")));
    }
    for (key, value) in env.iter().filter(|_| uses("environ_")) {
        let (key, value) = (quote(key.as_bytes()), quote(value.as_bytes()));
        set.push(format!("WithEnv({key}, {value})"));
    }
    match stdin {
        _ if !uses("fd_read") => {}
        Stdin::Empty => {}
        Stdin::Bytes(bytes) => {
            file.import("strings");
            set.push(format!("WithStdin(strings.NewReader({}))", quote(bytes)));
        }
        Stdin::File | Stdin::Interactive => set.push("WithStdin(os.Stdin)".into()),
    }
    if uses("path_") && !case.settings.preopens.is_empty() {
        let mounts = mounts(file, case, failed);
        set.push(format!("WithFSConfig(wazero.NewFSConfig(){mounts})"));
    }
    match determinism {
        Some(fixed) => set.extend(fixed_world(file, fixed)),
        None => {
            if uses("clock_") || uses("poll_") {
                set.extend(["WithSysWalltime()".into(), "WithSysNanotime()".into()]);
                set.push("WithSysNanosleep()".into());
            }
            if uses("random_") {
                file.import("crypto/rand");
                set.push("WithRandSource(rand.Reader)".into());
            }
        }
    }
    match case.module.kind {
        Kind::Command if runs_once(case) => {}
        Kind::Reactor if case.settings.auto_initialize || case.is_start() => {
            set.push("WithStartFunctions(\"_initialize\")".into());
        }
        _ => set.push("WithStartFunctions()".into()),
    }
    file.line("config := wazero.NewModuleConfig().");
    let last = set.len().saturating_sub(1);
    for (index, one) in set.iter().enumerate() {
        let end = if index == last { "" } else { "." };
        file.line(&format!("\t{one}{end}"));
    }
}

/// Writes what makes a folder for each preopen; says how they are mounted.
fn mounts(file: &mut GoFile, case: &Case, failed: &str) -> String {
    file.line(
        "// Each directory that the plugin finds open is an empty one here: name your own instead.",
    );
    let mut mounts = String::new();
    for (index, preopen) in case.settings.preopens.iter().enumerate() {
        file.line(&format!(
            "dir{index}, err := os.MkdirTemp(\"\", \"plugin\")"
        ));
        file.fail(failed);
        file.line(&format!("defer os.RemoveAll(dir{index})"));
        let mount = if preopen.read_only {
            "WithReadOnlyDirMount"
        } else {
            "WithDirMount"
        };
        let path = quote(preopen.path.as_bytes());
        mounts.push_str(&format!(".{mount}(dir{index}, {path})"));
    }
    mounts
}

/// Clocks that move when they are read, and random bytes of a seed (not those of the page).
fn fixed_world(file: &mut GoFile, fixed: &Determinism) -> Vec<String> {
    file.import("math/rand");
    let step = fixed.step;
    file.line("// The clocks move when they are read, and when the plugin sleeps.");
    file.line(&format!("clock := int64({})", fixed.realtime));
    file.open("tick := func() int64 {");
    file.line(&format!("clock += {step}"));
    file.line("return clock");
    file.close("}");
    file.open("now := func() (int64, int32) {");
    file.line("ns := tick()");
    file.line("return ns / 1e9, int32(ns % 1e9)");
    file.close("}");
    vec![
        "WithWalltime(now, 1)".into(),
        "WithNanotime(tick, 1)".into(),
        "WithNanosleep(func(ns int64) { clock += ns })".into(),
        format!(
            "WithRandSource(rand.New(rand.NewSource({})))",
            fixed.seed.cast_signed()
        ),
    ]
}

/// Writes the run of a command.
fn command(file: &mut GoFile) {
    file.import("errors");
    file.import("github.com/tetratelabs/wazero/sys");
    file.line("// This runs _start, which ends with an exit code or returns.");
    file.line("_, err = runtime.InstantiateWithConfig(ctx, wasm, config)");
    file.line("var exited *sys.ExitError");
    file.open("if errors.As(err, &exited) {");
    file.line("return exited.ExitCode(), nil");
    file.close("}");
    file.line("return 0, err");
}

/// Writes the call of an export; says whether it needs `func place`.
fn call(file: &mut GoFile, case: &Case, prints: bool) -> Result<bool, String> {
    if case.is_start() {
        file.line("// This runs _initialize, and that is all.");
        file.line("_, err = runtime.InstantiateWithConfig(ctx, wasm, config)");
        file.line("return nil, err");
        return Ok(false);
    }
    file.line("module, err := runtime.InstantiateWithConfig(ctx, wasm, config)");
    file.fail("nil, ");
    file.line("");
    let arguments = arguments::write(file, case)?;
    let export = quote(case.export.as_bytes());
    let mut list = vec!["ctx".to_owned()];
    list.extend(arguments.words.iter().cloned());
    file.line(&format!(
        "results, err = module.ExportedFunction({export}).Call({})",
        list.join(", ")
    ));
    file.fail("nil, ");
    if prints {
        results::print(file, case);
        results::print_pointees(file, case, &arguments);
    }
    file.line("return results, nil");
    Ok(arguments.needs_room)
}
