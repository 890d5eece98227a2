use super::*;
use crate::module::MemoryType;
use ValType::{ExternRef, F64, I32, I64};

fn func(params: &[ValType], results: &[ValType]) -> FuncType {
    FuncType {
        params: params.to_vec(),
        results: results.to_vec(),
    }
}

#[test]
fn an_answer_fits_the_type_of_its_import() {
    let log = func(&[I32, I32], &[]);
    let add = func(&[I64, I32], &[I32]);
    let pair = func(&[I32], &[I32, I32]);
    let reference = func(&[ExternRef], &[ExternRef]);
    let vector = func(&[], &[ValType::V128]);
    for (answer, ty, problem) in [
        (Answer::PrintString, &log, ""),
        (
            Answer::PrintString,
            &add,
            "cannot print the string: its type is (i64, i32) → i32",
        ),
        (Answer::Constant(vec![u64::from(u32::MAX)]), &add, ""),
        (
            Answer::Constant(vec![1 << 32]),
            &add,
            "cannot return a constant: 0x100000000 has more than 32 bits, and its type is (i64, i32) → i32",
        ),
        (
            Answer::Constant(vec![1]),
            &pair,
            "cannot return a constant: its type is (i32) → (i32, i32)",
        ),
        (Answer::Constant(vec![1, 2]), &pair, ""),
        (
            Answer::Constant(vec![1, 1 << 32]),
            &pair,
            "cannot return a constant: 0x100000000 has more than 32 bits, and its type is (i32) → (i32, i32)",
        ),
        (Answer::Constant(vec![0]), &reference, ""),
        (
            Answer::Constant(vec![1]),
            &reference,
            "cannot return a constant: externref can only be null, and its type is (externref) → externref",
        ),
        (
            Answer::Constant(vec![1]),
            &log,
            "cannot return a constant: its type is (i32, i32)",
        ),
        (Answer::Echo(1), &add, ""),
        (
            Answer::Echo(0),
            &add,
            "cannot return an argument: argument 0 is i64, and its type is (i64, i32) → i32",
        ),
        (
            Answer::Echo(2),
            &add,
            "cannot return an argument: there is no argument 2: its type is (i64, i32) → i32",
        ),
        (Answer::Echo(0), &reference, ""),
        (Answer::Count, &log, ""),
        (
            Answer::Count,
            &pair,
            "cannot count the calls: its type is (i32) → (i32, i32)",
        ),
        (Answer::Driver, &pair, ""),
        (Answer::Driver, &reference, ""),
        (
            Answer::Driver,
            &vector,
            "a function of the host cannot give its results: its type is () → v128",
        ),
        (Answer::ReturnZero, &reference, ""),
        (Answer::Trap, &pair, ""),
        (Answer::Nothing, &pair, ""),
    ] {
        let said = answer.fits(ty).err().unwrap_or_default();
        assert_eq!(said, problem, "{answer:?}");
    }
}

#[test]
fn all_that_can_be_chosen_fits() {
    let types = [I32, I64, F64, ExternRef];
    for a in types {
        for b in types {
            for results in [&[][..], &[a], &[a, b]] {
                let ty = func(&[b, I32], results);
                let choices = Answer::choices(&ty);
                assert!(choices.contains(&Answer::Nothing));
                assert!(choices.iter().all(|choice| choice.fits(&ty).is_ok()));
            }
        }
    }
}

#[test]
fn a_provision_is_within_the_type_of_its_import() {
    let memory = |minimum, maximum| {
        ExternType::Memory(MemoryType {
            minimum,
            maximum,
            memory64: false,
            shared: false,
        })
    };
    for (provision, ty, problem) in [
        (Provision::Memory(2), memory(2, Some(4)), ""),
        (Provision::Memory(4), memory(2, Some(4)), ""),
        (
            Provision::Memory(5),
            memory(2, Some(4)),
            "needs 2 to 4 pages, not 5",
        ),
        (
            Provision::Memory(1),
            memory(2, Some(4)),
            "needs 2 to 4 pages, not 1",
        ),
        (Provision::Memory(32_767), memory(2, None), ""),
        (
            Provision::Memory(65_536),
            memory(2, None),
            "needs 2 to 32767 pages, not 65536",
        ),
        (
            Provision::Table(9),
            ExternType::Table(ValType::FuncRef, 2, None),
            "",
        ),
        (
            Provision::Table(10_000_001),
            ExternType::Table(ValType::FuncRef, 2, None),
            "needs 2 to 10000000 elements, not 10000001",
        ),
        (
            Provision::Table(1),
            ExternType::Table(ValType::FuncRef, 2, Some(2)),
            "needs 2 to 2 elements, not 1",
        ),
        (
            Provision::Global(u64::MAX),
            ExternType::Global(I64, true),
            "",
        ),
        (
            Provision::Global(1 << 32),
            ExternType::Global(I32, true),
            "0x100000000 has more than the 32 bits of an i32",
        ),
        (
            Provision::Global(1),
            ExternType::Global(ExternRef, false),
            "a global of externref can only be null",
        ),
        (
            Provision::Table(1),
            ExternType::Global(I32, false),
            "is a global i32",
        ),
        (
            Provision::Global(1),
            ExternType::Func(func(&[], &[])),
            "is a function",
        ),
    ] {
        let said = provision.fits(&ty).err().unwrap_or_default();
        assert_eq!(said, problem, "{provision:?}");
        if let Some(usual) = Provision::usual(&ty) {
            assert_eq!(usual.fits(&ty), Ok(()));
        }
    }
}
