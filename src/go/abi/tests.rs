use super::*;
use crate::go::parse::signature;

#[test]
fn a_mismatch_shows_both_sides() {
    let greet = signature("greet(name string)", "").unwrap();
    assert_eq!(
        matches(&greet, &[WasmType::I32, WasmType::I32], &[]),
        Ok(())
    );
    assert_eq!(
        matches(&greet, &[WasmType::I32], &[])
            .unwrap_err()
            .to_string(),
        "greet(name string) needs (i32, i32); the module has (i32)"
    );
    let sum = signature("func sum(a, b int64) float64", "").unwrap();
    assert_eq!(
        matches(&sum, &[WasmType::I64], &[WasmType::I32])
            .unwrap_err()
            .to_string(),
        "sum(a int64, b int64) float64 needs (i64, i64) -> f64; the module has (i64) -> i32"
    );
}

#[test]
fn a_string_is_an_address_and_a_length() {
    let greet = signature("greet(name string)", "").unwrap();
    let lowered = lower(&greet, &[Value::string("WaZero")], Abi::TinyGo).unwrap();
    assert_eq!(lowered.roots, [Some(0)]);
    assert_eq!(lowered.plan.images(&[4096]).unwrap(), [b"WaZero".to_vec()]);
    assert_eq!(lowered.values(&[4096]).unwrap(), [4096, 6]);
    assert!(lowered.values(&[]).is_err());
}

#[test]
fn an_empty_string_needs_no_memory() {
    let greet = signature("greet(name string)", "").unwrap();
    let lowered = lower(&greet, &[Value::string("")], Abi::TinyGo).unwrap();
    assert!(lowered.plan.blocks.is_empty());
    assert_eq!(lowered.values(&[]).unwrap(), [0, 0]);
}

#[test]
fn a_pointee_is_put_into_memory() {
    let st = signature("st(s *struct{ _ structs.HostLayout; val int32 })", "").unwrap();
    let value = Value::new(Value::Struct(vec![("val".to_owned(), Value::Int(7))]));
    let lowered = lower(&st, &[value], Abi::Go).unwrap();
    assert_eq!(lowered.plan.images(&[64]).unwrap(), [vec![7, 0, 0, 0]]);
    assert_eq!(lowered.values(&[64]).unwrap(), [64]);
}

#[test]
fn numbers_keep_every_bit() {
    let all = signature(
        "f(a bool, b int32, c uint32, d int64, e float32, g float64)",
        "",
    )
    .unwrap();
    let values = [
        Value::Bool(true),
        Value::Int(-1),
        Value::Uint(u32::MAX.into()),
        Value::Int(i64::MIN),
        Value::Float32(0x7fa0_0001),
        Value::Float64(0x8000_0000_0000_0000),
    ];
    let words = lower(&all, &values, Abi::Go).unwrap().values(&[]).unwrap();
    assert_eq!(
        words,
        [1, 0xffff_ffff, 0xffff_ffff, 1 << 63, 0x7fa0_0001, 1 << 63]
    );
    let back = all.params.iter().zip(words);
    let back: Vec<Value> = back
        .map(|(param, bits)| lift(&param.ty, bits).unwrap())
        .collect();
    assert_eq!(back, values);
}

#[test]
fn what_an_i32_has_above_its_bits_is_ignored() {
    assert_eq!(
        lift(&Type::Bool, 0xffff_ffff_0000_0000).unwrap(),
        Value::Bool(false)
    );
    assert_eq!(
        lift(&Type::Bool, 0xdead_0000_0001).unwrap(),
        Value::Bool(true)
    );
    assert_eq!(lift(&Type::Int32, 0x1_ffff_ffff).unwrap(), Value::Int(-1));
    assert_eq!(lift(&Type::Bool, 256).unwrap(), Value::Bool(true));
}
