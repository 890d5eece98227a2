//! What Go's compiler and linker of this machine make of the same program, called as the plan says.

use super::read;
use crate::go;
use plugboard::build::Index;
use plugboard::build::plan::{self, Plan};
use plugboard::protocol::build::ProgramFile;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// The toolchain's index.
pub fn index() -> Index {
    Index::read(&read("index.json")).expect("the index can be read")
}

/// A folder that is removed again.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("plugboard-builds-{}-{next}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    /// One with the files of a program.
    pub fn of(files: &[ProgramFile]) -> Self {
        let folder = Self::new();
        files
            .iter()
            .for_each(|file| folder.put(&file.path, &file.contents));
        folder
    }

    pub fn put(&self, path: &str, contents: &[u8]) {
        let path = self.0.join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("it is below the folder"))
            .expect("a folder can be made");
        fs::write(path, contents).expect("a file can be written");
    }

    pub fn get(&self, path: &str) -> Vec<u8> {
        fs::read(self.0.join(path.trim_start_matches('/'))).expect("it was made")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the tools of this machine make of a program: its objects by import path, and its module.
pub struct Built {
    pub objects: Vec<(String, Vec<u8>)>,
    pub module: Vec<u8>,
}

/// Builds a program by its plan.
#[track_caller]
pub fn built(files: &[ProgramFile]) -> Built {
    let index = index();
    let plan = Plan::new(files, &index).expect("it can be planned");
    let disk = Folder::new();
    // The tools see the same paths, below a folder of their own.
    let root = disk.0.display().to_string();
    let below = |text: &str| {
        let mut text = text.to_owned();
        for start in [plan::PROGRAM, plan::STANDARD, plan::OBJECTS] {
            for before in ["=", ";"] {
                text = text.replace(
                    &format!("{before}{start}"),
                    &format!("{before}{root}{start}"),
                );
            }
            if text.starts_with(start) {
                text.insert_str(0, &root);
            }
        }
        text
    };
    let args = |args: Vec<String>| -> Vec<String> {
        let args = args.into_iter().map(|arg| match arg.as_str() {
            plan::IMPORTS | plan::EMBEDDED => format!("{root}{arg}"),
            _ => below(&arg),
        });
        args.collect()
    };
    for file in files {
        disk.put(&format!("{}/{}", plan::PROGRAM, file.path), &file.contents);
    }
    for file in plan::archives(plan.standard(&plan.programs[0], &index), &index) {
        disk.put(
            &format!("{}/{}", plan::STANDARD, file.name),
            &read(&file.name),
        );
    }
    let mut objects = Vec::new();
    for package in &plan.packages {
        disk.put(
            plan::IMPORTS,
            below(&plan::compile_imports(package, &index)).as_bytes(),
        );
        if let Some(embed) = &package.embed {
            let folder = format!("{root}{}/{}", plan::PROGRAM, package.folder);
            disk.put(
                plan::EMBEDDED,
                embed.config(folder.trim_end_matches('/')).as_bytes(),
            );
        }
        let object = plan::object(&package.object);
        disk.put(&object, b"");
        tool("compile", args(plan.compile_args(package, &index)), &disk.0);
        objects.push((package.path.clone(), disk.get(&object)));
    }
    disk.put(
        plan::IMPORTS,
        below(&plan.link_imports(&plan.programs[0], &index)).as_bytes(),
    );
    tool(
        "link",
        args(plan.link_args(&plan.programs[0], &index)),
        &disk.0,
    );
    Built {
        objects,
        module: disk.get(plan::MODULE),
    }
}

#[track_caller]
fn tool(name: &str, args: Vec<String>, folder: &Path) {
    let mut go: Command = go::go(folder);
    let came = go
        .arg("tool")
        .arg(name)
        .args(args)
        .env("GOROOT_FINAL", "")
        .output()
        .expect("Go runs");
    let text =
        String::from_utf8_lossy(&came.stdout).into_owned() + &String::from_utf8_lossy(&came.stderr);
    assert!(came.status.success(), "{name}: {text}");
}

/// That two files are the same, without showing megabytes.
#[track_caller]
pub fn assert_same(ours: &[u8], theirs: &[u8], what: &str) {
    if ours != theirs {
        let at = ours
            .iter()
            .zip(theirs)
            .position(|(ours, theirs)| ours != theirs);
        let near = |bytes: &[u8]| {
            let at = at.unwrap_or(bytes.len().min(ours.len()));
            let near = bytes.get(at.saturating_sub(40)..bytes.len().min(at + 40));
            String::from_utf8_lossy(near.unwrap_or_default()).into_owned()
        };
        panic!(
            "{what}: {} bytes and {} differ from {at:?} on: {:?} and {:?}",
            ours.len(),
            theirs.len(),
            near(ours),
            near(theirs)
        );
    }
}
