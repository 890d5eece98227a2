//! Which framework a module is written for. It is asked of every module that is opened: it must be cheap, and need nothing of the hosts.

use super::{Kind, Recognised};
use crate::module::{Import, Info, Kind as Module};

/// What a module is written for, if that can be seen in what it says of itself and in its `bytes`.
#[must_use]
pub fn recognise(info: &Info, bytes: &[u8]) -> Option<Recognised> {
    let here = Kind::ALL.iter().find_map(|kind| {
        Some(Recognised {
            why: recognised_by(*kind, info, bytes)?,
            // What is not recognised needs nothing more of the hosts.
            name: kind.name().to_owned(),
            kind: Some(*kind),
            is_certain: true,
            notes: notes(*kind, info),
        })
    });
    here.or_else(|| elsewhere(info))
}

/// What in the module says that it is written for this; `None`: nothing.
fn recognised_by(kind: Kind, info: &Info, bytes: &[u8]) -> Option<String> {
    match kind {
        Kind::Extism => imports_from(info, "extism:host/env"),
        Kind::HttpWasm => imports_from(info, "http_handler")
            .or_else(|| exports(info, &["handle_request", "handle_response"])),
        Kind::ProxyWasm => {
            let is_version = |name: &&str| name.starts_with("proxy_abi_version_");
            let mut names = info.exports.iter().map(|export| export.name.as_str());
            let version = names.find(is_version);
            let mut imports = info.imports.iter();
            let import =
                imports.find(|import| import.module == "env" && import.name.starts_with("proxy_"));
            version
                .map(|name| format!("it exports {name}"))
                .or_else(|| import.map(|import| format!("it imports {} from env", import.name)))
        }
        // What kwctl annotates has a section for it; one that is fresh from the compiler has the names of what it answers in its data.
        Kind::Kubewarden => {
            let mut sections = info.sections.iter();
            if sections.any(|section| section.name == "io.kubewarden.metadata") {
                return Some("it has a section io.kubewarden.metadata".to_owned());
            }
            let import = of_wapc(info)?;
            let is_policy = ["validate_settings", "kubewarden"];
            let has = |text: &&str| has_text(info, bytes, text);
            is_policy
                .iter()
                .all(has)
                .then(|| format!("{import}, and has validate_settings and kubewarden in its data"))
        }
        Kind::Wapc => of_wapc(info),
        // Their commands import and export what any command does.
        Kind::Sqlc | Kind::Buf => None,
    }
}

/// What says that the module is a guest of waPC.
fn of_wapc(info: &Info) -> Option<String> {
    imports_from(info, "wapc").or_else(|| exports(info, &["__guest_call"]))
}

/// What the commands of a tool have among their bytes, as a rule: the name of the service that they are.
const SERVICES: &[(Kind, &str)] = &[
    (Kind::Sqlc, "plugin.CodegenService"),
    (Kind::Buf, "buf.plugin.check.v1.CheckService"),
];

/// The tool that a command may be written for, by its `bytes`; nothing in imports and exports says so.
#[must_use]
pub fn recognise_command(info: &Info, bytes: &[u8]) -> Option<Recognised> {
    if info.kind != Module::Command || !info.imports.iter().all(Import::is_wasi) {
        return None;
    }
    let (kind, service) = SERVICES
        .iter()
        .find(|(_, service)| has(bytes, service.as_bytes()))?;
    Some(Recognised {
        name: kind.name().to_owned(),
        kind: Some(*kind),
        why: format!("it is a command, and has the name {service} among its bytes"),
        is_certain: false,
        notes: Vec::new(),
    })
}

/// Whether bytes have others among them: Horspool's search, which looks at few of them.
fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((last, before)) = wanted.split_last() else {
        return true;
    };
    let mut skips = [wanted.len(); 256];
    for (place, byte) in before.iter().enumerate() {
        if let Some(skip) = skips.get_mut(usize::from(*byte)) {
            *skip = before.len() - place;
        }
    }
    let mut end = before.len();
    while let Some(byte) = bytes.get(end) {
        if byte == last && bytes.get(end - before.len()..end) == Some(before) {
            return true;
        }
        end += skips.get(usize::from(*byte)).copied().unwrap_or(1);
    }
    false
}

/// What is to be said of a plugin of this.
fn notes(kind: Kind, info: &Info) -> Vec<String> {
    let command = (info.kind == Module::Command).then(|| kind.command(info));
    let missing = kind.missing(info);
    command.flatten().into_iter().chain(missing).collect()
}

/// Whether `_start` ends in `proc_exit`: TinyGo's has done so since 0.35.
fn exits(info: &Info) -> bool {
    let producer = info.producer.as_deref().unwrap_or_default();
    let version = producer.strip_prefix("TinyGo 0.");
    let minor = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    minor.is_none_or(|minor| minor >= 35)
}

impl Kind {
    /// What the framework's own host does to a command, if that is to be known. Policies are meant to be commands.
    fn command(self, info: &Info) -> Option<String> {
        let does = match self {
            Self::Extism if has_others(info) => {
                "whose _start makes Go ready: here it runs first, while Extism's hosts call the other exports without it"
            }
            Self::HttpWasm | Self::ProxyWasm | Self::Wapc if exits(info) => {
                "whose _start ends in proc_exit: here its exports can be called afterwards, while hosts over wazero refuse \
                 (\"module closed with exit_code(0)\")"
            }
            _ => return None,
        };
        Some(format!(
            "It is built as a command, {does}. Build it with -buildmode=c-shared, and do in init what main does."
        ))
    }
}

/// Whether there is something to call beside `_start`.
fn has_others(info: &Info) -> bool {
    let mut exports = info.exports.iter();
    exports.any(|export| {
        let is_runtime = export.name.starts_with('_') || export.name.starts_with("asyncify_");
        let ty = export.ty.func().filter(|_| !is_runtime);
        ty.is_some_and(|ty| ty.params.is_empty())
    })
}

impl Kind {
    /// What the module does not export, although nothing can be called without.
    fn missing(self, info: &Info) -> Option<String> {
        let needed: &[&str] = match self {
            Self::Extism | Self::Sqlc | Self::Buf => return None,
            Self::HttpWasm => &["handle_request", "handle_response"],
            Self::ProxyWasm => &["proxy_on_context_create"],
            Self::Kubewarden | Self::Wapc => &["__guest_call"],
        };
        let missing = needed
            .iter()
            .find(|name| exports(info, &[name]).is_none())?;
        Some(format!(
            "It does not export {missing}, so {} has nothing to call. {EXPORTS}",
            self.name()
        ))
    }
}

/// What becomes of exports that are written for TinyGo alone.
const EXPORTS: &str = "A plugin whose SDK exports by TinyGo's //export comments, as http-wasm's does, exports nothing when standard Go \
                       builds it: build it with TinyGo, or export by //go:wasmexport.";

/// The frameworks that are known by name only: the modules that their plugins import from.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Fastly Compute", "fastly_"),
    ("wasmCloud", "wasmcloud:"),
    ("Spin", "fermyon:"),
    ("Spin", "spin"),
    ("the kube-scheduler's wasm extension", "k8s.io/"),
    (
        "go_exporter, which Go had before it could export (1.24)",
        "go_exporter",
    ),
];

/// What WASI has beyond preview 1 in some hosts: sockets that a guest opens itself.
const SOCKETS: &[&str] = &[
    "sock_open",
    "sock_bind",
    "sock_listen",
    "sock_connect",
    "sock_getaddrinfo",
];

/// What is recognised, and has no host here.
fn elsewhere(info: &Info) -> Option<Recognised> {
    let of = |name: &str, why: String| Recognised {
        name: name.to_owned(),
        kind: None,
        why,
        is_certain: true,
        notes: Vec::new(),
    };
    let known = |module: &str| {
        let mut names = ELSEWHERE.iter();
        names.find(|(_, prefix)| module.starts_with(prefix))
    };
    for import in &info.imports {
        let Import { module, name, .. } = import;
        if let Some((framework, _)) = known(module) {
            return Some(of(framework, format!("it imports from {module}")));
        }
        if module.starts_with("wasi") && SOCKETS.contains(&name.as_str()) {
            let why = format!("it imports {name} from {module}");
            return Some(of("WASI with sockets, which preview 1 has not", why));
        }
    }
    // Its plugins say which version of an interface each of their services has.
    let version = |name: &&str| name.ends_with("_api_version");
    let mut names = info.exports.iter().map(|export| export.name.as_str());
    if let Some(name) = names.find(version) {
        return Some(of("knqyf263/go-plugin", format!("it exports {name}")));
    }
    let nothing = |name: &str| matches!(name, "_initialize" | "memory");
    let mut names = info.exports.iter().map(|export| export.name.as_str());
    if info.is_go() && info.kind == Module::Reactor && names.all(nothing) {
        return Some(Recognised {
            notes: vec![EXPORTS.to_owned()],
            ..of(
                "TinyGo, by its looks",
                "it exports _initialize and memory only, so there is nothing to call".to_owned(),
            )
        });
    }
    None
}

/// Whether the text is in the data of the module.
fn has_text(info: &Info, bytes: &[u8], text: &str) -> bool {
    let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let mut sections = info.sections.iter();
    let data = sections.find(|section| !section.custom && section.name == "data");
    let data = data.and_then(|data| {
        bytes.get(place(data.offset)..place(data.offset.saturating_add(data.size)))
    });
    has(data.unwrap_or_default(), text.as_bytes())
}

/// Says that the module imports a function from `module`, if it does.
#[must_use]
fn imports_from(info: &Info, module: &str) -> Option<String> {
    let import = info.imports.iter().find(|import| import.module == module)?;
    Some(format!("it imports {} from {module}", import.name))
}

/// Says that the module exports functions of all these names, if it does.
fn exports(info: &Info, names: &[&str]) -> Option<String> {
    let has = |name: &&str| {
        let mut exports = info.exports.iter();
        exports.any(|export| export.name == **name && export.ty.func().is_some())
    };
    let all = names.iter().all(has);
    all.then(|| format!("it exports {}", names.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_among_others() {
        for (bytes, wanted, is_there) in [
            ("", "", true),
            ("abc", "abc", true),
            ("xabcabd", "abd", true),
            ("xabab", "abab", true),
            ("aaab", "aab", true),
            ("ab", "abc", false),
            ("abcab", "cabc", false),
            (
                "/plugin.CodegenService/Generate",
                "plugin.CodegenService",
                true,
            ),
        ] {
            assert_eq!(
                has(bytes.as_bytes(), wanted.as_bytes()),
                is_there,
                "{bytes} {wanted}"
            );
        }
    }
}
