//! What instructions are called, and what stands behind that, as the specification writes them (6.5).

use super::print::Printer;
use crate::go::value::{F32, F64, plain};
use wasmparser::{
    AbstractHeapType, BlockType, BrTable, HeapType, Ieee32, Ieee64, MemArg, Operator, Ordering,
    RefType, ResumeTable, TryTable, ValType,
};

/// Writes an instruction, with what stands behind it.
pub(super) fn write(operator: &Operator<'_>, printer: &mut Printer<'_>) {
    // The text form has some of it in another order, or leaves out what is usual.
    match *operator {
        Operator::CallIndirect {
            type_index,
            table_index,
        } => {
            printer.push("call_indirect");
            printer.table_unless_first(table_index);
            printer.type_use(type_index);
        }
        Operator::ReturnCallIndirect {
            type_index,
            table_index,
        } => {
            printer.push("return_call_indirect");
            printer.table_unless_first(table_index);
            printer.type_use(type_index);
        }
        Operator::TypedSelect { ty } => {
            printer.push("select (result");
            printer.number(ty);
            printer.push(")");
        }
        Operator::MemoryInit { data_index, mem } => {
            printer.push("memory.init");
            mem.write("mem", printer);
            printer.data(data_index);
        }
        Operator::TableInit { elem_index, table } => {
            printer.push("table.init");
            printer.table_unless_first(table);
            printer.element(elem_index);
        }
        Operator::MemoryCopy {
            dst_mem: 0,
            src_mem: 0,
        } => printer.push("memory.copy"),
        Operator::TableCopy {
            dst_table: 0,
            src_table: 0,
        } => printer.push("table.copy"),
        _ => write_plain(operator, printer),
    }
}

macro_rules! printing {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($types:tt)*) )*) => {
        fn write_plain(operator: &Operator<'_>, printer: &mut Printer<'_>) {
            match operator {
                $(
                    Operator::$op $({ $($arg),* })? => {
                        mnemonic(stringify!($visit), printer);
                        $($( $arg.write(stringify!($arg), printer); )*)?
                    }
                )*
                // Whoever adds to the list of instructions adds to this one.
                _ => printer.push(OTHERS),
            }
        }
    };
}

wasmparser::for_each_operator!(printing);

/// `visit_i32_load8_u` as `i32.load8_u`.
fn mnemonic(visit: &str, printer: &mut Printer<'_>) {
    const SPACES: [&str; 11] = [
        "i32", "i64", "f32", "f64", "local", "global", "memory", "table", "ref", "data", "elem",
    ];
    let name = visit.strip_prefix("visit_").unwrap_or(visit);
    match name.split_once('_') {
        Some((space, rest)) if SPACES.contains(&space) => {
            printer.push(space);
            printer.push(".");
            printer.push(rest);
        }
        _ => printer.push(name),
    }
}

/// What stands behind an instruction; `name` is what the reader calls it.
trait Immediate {
    fn write(&self, name: &str, printer: &mut Printer<'_>);
}

impl Immediate for u32 {
    fn write(&self, name: &str, printer: &mut Printer<'_>) {
        match name {
            "function_index" => printer.function(*self),
            "local_index" => printer.local(*self),
            "global_index" => printer.global(*self),
            "relative_depth" => printer.depth(*self),
            "table" | "table_index" | "dst_table" | "src_table" => printer.table(*self),
            "data_index" => printer.data(*self),
            "elem_index" => printer.element(*self),
            "dst_mem" | "src_mem" => printer.memory(*self),
            // The first one goes without saying.
            "mem" if *self == 0 => {}
            "mem" => printer.memory(*self),
            _ => printer.number(*self),
        }
    }
}

impl Immediate for i32 {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        printer.number(self);
    }
}

impl Immediate for i64 {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        printer.number(self);
    }
}

impl Immediate for Ieee32 {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        let bits = self.bits();
        let payload = u64::from(bits & 0x007f_ffff);
        let is_nan = bits & 0x7f80_0000 == 0x7f80_0000 && payload != 0;
        match is_nan {
            true => nan(bits >> 31 != 0, payload, 1 << 22, printer),
            false => printer.number(plain(bits.into(), &F32)),
        }
    }
}

impl Immediate for Ieee64 {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        let bits = self.bits();
        let payload = bits & 0x000f_ffff_ffff_ffff;
        let is_nan = bits & 0x7ff0_0000_0000_0000 == 0x7ff0_0000_0000_0000 && payload != 0;
        match is_nan {
            true => nan(bits >> 63 != 0, payload, 1 << 51, printer),
            false => printer.number(plain(bits, &F64)),
        }
    }
}

/// `nan`, `-nan:0x200000`.
fn nan(is_negative: bool, payload: u64, canonical: u64, printer: &mut Printer<'_>) {
    let sign = if is_negative { "-" } else { "" };
    match payload == canonical {
        true => printer.number(format!("{sign}nan")),
        false => printer.number(format!("{sign}nan:{payload:#x}")),
    }
}

impl Immediate for MemArg {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        self.memory.write("mem", printer);
        if self.offset != 0 {
            printer.push(" offset=");
            printer.push(&self.offset.to_string());
        }
        if self.align != self.max_align {
            let align = 1_u64.checked_shl(self.align.into()).unwrap_or_default();
            printer.push(" align=");
            printer.push(&align.to_string());
        }
    }
}

impl Immediate for BlockType {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        printer.block_type(*self);
    }
}

impl Immediate for BrTable<'_> {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        for target in self.targets().map_while(Result::ok) {
            printer.depth(target);
        }
        printer.depth(self.default());
    }
}

impl Immediate for ValType {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        printer.number(self);
    }
}

impl Immediate for HeapType {
    fn write(&self, _: &str, printer: &mut Printer<'_>) {
        match self {
            Self::Abstract {
                ty: AbstractHeapType::Func,
                ..
            } => printer.push(" func"),
            Self::Abstract {
                ty: AbstractHeapType::Extern,
                ..
            } => printer.push(" extern"),
            _ => printer.push(OTHERS),
        }
    }
}

/// Stands for what only proposals have that nothing here runs: no module with them comes this far.
const OTHERS: &str = " (; … ;)";

macro_rules! others {
    ($($ty:ty),*) => {
        $(
            impl Immediate for $ty {
                fn write(&self, _: &str, printer: &mut Printer<'_>) {
                    printer.push(OTHERS);
                }
            }
        )*
    };
}

others!(RefType, Ordering, TryTable, ResumeTable);
