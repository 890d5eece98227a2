use super::*;
use crate::go::parse::signature;
use crate::linear::tests::read_both;

fn shown(line: &str, words: &[u64], memory: &[u8]) -> String {
    let signature = signature(line, "").unwrap();
    read_both(memory, |memory| {
        show_received(&received(&signature, words, memory, Abi::Go))
    })
}

#[test]
fn arguments_are_written_as_go_writes_them() {
    let line = "log(msg string, n int64, ok bool, f float32, at uintptr)";
    let words = [4, 5, u64::MAX, 1, 1.5f32.to_bits().into(), 0x20];
    let memory = b"....h\xc3\xa9l\x00";
    assert_eq!(
        shown(line, &words, memory),
        r#""hél\x00", -1, true, 1.5, 0x20"#
    );
    assert_eq!(shown("tick()", &[], &[]), "");
}

#[test]
fn a_pointer_is_followed_once_and_its_address_is_told() {
    let line =
        "st(s *struct{ _ structs.HostLayout; a [2]int8; b int32 }, n *int32, p unsafe.Pointer)";
    let mut memory = vec![0; 16];
    memory[8..16].copy_from_slice(&[1, 0xff, 0, 0, 7, 0, 0, 0]);
    let parsed = signature(line, "").unwrap();
    let arguments = read_both(&memory, |memory| {
        received(&parsed, &[8, 0, 8], memory, Abi::Go)
    });
    assert_eq!(arguments[0].address, Some(8));
    assert_eq!(
        arguments[0].value,
        Ok(Value::new(Value::Struct(vec![
            (
                "a".to_owned(),
                Value::Array(vec![Value::Int(1), Value::Int(-1)])
            ),
            ("b".to_owned(), Value::Int(7)),
        ])))
    );
    assert_eq!(
        show_received(&arguments),
        "&struct{ _ structs.HostLayout; a [2]int8; b int32 }{a: [2]int8{1, -1}, b: 7} /* 0x8 */, \
         nil, unsafe.Pointer(0x8)"
    );
}

#[test]
fn a_result_is_shown_with_what_it_points_at() {
    let memory = [0, 0, 0, 0, 7, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
    let shown = |result: &str, bits| {
        let signature = signature(&format!("home() {result}"), "").unwrap();
        let result = signature.result.unwrap();
        read_both(&memory, |memory| {
            show_result(&result, bits, memory, Abi::Go)
        })
    };
    assert_eq!(shown("*[2]int32", &[4]), "&[2]int32{7, -1} /* 0x4 */");
    assert_eq!(shown("*[2]int32", &[0]), "nil");
    assert_eq!(shown("*[2]int32", &[5]), "(*[2]int32)(0x5)");
    assert_eq!(shown("*[4000]int8", &[4]), "(*[4000]int8)(0x4)");
    assert_eq!(shown("unsafe.Pointer", &[4]), "unsafe.Pointer(0x4)");
    assert_eq!(shown("int32", &[0xffff_ffff]), "-1");
}

#[test]
fn what_leads_out_of_memory_is_said_and_the_rest_is_shown() {
    let line = "log(msg string, n *int64, ok bool)";
    assert_eq!(
        shown(line, &[u64::MAX, 9, 12, 1], &[0; 16]),
        "/* string: 0xffffffff and the 9 bytes from there are not all in memory */, \
         (*int64)(0xc), true"
    );
    assert_eq!(
        shown(line, &[0, 0], &[]),
        "\"\", /* *int64: the call has too few Wasm values */, \
         /* bool: the call has too few Wasm values */"
    );
}

#[test]
fn what_is_large_is_cut_short() {
    let memory = vec![b'a'; MAX_TEXT * 2];
    let text = shown("log(msg string)", &[0, memory.len() as u64], &memory);
    assert!(text.ends_with("a…") && text.len() == MAX_TEXT + '…'.len_utf8());
    let text = shown("fill(all *[100000]byte)", &[8], &memory);
    assert_eq!(text, "(*[100000]uint8)(0x8)");
}

#[test]
fn a_trace_reads_only_the_beginning() {
    let signature = signature("log(msg string, more string, a *[300]int8)", "").unwrap();
    let words = [0, 9, 8, 9, 4];
    let arguments = read_both(b"0123456789abcd", |memory| {
        received_within(&signature, &words, memory, Abi::Go, 4)
    });
    let texts: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    assert_eq!(texts[0], "\"0123\"…");
    assert!(texts[1].contains("not all in memory"), "{}", texts[1]);
    assert_eq!(texts[2], "(*[300]int8)(0x4)");
    assert_eq!((arguments[0].address, arguments[0].length), (None, 9));
    assert_eq!((arguments[2].address, arguments[2].length), (Some(4), 300));
}
