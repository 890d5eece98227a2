//! Standard Go, 1.24 to 1.27: functions, files and lines from `runtime.pclntab`, which its linker puts into the
//! data segments whatever it is told to leave out, and a goroutine's stack by the return addresses in linear memory.
//!
//! A PC of Go's has the function in its upper bits and, in the lower 16, a block of it, PC_B: the number that the
//! function's first `br_table` jumps by.

mod arguments;
mod blocks;
mod calls;
mod goroutines;
mod known;
mod lines;
mod tables;
mod walk;

pub(super) use self::blocks::{block_at, statements};
pub(super) use self::calls::{Calls, settle};
pub use self::goroutines::Variables;
pub use self::known::Known;
pub(super) use self::lines::Lines;
pub(super) use self::tables::Tables;
pub use self::walk::{Registers, Running, given, goroutines, stack, stack_again};
