//! Breakpoints by file and line, or by the name of a function: where each is put in a module.

use super::Plain;
use super::coverage::is_own;
use crate::protocol::{Lines, SourceFile};

/// Files that a message lists at most.
const LISTED: usize = 12;

/// Where a call is to stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakpoint {
    /// Which of [`Lines::files`] it is in.
    file: u32,
    /// The line that was asked for.
    line: u32,
    /// The line that it was put at: that one, or the next one that has code.
    stops_at: u32,
}

/// All of a plugin's.
#[derive(Clone, Debug, Default)]
pub struct Breakpoints {
    /// In the order of files and lines.
    lines: Vec<Breakpoint>,
    /// The names of functions where calls are to stop, in order.
    functions: Vec<String>,
}

impl Breakpoints {
    /// Puts one at `at`, such as `main.go:12`, or `main.greet`: where the function begins, also where it is inlined. A file
    /// is named by its path, or by the last parts of it; a function by its name, or by what comes after a dot in it.
    ///
    /// # Errors
    ///
    /// `at` is no such text, no code is from such a file, none of it is behind the line, or there is no such function.
    pub fn set(&mut self, lines: &Lines, at: &Plain) -> Result<Plain, String> {
        let Some(function) = function(at) else {
            return Ok(self.set_line(lines, at)?.to_plain(lines));
        };
        if places_of(lines, function).next().is_none() {
            return Err(no_function(lines, function));
        }
        if let Err(place) = self.functions.binary_search_by(|it| (**it).cmp(function)) {
            self.functions.insert(place, function.to_owned());
        }
        Ok(function_to_plain(function))
    }

    fn set_line(&mut self, lines: &Lines, at: &Plain) -> Result<Breakpoint, String> {
        let (name, line) = place(at)?;
        let file = file(lines, name)?;
        let code = lines.lines.iter().filter(|(of, _)| *of == file);
        let code = code.map(|(_, line)| *line);
        let Some(stops_at) = code.clone().filter(|code| *code >= line).min() else {
            let last = code.max().unwrap_or_default();
            return Err(format!(
                "{name} has no code at line {line} or behind it: the last line that has some is {last}"
            ));
        };
        let breakpoint = Breakpoint {
            file,
            line,
            stops_at,
        };
        if let Err(place) = self.find(&breakpoint) {
            self.lines.insert(place, breakpoint.clone());
        }
        Ok(breakpoint)
    }

    /// Takes away the one at `at`, or, if that is undefined, all; whether there was one.
    ///
    /// # Errors
    ///
    /// `at` is no text, or no code is from such a file.
    pub fn clear(&mut self, lines: &Lines, at: &Plain) -> Result<bool, String> {
        let count = |all: &Self| all.lines.len() + all.functions.len();
        let before = count(self);
        if *at == Plain::Undefined {
            *self = Self::default();
        } else if let Some(function) = function(at) {
            self.functions.retain(|there| there != function);
        } else {
            let (name, line) = place(at)?;
            let file = file(lines, name)?;
            self.lines
                .retain(|there| (there.file, there.line) != (file, line));
        }
        Ok(count(self) < before)
    }

    /// All of them, as the caller gets them: those at lines first.
    #[must_use]
    pub fn to_plain(&self, lines: &Lines) -> Plain {
        let at_lines = self.lines.iter().map(|it| it.to_plain(lines));
        let functions = self.functions.iter().map(|name| function_to_plain(name));
        Plain::List(at_lines.chain(functions).collect())
    }

    /// The places in the code at which calls stop, in order.
    #[must_use]
    pub fn places(&self, lines: &Lines) -> Vec<u32> {
        let is_wanted = |(file, line): &(u32, u32)| {
            let mut all = self.lines.iter();
            all.any(|it| (it.file, it.stops_at) == (*file, *line))
        };
        let mut places = Vec::new();
        let mut before = 0;
        for (place, number) in &lines.places {
            let line = number.checked_sub(1);
            let line = line.and_then(|line| lines.lines.get(line as usize));
            // A line whose code is in several pieces one behind the other is come to once.
            if *number != before && line.is_some_and(is_wanted) {
                places.push(*place);
            }
            before = *number;
        }
        let functions = self.functions.iter();
        places.extend(
            functions
                .flat_map(|name| places_of(lines, name))
                .map(|place| {
                    // Where calls can be stopped: where its first line begins.
                    let next = lines.places.partition_point(|(at, _)| *at < place);
                    lines.places.get(next).map_or(place, |(at, _)| *at)
                }),
        );
        places.sort_unstable();
        places.dedup();
        places
    }

    fn find(&self, breakpoint: &Breakpoint) -> Result<usize, usize> {
        let key = |it: &Breakpoint| (it.file, it.line);
        self.lines.binary_search_by_key(&key(breakpoint), key)
    }
}

/// The lines of which there is something in `places`, where calls can be stopped; of those that are left out it is not known
/// in which file they are.
#[must_use]
pub fn stoppable(mut lines: Lines, places: &[(u32, u32)]) -> Lines {
    let mut has_place = vec![false; lines.lines.len()];
    for (_, number) in places {
        let number = number.checked_sub(1).map(|number| number as usize);
        if let Some(slot) = number.and_then(|number| has_place.get_mut(number)) {
            *slot = true;
        }
    }
    for (line, has_place) in lines.lines.iter_mut().zip(has_place) {
        if !has_place {
            *line = (u32::MAX, 0);
        }
    }
    lines.places = places.to_vec();
    lines
}

impl Breakpoint {
    /// As the caller gets it.
    #[must_use]
    pub fn to_plain(&self, lines: &Lines) -> Plain {
        let file = lines.files.get(self.file as usize);
        let path = file.map_or_else(String::new, |file| file.path.clone());
        let parts = [
            ("file", Plain::Text(path)),
            ("line", Plain::Number(self.line.into())),
            ("hasCode", Plain::Bool(self.line == self.stops_at)),
            ("stopsAt", Plain::Number(self.stops_at.into())),
        ];
        let parts = parts.into_iter();
        Plain::Object(parts.map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

/// The name of a function, if `at` is no place in a file.
fn function(at: &Plain) -> Option<&str> {
    let Plain::Text(text) = at else { return None };
    let is_place = text.is_empty()
        || text
            .rsplit_once(':')
            .is_some_and(|(_, line)| !line.contains('.'));
    let is_file = [".go", ".rs", ".c", ".zig"]
        .iter()
        .any(|end| text.ends_with(end));
    (!is_place && !is_file).then_some(text)
}

/// Where the functions of this name begin: `main.f`, or `f` alone.
fn places_of<'a>(lines: &'a Lines, name: &'a str) -> impl Iterator<Item = u32> + 'a {
    let its = lines.functions.iter().filter(move |(known, _)| {
        let front = known.strip_suffix(name);
        front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
    });
    its.map(|(_, place)| *place)
}

/// What is said where no function has this name: those whose name has it in it are offered.
fn no_function(lines: &Lines, name: &str) -> String {
    let sought = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    let names = lines.functions.iter().map(|(known, _)| known.as_str());
    let mut like: Vec<&str> = names
        .filter(|known| known.to_lowercase().contains(&sought))
        .collect();
    like.sort_unstable();
    like.dedup();
    match like.is_empty() {
        true => format!(
            "no function of the module is called {name}: a place is \"main.go:12\" or \"main.greet\""
        ),
        false => format!(
            "no function of the module is called {name}: there is {}",
            listed(&like)
        ),
    }
}

fn function_to_plain(name: &str) -> Plain {
    let part = ("function".to_owned(), Plain::Text(name.to_owned()));
    Plain::Object([part].into_iter().collect())
}

/// The file and the line of `main.go:12`.
fn place(at: &Plain) -> Result<(&str, u32), String> {
    let wrong = || format!("needs a file and a line, such as \"main.go:12\", got {at}");
    let Plain::Text(text) = at else {
        return Err(wrong());
    };
    let (file, line) = text.rsplit_once(':').ok_or_else(wrong)?;
    let line = line.parse().ok().filter(|line| *line > 0);
    line.filter(|_| !file.is_empty())
        .map(|line| (file, line))
        .ok_or_else(wrong)
}

/// Which of the module's files is meant by a path, or by the last parts of one.
fn file(lines: &Lines, name: &str) -> Result<u32, String> {
    if !lines.are_known() {
        return Err(no_lines(lines));
    }
    let files = || (0..).zip(&lines.files);
    let mut exact = files().filter(|(_, file)| file.path == name);
    if let Some((number, _)) = exact.next() {
        return Ok(number);
    }
    let meant: Vec<(u32, &str)> = files()
        .filter(|(_, file)| ends_alike(&file.path, name))
        .map(|(number, file)| (number, file.path.as_str()))
        .collect();
    match meant.as_slice() {
        [(number, _)] => Ok(*number),
        [] => {
            let mut all: Vec<&SourceFile> = lines.files.iter().collect();
            // Those of the same name first, then the plugin's own.
            let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
            all.sort_by_key(|file| (last(&file.path) != last(name), !is_own(file)));
            let all: Vec<&str> = all.iter().map(|file| &*file.path).collect();
            Err(format!("no code is from {name}: there is {}", listed(&all)))
        }
        several => {
            let paths: Vec<&str> = several.iter().map(|(_, path)| *path).collect();
            Err(format!(
                "{name} may be {}: say more of its path",
                listed(&paths)
            ))
        }
    }
}

/// Why a module has no lines, and what to do.
pub(super) fn no_lines(lines: &Lines) -> String {
    let problem = lines.problem.as_deref().unwrap_or(
        "Build it with debug information (TinyGo: without -no-debug; Rust, C and Zig: with -g).",
    );
    format!("the module does not say where its lines are. {problem}")
}

/// Whether one of two paths is the end of the other, by whole names.
fn ends_alike(path: &str, name: &str) -> bool {
    let names = |path: &str| -> Vec<String> {
        let names = path.split(['/', '\\']).rev();
        let names = names.filter(|name| !name.is_empty() && *name != ".");
        names.map(str::to_owned).collect()
    };
    let (path, name) = (names(path), names(name));
    !name.is_empty() && path.iter().zip(&name).all(|(one, other)| one == other)
}

fn listed(paths: &[&str]) -> String {
    let some: Vec<&str> = paths.iter().take(LISTED).copied().collect();
    let some = some.join(", ");
    match paths.len().saturating_sub(LISTED) {
        0 => some,
        more => format!("{some} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        let file = |path: &str, package: &str| SourceFile {
            path: path.to_owned(),
            package: package.to_owned(),
        };
        Lines {
            inlined: Vec::new(),
            kept: Vec::new(),
            functions: Vec::new(),
            places: vec![
                (10, 1),
                (20, 2),
                (25, 2),
                (30, 0),
                (40, 3),
                (50, 2),
                (60, 4),
            ],
            lines: vec![(0, 3), (0, 5), (1, 5), (2, 9)],
            files: vec![
                file("/home/a/x/main.go", "main"),
                file("/home/a/x/lib/main.go", "x/lib"),
                file("/home/a/x/list.go", "main"),
            ],
            problem: None,
        }
    }

    fn text(text: &str) -> Plain {
        Plain::Text(text.to_owned())
    }

    fn put(at: &str) -> Result<(u32, u32), String> {
        let set = Breakpoints::default().set_line(&lines(), &text(at));
        set.map(|it| (it.file, it.stops_at))
    }

    #[test]
    fn a_file_is_named_by_the_end_of_its_path() {
        assert_eq!(put("list.go:9"), Ok((2, 9)));
        assert_eq!(put("x/main.go:3"), Ok((0, 3)));
        assert_eq!(put("./lib/main.go:5"), Ok((1, 5)));
        assert_eq!(put("x\\list.go:9"), Ok((2, 9)));
        // Where the compiler has written less of it, too.
        assert_eq!(put("/mnt/home/a/x/list.go:9"), Ok((2, 9)));
        assert_eq!(
            put("main.go:3"),
            Err(
                "main.go may be /home/a/x/main.go, /home/a/x/lib/main.go: say more of its path"
                    .to_owned()
            )
        );
        assert_eq!(
            put("ist.go:3"),
            Err("no code is from ist.go: there is /home/a/x/main.go, /home/a/x/lib/main.go, /home/a/x/list.go".to_owned())
        );
    }

    #[test]
    fn a_line_without_code_stands_for_the_next_one_that_has_some() {
        let mut breakpoints = Breakpoints::default();
        let lines = lines();
        let plain = breakpoints.set(&lines, &text("x/main.go:4")).unwrap();
        assert_eq!(*plain.get("hasCode"), Plain::Bool(false));
        assert_eq!(*plain.get("stopsAt"), Plain::Number(5.0));
        // Each time that the line begins.
        assert_eq!(breakpoints.places(&lines), [20, 50]);
        assert_eq!(
            put("x/main.go:6"),
            Err(
                "x/main.go has no code at line 6 or behind it: the last line that has some is 5"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_line_at_which_nothing_stops_has_no_code() {
        let lines = stoppable(lines(), &[(11, 1), (40, 3), (60, 4)]);
        let mut breakpoints = Breakpoints::default();
        let put = breakpoints.set(&lines, &text("x/main.go:5"));
        assert!(
            put.unwrap_err()
                .ends_with("the last line that has some is 3")
        );
        breakpoints.set(&lines, &text("x/main.go:3")).unwrap();
        assert_eq!(breakpoints.places(&lines), [11]);
        assert_eq!(
            super::super::coverage::Coverage::default()
                .profile(&lines, true)
                .lines()
                .count(),
            4
        );
    }

    #[test]
    fn a_function_is_stopped_at_by_its_name_or_the_end_of_it() {
        let mut lines = lines();
        let function = |name: &str, place| (name.to_owned(), place);
        lines.functions = vec![
            function("main.greet", 20),
            function("main.(*List).Push", 41),
            function("x/lib.greet", 61),
        ];
        let mut breakpoints = Breakpoints::default();
        let set = breakpoints.set(&lines, &text("greet")).unwrap();
        assert_eq!(*set.get("function"), text("greet"));
        assert_eq!(breakpoints.places(&lines), [20, 61], "both of this name");
        breakpoints.set(&lines, &text("list.go:9")).unwrap();
        breakpoints.set(&lines, &text("main.(*List).Push")).unwrap();
        // A line begins at 50, not at 41.
        assert_eq!(breakpoints.places(&lines), [20, 50, 60, 61]);
        let Plain::List(all) = breakpoints.to_plain(&lines) else {
            panic!("it is a list");
        };
        assert_eq!(all.len(), 3);
        assert_eq!(breakpoints.clear(&lines, &text("greet")), Ok(true));
        assert_eq!(breakpoints.clear(&lines, &text("greet")), Ok(false));
        assert_eq!(breakpoints.places(&lines), [50, 60]);
        assert_eq!(
            breakpoints.set(&lines, &text("main.push")).unwrap_err(),
            "no function of the module is called main.push: there is main.(*List).Push"
        );
        let refused = breakpoints.set(&lines, &text("nothing")).unwrap_err();
        assert!(refused.contains("a place is"), "{refused}");
    }

    #[test]
    fn one_is_cleared_as_it_was_set() {
        let mut breakpoints = Breakpoints::default();
        let lines = lines();
        for at in ["x/main.go:4", "list.go:9", "x/main.go:3", "x/main.go:4"] {
            breakpoints.set(&lines, &text(at)).unwrap();
        }
        let all = breakpoints.lines.iter().map(|it| (it.file, it.line));
        let all: Vec<_> = all.collect();
        assert_eq!(all, [(0, 3), (0, 4), (2, 9)]);
        let cleared =
            |breakpoints: &mut Breakpoints, at: &str| breakpoints.clear(&lines, &text(at));
        assert_eq!(cleared(&mut breakpoints, "x/main.go:5"), Ok(false));
        assert_eq!(cleared(&mut breakpoints, "/home/a/x/main.go:4"), Ok(true));
        assert_eq!(breakpoints.places(&lines), [10, 60]);
        assert_eq!(breakpoints.clear(&lines, &Plain::Undefined), Ok(true));
        assert_eq!(breakpoints.clear(&lines, &Plain::Undefined), Ok(false));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for (at, got) in [
            (text("main.go"), "\"main.go\""),
            (text(""), "\"\""),
            (text("main.go:0"), "\"main.go:0\""),
            (text("main.go:x"), "\"main.go:x\""),
            (text(":3"), "\":3\""),
            (Plain::Number(3.0), "3"),
            (Plain::Undefined, "undefined"),
        ] {
            let expected = format!("needs a file and a line, such as \"main.go:12\", got {got}");
            assert_eq!(Breakpoints::default().set(&lines(), &at), Err(expected));
        }
        let none = Lines::default();
        let refused = Breakpoints::default().set(&none, &text("main.go:3"));
        let refused = refused.unwrap_err();
        assert!(
            refused.contains(". Build it with debug information"),
            "{refused}"
        );
    }
}
