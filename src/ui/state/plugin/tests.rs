use super::*;
use crate::module::{Export, FuncType, Import, Kind, MemoryType, ValType};
use crate::wasi::Function;

fn func(params: usize) -> ExternType {
    ExternType::Func(FuncType {
        params: vec![ValType::I32; params],
        results: Vec::new(),
    })
}

/// A module of this name: its exports, its imports from `env`, those from WASI; functions by how many
/// numbers they take.
fn module(name: &str, exports: &[(&str, usize)], env: &[(&str, usize)], wasi: &[&str]) -> Info {
    let usual = [("_initialize", 0), ("malloc", 1), ("free", 1)];
    let export = |&(name, params): &(&str, usize)| Export {
        name: name.to_owned(),
        ty: func(params),
        signatures: Vec::new(),
    };
    let import = |module: &str, name: &str, params| Import {
        module: module.to_owned(),
        name: name.to_owned(),
        ty: func(params),
        signature: None,
    };
    let wasi = wasi.iter().map(|name| {
        let function = Function::from_name(name).expect("WASI has it");
        Import {
            ty: ExternType::Func(function.into()),
            ..import(Function::PREVIEW_1, name, 0)
        }
    });
    let env = env
        .iter()
        .map(|(name, params)| import("env", name, *params));
    Info {
        name: name.to_owned(),
        size: (name.len() + exports.len() * 10 + env.len() * 100) as u64,
        kind: Kind::Reactor,
        producer: None,
        memories: Vec::new(),
        exports: usual.iter().chain(exports).map(export).collect(),
        imports: wasi.chain(env).collect(),
        functions: 9,
        sections: Vec::new(),
    }
}

const WASI: &[&str] = &["fd_write", "random_get", "clock_time_get", "args_get"];

#[test]
fn a_plugin_that_is_built_anew_is_the_same_one() {
    let plugin = |exports: &[(&str, usize)], env: &[(&str, usize)]| {
        module("plugin.wasm", exports, env, WASI)
    };
    let before = plugin(&[("greet", 2), ("st", 1)], &[("log", 2)]);
    for now in [
        plugin(&[("greet", 2), ("st", 1)], &[("log", 2)]),
        plugin(&[("greet", 2), ("st", 1), ("new", 0)], &[("log", 2)]),
        plugin(&[("greet", 2)], &[("log", 2)]),
        plugin(&[("greet", 2), ("st", 1)], &[("log", 2), ("now", 0)]),
        plugin(&[("greet", 2), ("st", 2)], &[("log", 2)]),
    ] {
        assert!(is_same(&before, &now), "{now:?}");
        assert!(is_same(&now, &before), "{now:?}");
    }
    let mut larger = before.clone();
    larger.size = 1;
    larger.exports.push(Export {
        name: "memory".to_owned(),
        ty: ExternType::Memory(MemoryType {
            minimum: 3,
            maximum: None,
            memory64: false,
            shared: false,
        }),
        signatures: Vec::new(),
    });
    assert!(is_same(&before, &larger));
}

#[test]
fn another_one_of_its_name_is_not() {
    let plugin = |exports: &[(&str, usize)], env: &[(&str, usize)]| {
        module("plugin.wasm", exports, env, WASI)
    };
    let before = plugin(&[("greet", 2), ("st", 1)], &[("log", 2)]);
    for other in [
        plugin(&[("steal", 2)], &[("log", 2)]),
        plugin(&[("greet", 1), ("st", 0)], &[("log", 2)]),
        plugin(&[("greet", 2)], &[("a", 0), ("b", 0), ("c", 0)]),
        plugin(&[], &[("log", 2)]),
        plugin(&[], &[]),
    ] {
        assert!(!is_same(&before, &other), "{other:?}");
        assert!(!is_same(&other, &before), "{other:?}");
    }
}

#[test]
fn of_programs_that_export_nothing_what_they_ask_of_wasi_is_compared() {
    let program = |wasi: &[&str]| module("main.wasm", &[], &[], wasi);
    let before = program(WASI);
    let more: Vec<&str> = WASI.iter().copied().chain(["fd_read"]).collect();
    assert!(is_same(&before, &program(&more)));
    assert!(!is_same(
        &before,
        &program(&["path_open", "fd_readdir", "sock_send"])
    ));
}

/// [`is_same`](super::is_same) of these modules, with no hash.
fn is_same(before: &Info, now: &Info) -> bool {
    super::is_same(&About::of(before, None), &About::of(now, None))
}

#[test]
fn a_file_may_be_renamed_and_no_more() {
    let before = module("greet.wasm", &[("greet", 2)], &[], WASI);
    let mut renamed = before.clone();
    renamed.name = "copy.wasm".to_owned();
    let is = |now: &Info, hash: &str| {
        let before = About::of(&before, Some("ab".to_owned()));
        super::is_same(&before, &About::of(now, Some(hash.to_owned())))
    };
    assert!(is(&renamed, "ab"));
    assert!(!is(&renamed, "cd"), "it may be anybody's");
    assert!(!is_same(&before, &renamed), "so it may without a hash");
    // One of its name and of its kind is that file, built anew.
    assert!(is(&before, "cd"));
}
