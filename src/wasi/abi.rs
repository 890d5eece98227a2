//! Flags, rights and file types, with the specification's numbers.

use crate::vfs::{Follow, Kind};

/// A set of bits that an argument can hold.
pub(super) trait Flags: Sized {
    /// `None` if there are bits that mean nothing.
    fn from_bits(bits: u32) -> Option<Self>;
}

macro_rules! flags {
    ($(#[$doc:meta])* $type:ident: $($flag:ident = $bit:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(super) struct $type(u32);

        impl $type {
            $(pub const $flag: $type = $type(1 << $bit);)*
            const ALL: u32 = 0 $(| 1 << $bit)*;

            pub fn contains(self, other: $type) -> bool {
                self.0 & other.0 == other.0
            }
        }

        impl Flags for $type {
            fn from_bits(bits: u32) -> Option<$type> {
                (bits & !$type::ALL == 0).then_some($type(bits))
            }
        }

        impl std::ops::BitOr for $type {
            type Output = $type;
            fn bitor(self, other: $type) -> $type {
                $type(self.0 | other.0)
            }
        }
    };
}

flags! {
    /// `lookupflags`
    Lookup:
    SYMLINK_FOLLOW = 0,
}

impl Lookup {
    pub fn follow(self) -> Follow {
        if self.contains(Lookup::SYMLINK_FOLLOW) {
            Follow::Yes
        } else {
            Follow::No
        }
    }
}

flags! {
    /// `oflags`
    OFlags:
    CREAT = 0,
    DIRECTORY = 1,
    EXCL = 2,
    TRUNC = 3,
}

flags! {
    /// `fdflags`
    FdFlags:
    APPEND = 0,
    DSYNC = 1,
    NONBLOCK = 2,
    RSYNC = 3,
    SYNC = 4,
}

impl FdFlags {
    /// Whether it asks for any kind of synchronous writing.
    pub fn is_sync(self) -> bool {
        self.contains(FdFlags::DSYNC)
            || self.contains(FdFlags::RSYNC)
            || self.contains(FdFlags::SYNC)
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are five flags")]
    pub fn raw(self) -> u16 {
        self.0 as u16
    }
}

flags! {
    /// `fstflags`
    FstFlags:
    ATIM = 0,
    ATIM_NOW = 1,
    MTIM = 2,
    MTIM_NOW = 3,
}

/// `rights`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rights(pub u64);

impl Rights {
    pub const FD_DATASYNC: Rights = Rights(1 << 0);
    pub const FD_READ: Rights = Rights(1 << 1);
    pub const FD_SEEK: Rights = Rights(1 << 2);
    pub const FD_FDSTAT_SET_FLAGS: Rights = Rights(1 << 3);
    pub const FD_SYNC: Rights = Rights(1 << 4);
    pub const FD_TELL: Rights = Rights(1 << 5);
    pub const FD_WRITE: Rights = Rights(1 << 6);
    pub const FD_ADVISE: Rights = Rights(1 << 7);
    pub const FD_ALLOCATE: Rights = Rights(1 << 8);
    pub const PATH_CREATE_DIRECTORY: Rights = Rights(1 << 9);
    pub const PATH_CREATE_FILE: Rights = Rights(1 << 10);
    pub const PATH_LINK_SOURCE: Rights = Rights(1 << 11);
    pub const PATH_LINK_TARGET: Rights = Rights(1 << 12);
    pub const PATH_OPEN: Rights = Rights(1 << 13);
    pub const FD_READDIR: Rights = Rights(1 << 14);
    pub const PATH_READLINK: Rights = Rights(1 << 15);
    pub const PATH_RENAME_SOURCE: Rights = Rights(1 << 16);
    pub const PATH_RENAME_TARGET: Rights = Rights(1 << 17);
    pub const PATH_FILESTAT_GET: Rights = Rights(1 << 18);
    pub const PATH_FILESTAT_SET_SIZE: Rights = Rights(1 << 19);
    pub const PATH_FILESTAT_SET_TIMES: Rights = Rights(1 << 20);
    pub const FD_FILESTAT_GET: Rights = Rights(1 << 21);
    pub const FD_FILESTAT_SET_SIZE: Rights = Rights(1 << 22);
    pub const FD_FILESTAT_SET_TIMES: Rights = Rights(1 << 23);
    pub const PATH_SYMLINK: Rights = Rights(1 << 24);
    pub const PATH_REMOVE_DIRECTORY: Rights = Rights(1 << 25);
    pub const PATH_UNLINK_FILE: Rights = Rights(1 << 26);
    pub const POLL_FD_READWRITE: Rights = Rights(1 << 27);
    /// All 30 that there are.
    pub const ALL: Rights = Rights((1 << 30) - 1);

    pub fn contains(self, other: Rights) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn without(self, other: Rights) -> Rights {
        Rights(self.0 & !other.0)
    }
}

impl std::ops::BitOr for Rights {
    type Output = Rights;
    fn bitor(self, other: Rights) -> Rights {
        Rights(self.0 | other.0)
    }
}

/// `filetype`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum FileType {
    /// What wasmtime calls stdio that is no terminal.
    Unknown = 0,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SymbolicLink = 7,
}

impl From<Kind> for FileType {
    fn from(kind: Kind) -> FileType {
        match kind {
            Kind::File => FileType::RegularFile,
            Kind::Directory => FileType::Directory,
            Kind::Symlink => FileType::SymbolicLink,
        }
    }
}
