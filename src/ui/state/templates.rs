//! What a program that is written here can begin with.

/// A program to begin with; its files are beside the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// The folder that it is in, relative to the page.
    pub(crate) folder: &'static str,
    /// The files in it.
    pub(crate) files: &'static [&'static str],
    /// What it is, in a few words.
    pub(crate) title: &'static str,
    /// What there is to see.
    pub(crate) description: &'static str,
}

const MAIN: &[&str] = &["main.go", "go.mod"];
/// For what takes strings or pointers.
const WITH_MALLOC: &[&str] = &["main.go", "malloc.go", "go.mod"];

/// All of them, in the order in which they are offered.
pub(crate) const TEMPLATES: [Template; 5] = [
    Template {
        folder: "templates/plugin/",
        files: WITH_MALLOC,
        title: "Plugin",
        description: "Takes a string, and prints with the import log.log.",
    },
    Template {
        folder: "templates/structs/",
        files: WITH_MALLOC,
        title: "Plugin with structs",
        description: "Takes pointers to structs, and changes them.",
    },
    Template {
        folder: "templates/command/",
        files: MAIN,
        title: "Command",
        description: "Reads stdin line by line.",
    },
    Template {
        folder: "templates/goroutine/",
        files: MAIN,
        title: "Plugin with goroutines",
        description: "Several wait, and send to one channel.",
    },
    Template {
        folder: "templates/trap/",
        files: MAIN,
        title: "Plugin that traps",
        description: "Three calls deep, for the backtrace and the debugger.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn each_file_of_a_template_and_no_other_is_put_beside_the_page() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = fs::read_to_string(root.join("index.html")).unwrap();
        let mut count = 0;
        for template in TEMPLATES {
            let target = format!(
                "data-target-path=\"{}\"",
                template.folder.trim_end_matches('/')
            );
            let links = page.lines().filter(|line| line.contains(&target));
            let mut copied: Vec<String> = Vec::new();
            for link in links {
                let from = link.split("href=\"").nth(1).unwrap();
                let from = from.split('"').next().unwrap();
                assert!(root.join(from).is_file(), "{from}");
                copied.push(from.rsplit('/').next().unwrap().to_owned());
            }
            count += copied.len();
            copied.sort();
            let mut files = template.files.to_vec();
            files.sort_unstable();
            assert_eq!(copied, files, "{}", template.folder);
        }
        assert_eq!(page.matches("data-target-path=\"templates/").count(), count);
    }
}
