//! The tools that are loaded, and what lies on each one's disk.

use super::job::TEST;
use super::tool::Tool;
use crate::engine::foreign;
use crate::protocol::Limits;
use crate::wasi;
use std::collections::BTreeMap;
use std::rc::Rc;

/// To collect garbage takes a third of the time of a tool that runs for seconds.
const NO_GARBAGE: &[(&str, &str)] = &[("GOGC", "off"), ("GOMEMLIMIT", "1GiB")];

/// Where clocks and randomness come from.
pub type Hosts = Rc<dyn Fn() -> Box<dyn wasi::Host>>;

/// A tool with what lies on its disk.
#[derive(Debug)]
pub struct Bench {
    /// The tool.
    pub tool: Tool,
    /// By path: a number that is another one for other contents.
    there: BTreeMap<String, u64>,
}

impl Bench {
    /// Puts a file there, unless one with this number is there.
    ///
    /// # Errors
    ///
    /// Says why it cannot be.
    pub fn keep(&mut self, path: &str, number: u64, bytes: &[u8]) -> Result<(), String> {
        if self.there.get(path) != Some(&number) {
            self.tool.put(path, bytes.to_vec())?;
            self.there.insert(path.to_owned(), number);
        }
        Ok(())
    }

    /// Notes that the tool itself has put a file there.
    pub fn has_made(&mut self, path: &str, number: u64) {
        self.there.insert(path.to_owned(), number);
    }

    /// Whether a file of this number is there.
    #[must_use]
    pub fn has(&self, path: &str, number: u64) -> bool {
        self.there.get(path) == Some(&number)
    }

    /// Removes what begins with this path and is not wanted any more.
    pub fn forget(&mut self, start: &str, is_wanted: impl Fn(&str) -> bool) {
        let gone: Vec<String> = self
            .there
            .keys()
            .filter(|path| path.starts_with(start) && !is_wanted(path))
            .cloned()
            .collect();
        for path in gone {
            self.tool.remove(&path);
            self.there.remove(&path);
        }
    }
}

/// The tools.
pub struct Tools {
    hosts: Hosts,
    loaded: BTreeMap<String, Bench>,
    /// The one that runs, or is being loaded.
    running: Option<String>,
    now: Option<u64>,
    /// Pages of memory that each may have.
    memory_pages: u64,
    /// What those have used that are gone.
    fuel_of_gone: u64,
    /// What they run in; `None`: the interpreter.
    engine: Option<Rc<dyn foreign::Engine>>,
}

impl Tools {
    /// None yet.
    pub fn new(hosts: Hosts) -> Self {
        Self {
            hosts,
            loaded: BTreeMap::new(),
            running: None,
            now: None,
            // The compiler takes what it needs.
            memory_pages: Limits::MOST_MEMORY_PAGES,
            fuel_of_gone: 0,
            engine: None,
        }
    }

    /// As [`super::Builder::set_engine`].
    pub fn set_engine(&mut self, engine: Rc<dyn foreign::Engine>) {
        self.engine = Some(engine);
    }

    /// Whether a tool can be run.
    pub fn has(&self, name: &str) -> bool {
        self.loaded
            .get(name)
            .is_some_and(|bench| bench.tool.is_loaded())
    }

    /// Begins to load one.
    pub fn load(&mut self, name: &str, module: Vec<u8>) {
        self.drop_tool(name);
        let hosts = Rc::clone(&self.hosts);
        let env = if name == TEST { &[][..] } else { NO_GARBAGE };
        let engine = self.engine.clone();
        let mut tool = Tool::new(Box::new(move || hosts()), name, module, env, engine);
        if let Some(now) = self.now {
            tool.tell_time(now);
        }
        let bench = Bench {
            tool,
            there: BTreeMap::new(),
        };
        self.loaded.insert(name.to_owned(), bench);
        self.running = Some(name.to_owned());
    }

    /// One that is loaded.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub fn get(&mut self, name: &str) -> Result<&mut Bench, String> {
        let bench = self
            .loaded
            .get_mut(name)
            .filter(|bench| bench.tool.is_loaded());
        bench.ok_or_else(|| format!("{name} is not loaded"))
    }

    /// Begins a run of one that is loaded.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub fn run(
        &mut self,
        name: &str,
        mut args: Vec<String>,
        directory: &str,
        stdin: Vec<u8>,
    ) -> Result<(), String> {
        args.insert(0, name.to_owned());
        let memory = self.memory_pages;
        let tool = &mut self.get(name)?.tool;
        tool.run(args, directory, stdin, memory);
        self.running = Some(name.to_owned());
        Ok(())
    }

    /// The one that runs, or is being loaded.
    pub fn running(&mut self) -> Option<&mut Tool> {
        let name = self.running.as_ref()?;
        self.loaded.get_mut(name).map(|bench| &mut bench.tool)
    }

    /// As [`super::Builder::is_away`].
    pub fn is_away(&self) -> bool {
        let running = self.running.as_ref().and_then(|name| self.loaded.get(name));
        running.is_some_and(|bench| bench.tool.is_away())
    }

    /// Nothing runs any more.
    pub fn rest(&mut self) {
        self.running = None;
    }

    /// Ends what runs. What is not loaded yet is dropped.
    pub fn stop(&mut self) {
        let Some(name) = self.running.take() else {
            return;
        };
        match self.loaded.get_mut(&name) {
            Some(bench) if bench.tool.is_loaded() => bench.tool.stop(),
            _ => self.drop_tool(&name),
        }
    }

    /// Drops one, with its memory and its disk.
    pub fn drop_tool(&mut self, name: &str) {
        if let Some(gone) = self.loaded.remove(name) {
            self.fuel_of_gone += gone.tool.fuel_spent();
        }
    }

    /// As [`super::Builder::limit_memory`].
    pub fn limit_memory(&mut self, pages: u64) {
        self.memory_pages = pages.min(Limits::MOST_MEMORY_PAGES);
    }

    /// As [`super::Builder::tell_time`].
    pub fn tell_time(&mut self, nanos: u64) {
        self.now = Some(nanos);
        for bench in self.loaded.values_mut() {
            bench.tool.tell_time(nanos);
        }
    }

    /// As [`super::Builder::fuel_spent`].
    pub fn fuel_spent(&self) -> u64 {
        let loaded = self.loaded.values().map(|bench| bench.tool.fuel_spent());
        loaded.sum::<u64>() + self.fuel_of_gone
    }
}
