//! What each argument of each function is.

use super::names::{
    ADVICE, CLOCKS, FDFLAGS, FSTFLAGS, LOOKUP, NONE, OFLAGS, RIFLAGS, ROFLAGS, SDFLAGS, SIGNALS,
    WHENCE, WHENCE0,
};
use crate::wasi::Function;

/// One or more raw arguments that belong together.
#[derive(Clone, Copy, Debug)]
pub(super) enum Param {
    /// An `i64`: a size, an offset, a time, a cookie.
    Number,
    /// An `i32` that is a number: a descriptor, a size, an exit code.
    Word,
    /// An `i64` with a sign.
    Signed,
    /// An address that nothing more is said of.
    Address,
    /// Flags, by the names of their bits.
    Flags(&'static [&'static str]),
    /// Rights.
    Rights,
    /// A number that has a name.
    Name(&'static [&'static str]),
    /// Address and length of a path.
    Path(&'static str),
    /// Address and length of a buffer.
    Buffer(&'static str),
    /// Address and length of a buffer for text, whose length is that of the next result, if there
    /// is one.
    Reply(&'static str),
    /// Address and length of a list of buffers that are read.
    Given(&'static str),
    /// Address and length of a list of buffers that are written.
    Room(&'static str),
    /// The first three arguments of `poll_oneoff`, whose subscriptions have this size.
    Poll(u32),
    /// Where a result goes.
    Result(&'static str, Output),
}

impl Param {
    /// How many raw arguments it is.
    pub fn words(self) -> usize {
        match self {
            Self::Path(_) | Self::Buffer(_) | Self::Reply(_) | Self::Given(_) | Self::Room(_) => 2,
            Self::Poll(_) => 3,
            _ => 1,
        }
    }
}

/// What is written as a result.
#[derive(Clone, Copy, Debug)]
pub(super) enum Output {
    /// Flags of two bytes.
    Flags(&'static [&'static str]),
    U32,
    U64,
    Nanoseconds,
    Fdstat,
    Filestat,
    Filestat0,
    Prestat,
}

impl Output {
    /// Its bytes.
    pub fn size(self) -> u32 {
        match self {
            Self::Flags(_) => 2,
            Self::U32 => 4,
            Self::U64 | Self::Nanoseconds => 8,
            _ => self.struct_size().unwrap_or(0),
        }
    }

    /// Its bytes, if it is more than a number.
    pub fn struct_size(self) -> Option<u32> {
        match self {
            Self::Flags(_) | Self::U32 | Self::U64 | Self::Nanoseconds => None,
            Self::Fdstat => Some(24),
            Self::Filestat => Some(64),
            Self::Filestat0 => Some(56),
            Self::Prestat => Some(8),
        }
    }
}

/// The arguments of `function`, in order.
pub(super) fn params(function: Function) -> &'static [Param] {
    use Param::{
        Address, Buffer, Flags, Given, Name, Number, Path, Poll, Reply, Result, Rights, Room,
        Signed, Word,
    };
    match function {
        Function::ArgsGet | Function::EnvironGet => &[Address, Address],
        Function::ArgsSizesGet => &[
            Result("argc", Output::U32),
            Result("argv_buf_size", Output::U32),
        ],
        Function::EnvironSizesGet => &[
            Result("environc", Output::U32),
            Result("environ_buf_size", Output::U32),
        ],
        Function::ClockResGet => &[Name(CLOCKS), Result("resolution", Output::Nanoseconds)],
        Function::ClockTimeGet => &[Name(CLOCKS), Number, Result("time", Output::Nanoseconds)],
        Function::FdAdvise => &[Word, Number, Number, Name(ADVICE)],
        Function::FdAllocate => &[Word, Number, Number],
        Function::FdClose | Function::FdDatasync | Function::FdSync | Function::ProcExit => &[Word],
        Function::FdFdstatGet => &[Word, Result("stat", Output::Fdstat)],
        Function::FdFdstatSetFlags => &[Word, Flags(FDFLAGS)],
        Function::FdFdstatSetRights => &[Word, Rights, Rights],
        Function::FdFilestatGet => &[Word, Result("stat", Output::Filestat)],
        Function::FdFilestatSetSize => &[Word, Number],
        Function::FdFilestatSetTimes => &[Word, Number, Number, Flags(FSTFLAGS)],
        Function::FdPread => &[Word, Room("iovs"), Number, Result("nread", Output::U32)],
        Function::FdPrestatGet => &[Word, Result("prestat", Output::Prestat)],
        Function::FdPrestatDirName => &[Word, Reply("path")],
        Function::FdPwrite => &[Word, Given("iovs"), Number, Result("nwritten", Output::U32)],
        Function::FdRead => &[Word, Room("iovs"), Result("nread", Output::U32)],
        Function::FdReaddir => &[Word, Reply("buf"), Number, Result("bufused", Output::U32)],
        Function::FdRenumber => &[Word, Word],
        Function::FdSeek => &[Word, Signed, Name(WHENCE), Result("newoffset", Output::U64)],
        Function::FdTell => &[Word, Result("offset", Output::U64)],
        Function::FdWrite => &[Word, Given("iovs"), Result("nwritten", Output::U32)],
        Function::PathCreateDirectory
        | Function::PathRemoveDirectory
        | Function::PathUnlinkFile => &[Word, Path("path")],
        Function::PathFilestatGet => &[
            Word,
            Flags(LOOKUP),
            Path("path"),
            Result("stat", Output::Filestat),
        ],
        Function::PathFilestatSetTimes => &[
            Word,
            Flags(LOOKUP),
            Path("path"),
            Number,
            Number,
            Flags(FSTFLAGS),
        ],
        Function::PathLink => &[
            Word,
            Flags(LOOKUP),
            Path("old_path"),
            Word,
            Path("new_path"),
        ],
        Function::PathOpen => &[
            Word,
            Flags(LOOKUP),
            Path("path"),
            Flags(OFLAGS),
            Rights,
            Rights,
            Flags(FDFLAGS),
            Result("fd", Output::U32),
        ],
        Function::PathReadlink => &[
            Word,
            Path("path"),
            Reply("buf"),
            Result("bufused", Output::U32),
        ],
        Function::PathRename => &[Word, Path("old_path"), Word, Path("new_path")],
        Function::PathSymlink => &[Path("old_path"), Word, Path("new_path")],
        Function::PollOneoff => &[Poll(48), Result("nevents", Output::U32)],
        Function::ProcRaise => &[Name(SIGNALS)],
        Function::SchedYield => &[],
        Function::RandomGet => &[Buffer("buf")],
        Function::SockAccept => &[Word, Flags(FDFLAGS), Result("fd", Output::U32)],
        Function::SockRecv => &[
            Word,
            Room("ri_data"),
            Flags(RIFLAGS),
            Result("ro_datalen", Output::U32),
            Result("ro_flags", Output::Flags(ROFLAGS)),
        ],
        Function::SockSend => &[
            Word,
            Given("si_data"),
            Flags(NONE),
            Result("so_datalen", Output::U32),
        ],
        Function::SockShutdown => &[Word, Flags(SDFLAGS)],
        Function::FdSeek0 => &[
            Word,
            Signed,
            Name(WHENCE0),
            Result("newoffset", Output::U64),
        ],
        Function::FdFilestatGet0 => &[Word, Result("stat", Output::Filestat0)],
        Function::PathFilestatGet0 => &[
            Word,
            Flags(LOOKUP),
            Path("path"),
            Result("stat", Output::Filestat0),
        ],
        Function::PollOneoff0 => &[Poll(56), Result("nevents", Output::U32)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_of_every_function_is_described() {
        for function in Function::ALL {
            let words: usize = params(function).iter().map(|param| param.words()).sum();
            assert_eq!(words, function.params().len(), "{}", function.name());
        }
    }
}
