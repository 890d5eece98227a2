//! What the tests of hosts share: a guest that is a memory, and what calls the host on its behalf.

use super::{
    Begin, Caller, Came, Flow, Function, FunctionId, GuestCall, Host, Next, Value, Values, World,
};
use crate::linear::{Elsewhere, LinearMut};
use std::cell::RefCell;

/// A memory that is elsewhere.
struct Far(RefCell<Vec<u8>>);

impl Elsewhere for Far {
    fn size(&self) -> usize {
        self.0.borrow().len()
    }

    fn read(&self, at: usize, to: &mut [u8]) {
        to.copy_from_slice(&self.0.borrow()[at..at + to.len()]);
    }

    fn write(&self, at: usize, from: &[u8]) {
        self.0.borrow_mut()[at..at + from.len()].copy_from_slice(from);
    }
}

/// The world: a clock that stands still, and a console.
#[derive(Default)]
pub(super) struct Console(pub Vec<String>);

impl World for Console {
    fn now(&mut self) -> u64 {
        1_700_000_000_000_000_000
    }

    fn print(&mut self, line: &str) {
        self.0.push(line.to_owned());
    }
}

/// A host with a guest that is nothing but a memory, filled with `?`, and an allocator that gives what is at [`HEAP`].
pub(super) struct Board<H> {
    pub host: H,
    pub memory: Vec<u8>,
    pub console: Console,
    pub room: u64,
    /// Whether the memory is elsewhere.
    pub is_far: bool,
    /// The next address that the allocator gives; 0: it has no memory left.
    pub heap: u64,
    table: &'static [Function],
}

/// Where the allocator begins.
pub(super) const HEAP: u32 = 0x8000;

impl<H: Host> Board<H> {
    pub fn new(host: H, table: &'static [Function]) -> Self {
        Self {
            host,
            memory: vec![b'?'; 1 << 16],
            console: Console::default(),
            room: 1 << 20,
            is_far: false,
            heap: HEAP.into(),
            table,
        }
    }

    /// Calls a function as the guest would, until it returns.
    pub fn flow(&mut self, name: &str, args: &[u64]) -> (Flow, Vec<u64>) {
        let place = self.table.iter().position(|row| row.name == name);
        let place = place.unwrap_or_else(|| panic!("the host has no {name}"));
        let id = FunctionId(u16::try_from(place).expect("a place"));
        let row = self.table[place];
        assert_eq!(args.len(), row.params.len(), "{name}");
        let mut came = Vec::new();
        loop {
            let mut results = vec![0; row.results.len()];
            let far = self.is_far.then(|| Far(RefCell::new(self.memory.clone())));
            let flow = self.host.call(
                id,
                Caller {
                    args,
                    results: &mut results,
                    memory: match &far {
                        Some(far) => LinearMut::Elsewhere(far),
                        None => LinearMut::from(self.memory.as_mut_slice()),
                    },
                    came: &came,
                    room: self.room,
                    world: &mut self.console,
                },
            );
            if let Some(far) = far {
                self.memory = far.0.into_inner();
            }
            match flow {
                Flow::Guest(GuestCall { args, .. }) => {
                    assert_ne!(args, [0], "nothing is never asked for");
                    came.push(Came::Returned(vec![self.heap]));
                    self.heap += args[0];
                }
                flow => return (flow, results),
            }
        }
    }

    /// The same, of one that returns: its result, if it has one.
    #[track_caller]
    pub fn call(&mut self, name: &str, args: &[u64]) -> u64 {
        let (flow, results) = self.flow(name, args);
        assert_eq!(flow, Flow::Return, "{name}");
        results.first().copied().unwrap_or_default()
    }

    /// The same, of one that traps: what it says.
    #[track_caller]
    pub fn trap(&mut self, name: &str, args: &[u64]) -> String {
        match self.flow(name, args).0 {
            Flow::Trap(why) => why,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Puts bytes somewhere: their address and their length.
    pub fn put(&mut self, at: u64, bytes: impl AsRef<[u8]>) -> [u64; 2] {
        let bytes = bytes.as_ref();
        let start = usize::try_from(at).expect("an address");
        self.memory[start..start + bytes.len()].copy_from_slice(bytes);
        [at, bytes.len() as u64]
    }

    /// Bytes of the memory.
    pub fn at(&self, at: u64, length: u64) -> &[u8] {
        let start = usize::try_from(at).expect("an address");
        &self.memory[start..start + usize::try_from(length).expect("a length")]
    }

    /// A number of the memory's.
    pub fn number(&self, at: u64) -> u64 {
        u32::from_le_bytes(self.at(at, 4).try_into().expect("four bytes")).into()
    }

    /// A call begins with this filled in.
    pub fn begin(&mut self, action: &str, values: &[(&str, Value)]) -> Result<(), String> {
        let values = values.iter();
        let values = values.map(|(key, value)| ((*key).to_owned(), value.clone()));
        self.host.begin(Begin {
            export: "",
            action,
            values: &Values(values.collect()),
            is_fresh: true,
            room: self.room,
        })
    }

    /// What the host wants next.
    pub fn next(&mut self, came: Came) -> Next {
        self.host.next(came, &mut self.console)
    }

    /// The same: an export that is called, and its arguments.
    #[track_caller]
    pub fn calls(&mut self, came: Came) -> (String, Vec<u64>) {
        match self.next(came) {
            Next::Call(call) => (call.export, call.args),
            other => panic!("{other:?}"),
        }
    }

    /// Calls each function with arguments that no guest should give: it must come back, and hold no more than there is room for.
    pub fn harass(&mut self) {
        let hostile = [
            0,
            1,
            7,
            0xfffe,
            0xffff,
            0x1_0000,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_fff0,
            0xffff_ffff,
        ];
        let mut state = 1_u64;
        for row in self.table {
            for _ in 0..400 {
                let args = row.params.iter().map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    let place = usize::try_from(state >> 33).expect("small") % hostile.len();
                    hostile[place]
                });
                let args: Vec<u64> = args.collect();
                // An allocator that lies.
                self.heap = args.first().copied().unwrap_or(0xffff_ffff);
                let _ = self.flow(row.name, &args);
                assert!(self.host.held() <= self.room, "{} {args:x?}", row.name);
            }
        }
        let _ = self.host.shown();
    }
}

/// Text that was filled in.
pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Names and values that were filled in.
pub(super) fn pairs(pairs: &[(&str, &str)]) -> Value {
    let pairs = pairs.iter();
    Value::Pairs(
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}
