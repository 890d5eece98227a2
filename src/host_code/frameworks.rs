//! A call by a form as a Go program over the framework's own host for Go, where there is one.

use super::go_file::GoFile;
use super::go_host;
use crate::go::value::{legible, quote};
use crate::hosts::{ByForm, Kind, Values};
use crate::module::{FuncType, Import, Kind as Module, ValType};
use crate::protocol::Case;

/// A complete program.
///
/// # Errors
///
/// When there is no such host, or the call cannot be made with it: says which.
pub(super) fn go_program(case: &Case, by_form: &ByForm) -> Result<String, String> {
    let form = by_form.kind.form(&case.module, &case.export);
    let form = form.ok_or_else(|| format!("{} is not called by a form", case.export))?;
    let (action, values) = by_form.fill(&form)?;
    let no_host = |why: &str| Err(format!("{} {why}", by_form.kind.name()));
    match by_form.kind {
        Kind::Extism => Ok(extism(case, &values)),
        Kind::Wapc => Ok(wapc(case, &values)),
        Kind::HttpWasm => http_wasm(case, &values),
        Kind::ProxyWasm => no_host("has no host in Go: its hosts are proxies, such as Envoy"),
        Kind::Kubewarden => no_host("has no host in Go: its policy server is in Rust"),
        Kind::Sqlc | Kind::Buf => go_host::go_program(&started(case, by_form, &action, &values)),
    }
}

/// The call of a command as any host makes it: with what the tool gives its process.
fn started(case: &Case, by_form: &ByForm, action: &str, values: &Values) -> Case {
    let process = by_form.kind.process(action, values).unwrap_or_default();
    Case {
        settings: case.settings.for_process(process),
        by_form: None,
        ..case.clone()
    }
}

/// What is before the package: what it is, and how it is run.
fn comment(case: &Case, host: &str, modules: &[&str]) -> Vec<String> {
    let name = legible(&case.module.name);
    let mut lines = vec![
        format!(
            "{host} for {name}, which makes the call {}.",
            case.written()
        ),
        String::new(),
        "In a folder of its own:".to_owned(),
        String::new(),
        "\tgo mod init host".to_owned(),
    ];
    let gets = modules.iter().map(|path| format!("\tgo get {path}@latest"));
    lines.extend(gets);
    lines.push(format!("\tgo run . -plugin {name}"));
    lines
}

/// `main`, to where the plugin's file is known.
fn main(file: &mut GoFile, case: &Case) {
    for path in ["context", "flag", "log", "os"] {
        file.import(path);
    }
    file.open("func main() {");
    let plugin = quote(case.module.name.as_bytes());
    file.line(&format!(
        "path := flag.String(\"plugin\", {plugin}, \"the plugin's file\")"
    ));
    file.line("flag.Parse()");
    file.line("ctx := context.Background()");
}

/// What ends the program when there is an error.
fn fatal(file: &mut GoFile) {
    file.open("if err != nil {");
    file.line("log.Fatal(err)");
    file.close("}");
}

/// Reads the plugin's file.
fn read_guest(file: &mut GoFile) {
    file.line("guest, err := os.ReadFile(*path)");
    fatal(file);
}

fn bytes(bytes: &[u8]) -> String {
    format!("[]byte({})", quote(bytes))
}

fn text(text: &str) -> String {
    quote(text.as_bytes())
}

fn strings(list: &[String]) -> String {
    let list: Vec<String> = list.iter().map(|one| text(one)).collect();
    list.join(", ")
}

/// A map's entries. Of a name that is there more than once the last value counts: Go refuses it twice.
fn entries(pairs: &[(String, String)]) -> String {
    let mut written: Vec<String> = Vec::new();
    for (place, (name, value)) in pairs.iter().enumerate() {
        let later = pairs.iter().skip(place + 1);
        if later.into_iter().all(|(other, _)| other != name) {
            written.push(format!("{}: {}", text(name), text(value)));
        }
    }
    written.join(", ")
}

fn extism(case: &Case, values: &Values) -> String {
    let mut file = GoFile::default();
    file.import("github.com/extism/go-sdk");
    main(&mut file, case);
    let level = go_host::capitalised(values.text("log_level"));
    file.line(&format!("extism.SetLogLevel(extism.LogLevel{level})"));
    file.line("manifest := extism.Manifest{Wasm: []extism.Wasm{extism.WasmFile{Path: *path}}}");
    let config = values.pairs("config");
    if !config.is_empty() {
        let config = entries(config);
        file.line(&format!("manifest.Config = map[string]string{{{config}}}"));
    }
    let allowed = values.list("allowed_hosts");
    if !allowed.is_empty() {
        let allowed = strings(allowed);
        file.line(&format!("manifest.AllowedHosts = []string{{{allowed}}}"));
    }
    file.line("config := extism.PluginConfig{EnableWasi: true, EnableHttpResponseHeaders: true}");
    let own = |import: &&Import| !import.is_wasi() && Kind::Extism.serves(import).is_none();
    let own = case.module.imports.iter().filter(own);
    let own: Vec<(&Import, &FuncType)> = own.filter_map(|it| Some((it, it.ty.func()?))).collect();
    if !own.is_empty() {
        file.line("var functions []extism.HostFunction");
    }
    for (import, ty) in &own {
        function(&mut file, import, ty);
    }
    let functions = if own.is_empty() { "nil" } else { "functions" };
    file.line(&format!(
        "plugin, err := extism.NewPlugin(ctx, manifest, config, {functions})"
    ));
    fatal(&mut file);
    file.line("defer plugin.Close(ctx)");
    for (name, value) in values.pairs("variables") {
        let value = bytes(value.as_bytes());
        file.line(&format!("plugin.Var[{}] = {value}", text(name)));
    }
    file.line(&format!(
        "code, output, err := plugin.CallWithContext(ctx, {}, {})",
        text(&case.export),
        bytes(values.bytes("input"))
    ));
    fatal(&mut file);
    file.line("os.Stdout.Write(output)");
    file.line("os.Exit(int(code))");
    file.close("}");
    file.finish(&comment(
        case,
        "A host of Extism",
        &["github.com/extism/go-sdk"],
    ))
}

/// A function that is no part of Extism: how it is answered is for a person to write.
fn function(file: &mut GoFile, import: &Import, ty: &FuncType) {
    let types = |types: &[ValType]| {
        let names = types.iter().map(|ty| match ty {
            ValType::I32 => "extism.ValueTypeI32",
            ValType::F32 => "extism.ValueTypeF32",
            ValType::F64 => "extism.ValueTypeF64",
            _ => "extism.ValueTypeI64",
        });
        format!(
            "[]extism.ValueType{{{}}}",
            names.collect::<Vec<_>>().join(", ")
        )
    };
    let name = text(&import.name);
    file.open("{");
    file.open(&format!(
        "function := extism.NewHostFunctionWithStack({name}, func(ctx context.Context, p *extism.CurrentPlugin, stack []uint64) {{"
    ));
    file.line("// The arguments are in stack, and the results go there; p reads and writes what handles stand for.");
    file.line(&format!(
        "panic({})",
        text(&format!("{} is not written yet", import.name))
    ));
    file.close(&format!(
        "}}, {}, {})",
        types(&ty.params),
        types(&ty.results)
    ));
    file.line(&format!("function.SetNamespace({})", text(&import.module)));
    file.line("functions = append(functions, function)");
    file.close("}");
}

fn wapc(case: &Case, values: &Values) -> String {
    let mut file = GoFile::default();
    for path in [
        "fmt",
        "github.com/wapc/wapc-go",
        "github.com/wapc/wapc-go/engines/wazero",
    ] {
        file.import(path);
    }
    main(&mut file, case);
    read_guest(&mut file);
    file.line(
        "config := &wapc.ModuleConfig{Logger: wapc.PrintlnLogger, Stdout: os.Stdout, Stderr: os.Stderr}",
    );
    file.line("module, err := wazero.Engine().New(ctx, host, guest, config)");
    fatal(&mut file);
    file.line("defer module.Close(ctx)");
    file.line("instance, err := module.Instantiate(ctx)");
    fatal(&mut file);
    file.line("defer instance.Close(ctx)");
    file.line(&format!(
        "response, err := instance.Invoke(ctx, {}, {})",
        text(values.text("operation")),
        bytes(values.bytes("payload"))
    ));
    fatal(&mut file);
    file.line("os.Stdout.Write(response)");
    file.close("}");
    file.line("");
    file.line("// host answers what the guest asks.");
    file.open("func host(_ context.Context, binding, namespace, operation string, _ []byte) ([]byte, error) {");
    file.line("name := binding + \"/\" + namespace + \"/\" + operation");
    let mut names: Vec<&str> = Vec::new();
    let replies = values.pairs("replies").iter().map(|pair| (pair, false));
    let errors = values.pairs("errors").iter().map(|pair| (pair, true));
    let answers: Vec<_> = replies.chain(errors).collect();
    if !answers.is_empty() {
        file.line("switch name {");
        for ((name, answer), is_error) in answers {
            // The first one counts.
            if names.contains(&&**name) {
                continue;
            }
            names.push(name);
            file.open(&format!("case {}:", text(name)));
            match is_error {
                true => {
                    file.import("errors");
                    file.line(&format!("return nil, errors.New({})", text(answer)));
                }
                false => file.line(&format!("return {}, nil", bytes(answer.as_bytes()))),
            }
            file.dedent();
        }
        file.line("}");
    }
    file.line("return nil, fmt.Errorf(\"there is no reply for %s\", name)");
    file.close("}");
    file.finish(&comment(
        case,
        "A host of waPC",
        &[
            "github.com/wapc/wapc-go",
            "github.com/wapc/wapc-go/engines/wazero",
        ],
    ))
}

fn http_wasm(case: &Case, values: &Values) -> Result<String, String> {
    let backend = values.text("backend");
    if backend == "fail" {
        return Err("a next handler that fails is not written: one of net/http panics".to_owned());
    }
    let mut file = GoFile::default();
    for path in [
        "bytes",
        "net/http",
        "net/http/httptest",
        "github.com/http-wasm/http-wasm-host-go/api",
        "github.com/http-wasm/http-wasm-host-go/handler",
        "github.com/http-wasm/http-wasm-host-go/handler/nethttp",
    ] {
        file.import(path);
    }
    main(&mut file, case);
    read_guest(&mut file);
    let config = bytes(values.bytes("config"));
    file.line(&format!("config := handler.GuestConfig({config})"));
    file.line("logger := handler.Logger(api.ConsoleLogger{})");
    let is_reactor = case.module.kind == Module::Reactor;
    if is_reactor {
        file.import("github.com/tetratelabs/wazero");
        file.line("// By itself the host runs _start only.");
        file.line("module := wazero.NewModuleConfig().WithStartFunctions(\"_initialize\")");
    }
    let module = if is_reactor {
        ", handler.ModuleConfig(module)"
    } else {
        ""
    };
    file.line(&format!(
        "middleware, err := wasm.NewMiddleware(ctx, guest, config, logger{module})"
    ));
    fatal(&mut file);
    file.line("defer middleware.Close(ctx)");
    file.open("next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {");
    if backend == "echo" {
        file.import("io");
        file.line("io.Copy(w, r.Body)");
    } else {
        for (name, value) in values.pairs("answer-headers") {
            let (name, value) = (text(name), text(value));
            file.line(&format!("w.Header().Add({name}, {value})"));
        }
        let status = values.text("status");
        file.line(&format!("w.WriteHeader({status})"));
        file.line(&format!("w.Write({})", bytes(values.bytes("answer-body"))));
    }
    file.close("})");
    file.line(&format!(
        "request := httptest.NewRequest({}, {}, bytes.NewReader({}))",
        text(values.text("method")),
        text(values.text("uri")),
        bytes(values.bytes("body"))
    ));
    for (name, value) in values.pairs("headers") {
        let (name, value) = (name.to_ascii_lowercase(), text(value));
        match &*name {
            "host" => file.line(&format!("request.Host = {value}")),
            name => file.line(&format!("request.Header.Add({}, {value})", text(name))),
        }
    }
    file.line(&format!(
        "request.RemoteAddr = {}",
        text(values.text("source"))
    ));
    file.line("recorder := httptest.NewRecorder()");
    file.line("middleware.NewHandler(ctx, next).ServeHTTP(recorder, request)");
    file.line("recorder.Result().Write(os.Stdout)");
    file.close("}");
    Ok(file.finish(&comment(
        case,
        "A host of http-wasm",
        &["github.com/http-wasm/http-wasm-host-go"],
    )))
}
