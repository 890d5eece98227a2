use proptest::prelude::*;

use super::*;
use crate::go::generated::typed_values;
use crate::go::parse::type_text;
use crate::go::value::parse;
use crate::linear::tests::read_both;

const BOTH: [Abi; 2] = [Abi::Go, Abi::TinyGo];

/// Gives the blocks of a plan addresses one behind the other, and writes them there.
fn place(plan: &Plan) -> (Vec<u32>, Vec<u8>) {
    let mut next = 16u32;
    let mut addresses = Vec::new();
    for block in &plan.blocks {
        next = next.next_multiple_of(block.align);
        addresses.push(next);
        next += block.room();
    }
    let mut memory = vec![b'?'; next as usize];
    for (address, image) in addresses.iter().zip(plan.images(&addresses).unwrap()) {
        memory[*address as usize..][..image.len()].copy_from_slice(&image);
    }
    (addresses, memory)
}

/// The value in memory, wherever that lies.
#[track_caller]
fn read(memory: &[u8], address: u32, ty: &Type, abi: Abi, depth: u32) -> Result<Value, ValueError> {
    read_both(memory, |memory| {
        super::read(memory, address, ty, abi, depth)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_decoded_again((ty, value) in typed_values(false)) {
        for abi in BOTH {
            let bytes = encode(&value, &ty, abi).unwrap();
            prop_assert_eq!(bytes.len(), layout::layout(&ty, abi).unwrap().size as usize);
            prop_assert_eq!(&decode(&bytes, &ty, abi).unwrap(), &value);
        }
    }

    #[test]
    fn what_is_put_into_memory_is_read_back((ty, value) in typed_values(true)) {
        for abi in BOTH {
            let plan = plan(&value, &ty, abi).unwrap();
            let (addresses, memory) = place(&plan);
            let root = *addresses.last().unwrap();
            let back = read(&memory, root, &ty, abi, 10).unwrap();
            prop_assert!(same(&back, &value, &memory), "{back:?} is not {value:?}");
        }
    }

    #[test]
    fn any_bytes_decode_to_something_or_an_error(
        ty in crate::go::generated::types(true),
        memory in prop::collection::vec(any::<u8>(), 0..64),
        address in 0..80u32,
    ) {
        for abi in BOTH {
            let _ = decode(&memory, &ty, abi);
            let _ = read(&memory, address, &ty, abi, 3);
        }
    }
}

/// Whether what was read back is what was written. An address that somebody wrote may by chance lead
/// to something.
fn same(back: &Value, value: &Value, memory: &[u8]) -> bool {
    match (back, value) {
        (Value::Pointer(Pointer::New(_)), Value::Pointer(Pointer::Address(address))) => {
            (*address as usize) < memory.len() + 1
        }
        (Value::Pointer(Pointer::New(a)), Value::Pointer(Pointer::New(b))) => same(a, b, memory),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, memory))
        }
        (Value::Struct(a), Value::Struct(b)) => {
            let mut fields = a.iter().zip(b);
            a.len() == b.len() && fields.all(|((_, a), (_, b))| same(a, b, memory))
        }
        (a, b) => a == b,
    }
}

#[test]
fn a_struct_is_padded_with_zeros() {
    let ty = type_text("struct{ _ structs.HostLayout; a uint8; b uint32; c bool }").unwrap();
    let value = parse("{a: 0x11, b: 0x22334455, c: true}", &ty).unwrap();
    for abi in BOTH {
        assert_eq!(
            encode(&value, &ty, abi).unwrap(),
            [0x11, 0, 0, 0, 0x55, 0x44, 0x33, 0x22, 1, 0, 0, 0]
        );
    }
}

#[test]
fn every_bit_of_a_float_is_kept() {
    for bits in [0x7ff0_0000_0000_0001u64, 0xfff8_0000_0000_0000, 1 << 63, 1] {
        let bytes = encode(&Value::Float64(bits), &Type::Float64, Abi::Go).unwrap();
        assert_eq!(bytes, bits.to_le_bytes());
        assert_eq!(
            decode(&bytes, &Type::Float64, Abi::Go).unwrap(),
            Value::Float64(bits)
        );
    }
}

#[test]
fn a_string_in_memory_is_a_block_of_its_own() {
    let ty = type_text("struct{ _ structs.HostLayout; s string }").unwrap();
    let value = Value::Struct(vec![("s".to_owned(), Value::string("hi"))]);
    let plan = plan(&value, &ty, Abi::TinyGo).unwrap();
    assert_eq!(plan.blocks.len(), 2);
    assert_eq!(
        plan.images(&[0x100, 0x200]).unwrap(),
        [b"hi".to_vec(), vec![0, 1, 0, 0, 2, 0, 0, 0]]
    );
    assert!(plan.images(&[1]).is_err());
    assert!(encode(&value, &ty, Abi::TinyGo).is_err());
}

#[test]
fn a_value_without_size_has_room_all_the_same() {
    let ty = type_text("struct{}").unwrap();
    let plan = plan(&Value::Struct(Vec::new()), &ty, Abi::Go).unwrap();
    assert_eq!(plan.blocks[0].bytes.len(), 0);
    assert_eq!(plan.blocks[0].room(), 1);
}

#[test]
fn a_linked_list_is_written_and_read() {
    let node = Type::Struct(crate::go::Struct {
        host_layout: true,
        fields: vec![
            crate::go::Field::new(
                "next",
                Type::Named {
                    name: "Node".to_owned(),
                    underlying: None,
                }
                .pointer(),
            ),
            crate::go::Field::new("n", Type::Uint8),
        ],
    })
    .named("Node");
    let value = parse("{n: 1, next: &Node{n: 2, next: &Node{n: 3}}}", &node).unwrap();
    let plan = plan(&value, &node, Abi::TinyGo).unwrap();
    assert_eq!(plan.blocks.len(), 3);
    let (addresses, mut memory) = place(&plan);
    let root = *addresses.last().unwrap();
    assert_eq!(read(&memory, root, &node, Abi::TinyGo, 5).unwrap(), value);

    // A cycle ends where the depth does.
    let last = addresses[0] as usize;
    memory[last..last + 4].copy_from_slice(&root.to_le_bytes());
    let text = crate::go::value::show(&read(&memory, root, &node, Abi::TinyGo, 3).unwrap(), &node)
        .to_string();
    assert_eq!(
        text,
        format!(
            "Node{{next: &Node{{next: &Node{{next: &Node{{next: (*Node)({:#x}), n: 1}}, n: 3}}, \
             n: 2}}, n: 1}}",
            addresses[1]
        )
    );
    // A long one ends too, though nothing asks for it.
    assert!(read(&memory, root, &node, Abi::TinyGo, u32::MAX).is_err());
}

#[test]
fn huge_types_are_refused_and_cost_nothing() {
    let ty = Type::Struct(crate::go::Struct::default()).array(u32::MAX);
    assert!(decode(&[], &ty, Abi::Go).is_err());
    assert!(Value::zero(&ty).is_err());
    let ty = Type::Uint8.array(u32::MAX);
    assert!(encode(&Value::Array(vec![Value::Uint(0)]), &ty, Abi::Go).is_err());
    assert!(decode(&[0; 4], &ty, Abi::Go).is_err());
}

#[test]
fn what_does_not_fit_is_refused() {
    let error = encode(&Value::Int(128), &Type::Int8, Abi::Go).unwrap_err();
    assert_eq!(error.to_string(), "int8: 128 is out of range -128 to 127");
    let error = encode(&Value::Bool(true), &Type::Int8, Abi::Go).unwrap_err();
    assert_eq!(
        error.to_string(),
        "int8: needs a signed integer, not a bool"
    );
    let error = read(&[0; 8], 6, &Type::Int32, Abi::Go, 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "int32: 0x6 and the 4 bytes from there are not all in memory"
    );
}
