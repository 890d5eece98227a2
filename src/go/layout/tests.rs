use super::*;
use crate::go::parse::type_text;
use crate::go::types::Field;

fn size_and_offsets(text: &str, abi: Abi) -> (u32, u32, Vec<u32>) {
    let layout = layout(&type_text(text).unwrap(), abi).unwrap();
    (layout.size, layout.align, layout.offsets)
}

fn reference(name: &str) -> Type {
    Type::Named {
        name: name.to_owned(),
        underlying: None,
    }
}

fn structure(fields: Vec<Field>) -> Type {
    Type::Struct(Struct {
        fields,
        host_layout: true,
    })
}

/// What `unsafe.Sizeof`, `Alignof` and `Offsetof` say.
#[test]
fn fields_are_aligned_and_the_size_is_rounded_up() {
    for abi in [Abi::Go, Abi::TinyGo] {
        assert_eq!(
            size_and_offsets(
                "struct{ _ structs.HostLayout; a uint8; b int64; c int32 }",
                abi
            ),
            (24, 8, vec![0, 8, 16])
        );
        assert_eq!(
            size_and_offsets("struct{ a [3]int16; b bool; c float32; d [2]bool }", abi),
            (16, 4, vec![0, 6, 8, 12])
        );
        assert_eq!(size_and_offsets("struct{}", abi), (0, 1, vec![]));
        assert_eq!(size_and_offsets("[0]int64", abi), (0, 8, vec![]));
        assert_eq!(size_and_offsets("[3][2]float64", abi), (48, 8, vec![]));
    }
}

#[test]
fn a_field_of_size_zero_at_the_end_is_padded_by_go_only() {
    let text = "struct{ _ structs.HostLayout; x int8; z [0]int64 }";
    assert_eq!(size_and_offsets(text, Abi::Go), (16, 8, vec![0, 8]));
    assert_eq!(size_and_offsets(text, Abi::TinyGo), (8, 8, vec![0, 8]));
    // Also if it is the marker itself; an all-empty struct has no padding.
    let text = "struct{ x int32; _ structs.HostLayout }";
    assert_eq!(size_and_offsets(text, Abi::Go), (8, 4, vec![0, 4]));
    assert_eq!(
        size_and_offsets("struct{ a [0]int64 }", Abi::Go),
        (0, 8, vec![0])
    );
}

#[test]
fn pointers_in_memory_are_wide_in_go_and_narrow_in_tinygo() {
    let text = "struct{ a bool; p *int32; s string; u uintptr; v unsafe.Pointer }";
    assert_eq!(
        size_and_offsets(text, Abi::Go),
        (48, 8, vec![0, 8, 16, 32, 40])
    );
    assert_eq!(
        size_and_offsets(text, Abi::TinyGo),
        (24, 4, vec![0, 4, 8, 16, 20])
    );
}

#[test]
fn too_large_types_are_refused() {
    let huge = Type::Uint8.array(u32::MAX);
    assert_eq!(layout(&huge, Abi::Go).unwrap().size, u32::MAX);
    let mut nested = Type::Int64.array(u32::MAX);
    for _ in 0..40 {
        nested = nested.array(u32::MAX);
    }
    assert!(matches!(
        layout(&nested, Abi::Go),
        Err(LayoutError::TooLarge(_))
    ));
    let two = structure(vec![Field::new("a", huge.clone()), Field::new("b", huge)]);
    assert!(matches!(
        layout(&two, Abi::Go),
        Err(LayoutError::TooLarge(_))
    ));
}

#[test]
fn too_deep_types_are_refused() {
    let mut ty = Type::Int8;
    for _ in 0..1000 {
        ty = ty.array(1);
    }
    assert!(matches!(layout(&ty, Abi::Go), Err(LayoutError::TooDeep(_))));
    let mut ty = Type::Int8;
    for _ in 0..1000 {
        ty = ty.named("T");
    }
    assert!(layout(&ty, Abi::Go).is_err());
}

#[test]
fn a_type_may_contain_itself_behind_a_pointer_only() {
    let list = structure(vec![Field::new("next", reference("T").pointer())]).named("T");
    assert_eq!(layout(&list, Abi::TinyGo).unwrap().size, 4);
    let bad = structure(vec![Field::new("a", reference("T").array(0))]).named("T");
    assert_eq!(
        layout(&bad, Abi::Go).unwrap_err().to_string(),
        "invalid recursive type T"
    );
    assert_eq!(
        layout(&reference("Gone"), Abi::Go).unwrap_err().to_string(),
        "undefined: Gone"
    );
}

#[test]
fn types_that_grow_exponentially_are_refused() {
    // Each definition contains the one outside of it twice, without a pointer in between.
    let mut ty = structure(vec![Field::new("x", Type::Int8)]);
    for index in (0..60).rev() {
        let outer = reference(&format!("T{index}"));
        let inner = ty.named(format!("T{}", index + 1));
        ty = structure(vec![
            Field::new("a", outer.clone()),
            Field::new("b", outer),
            Field::new("p", inner.pointer()),
        ]);
    }
    assert!(layout(&ty.named("T0"), Abi::TinyGo).is_err());
}

#[test]
fn spans_cover_every_byte_once() {
    let ty = type_text("struct{ a uint8; b struct{ c int32; d [2]int16 }; e bool }").unwrap();
    let drawn = spans(&ty, Abi::Go, 100).unwrap();
    let texts: Vec<String> = drawn
        .iter()
        .map(|span| {
            let path = span.path.as_deref().unwrap_or("-");
            format!("{}+{} {path} {}", span.offset, span.size, span.ty)
        })
        .collect();
    assert_eq!(
        texts,
        [
            "0+1 .a uint8",
            "1+3 - ",
            "4+4 .b.c int32",
            "8+2 .b.d[0] int16",
            "10+2 .b.d[1] int16",
            "12+1 .e bool",
            "13+3 - ",
        ]
    );
    assert_eq!(spans(&ty, Abi::Go, 3).unwrap().len(), 3);
    assert_eq!(
        spans(&Type::Uint8.array(u32::MAX), Abi::Go, 5)
            .unwrap()
            .len(),
        5
    );
}
