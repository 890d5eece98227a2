//! The memory and the globals of the instance, as the page asks for them.

use crate::driver::{Driver, signature};
use plugboard::module::ValType;
use plugboard::protocol::{Command, Event, GlobalValue, Memory, MemoryReport, Sought};
use plugboard::session::Next;

const GUEST: &str = r#"(module
    (import "env" "base" (global $base i32))
    (memory (export "memory") 2 20000)
    (global (export "count") (mut i64) (i64.const 7))
    (data (i32.const 100) "needle")
    (data (i32.const 131066) "needle")
    (func (export "write") (i32.store (i32.const 100) (i32.const 0x01020304))
        (global.set 1 (i64.const -1)))
    (func (export "grow") (drop (memory.grow (i32.const 1000))))
    (func (export "spin") (loop $again (br $again))))"#;

fn told(driver: &mut Driver, command: Memory) -> MemoryReport {
    driver.session.handle(Command::Memory(command));
    let (_, events) = driver.drain();
    for event in events {
        if let Event::Memory(report) = event {
            return report;
        }
    }
    panic!("nothing is told");
}

fn read(driver: &mut Driver, address: u64, length: u32) -> MemoryReport {
    told(driver, Memory::Read { address, length })
}

fn search(driver: &mut Driver, bytes: &[u8], from: u64) -> Option<u64> {
    let search = Memory::Search {
        sought: Sought::Bytes(bytes.to_vec()),
        from,
        back: false,
    };
    match told(driver, search) {
        MemoryReport::Found(at) => at,
        other => panic!("not what was asked: {other:?}"),
    }
}

#[test]
fn memory_is_written_all_of_it_or_nothing() {
    let mut driver = Driver::with_wat(GUEST);
    let write = |driver: &mut Driver, address, bytes: &[u8]| {
        let bytes = bytes.to_vec();
        match told(driver, Memory::Write { address, bytes }) {
            MemoryReport::Written(written) => written,
            other => panic!("not what was asked: {other:?}"),
        }
    };
    let none = write(&mut driver, 0, b"x").unwrap_err();
    assert!(none.contains("comes with the instance"), "{none}");
    driver.call("write", &[], Vec::new());
    driver.session.handle(Command::Memory(Memory::Watch(true)));
    assert_eq!(write(&mut driver, 131_069, b"end"), Ok((131_069, 3)));
    for (address, bytes) in [(131_070, &b"end"[..]), (131_072, b"x"), (u64::MAX, b"end")] {
        let outside = write(&mut driver, address, bytes).unwrap_err();
        assert!(
            outside.contains(&format!("{address:#x} and the")) && outside.contains("131072 bytes"),
            "{outside}"
        );
    }
    let MemoryReport::Bytes { bytes, .. } = read(&mut driver, 131_066, 6) else {
        panic!("bytes were asked for");
    };
    assert_eq!(bytes, b"neeend");
}

#[test]
fn memory_is_written_while_a_guest_runs_or_is_held() {
    let mut driver = Driver::with_wat(GUEST);
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "spin".to_owned(),
        signature: signature("spin", &[], None),
        args: Vec::new(),
    });
    for (address, held) in [(8, false), (16, true)] {
        assert_ne!(driver.session.step(1_000), Next::Idle);
        if held {
            driver.session.handle(Command::Pause);
        }
        driver.session.take_events();
        driver.session.handle(Command::Memory(Memory::Write {
            address,
            bytes: b"now".to_vec(),
        }));
        let written = MemoryReport::Written(Ok((address, 3)));
        assert!(
            driver
                .session
                .take_events()
                .contains(&Event::Memory(written))
        );
        let read = driver.session.read_memory(address, 3);
        assert_eq!(read.as_deref(), Ok(&b"now"[..]));
    }
    driver.session.handle(Command::Stop);
}

#[test]
fn memory_is_read_as_far_as_there_is_some() {
    let mut driver = Driver::with_wat(GUEST);
    let nothing = MemoryReport::Bytes {
        address: 100,
        bytes: Vec::new(),
        changed: None,
        size: 0,
    };
    assert_eq!(read(&mut driver, 100, 6), nothing, "there is no instance");
    driver.call("write", &[], Vec::new());
    assert_eq!(
        read(&mut driver, 131_070, 16),
        MemoryReport::Bytes {
            address: 131_070,
            bytes: b"le".to_vec(),
            changed: None,
            size: 131_072,
        }
    );
    for address in [131_072, u64::MAX] {
        let report = read(&mut driver, address, u32::MAX);
        assert!(matches!(report, MemoryReport::Bytes { bytes, .. } if bytes.is_empty()));
    }
}

#[test]
fn what_a_call_has_changed_is_marked() {
    let mut driver = Driver::with_wat(GUEST);
    driver.session.handle(Command::Memory(Memory::Watch(true)));
    driver.call("write", &[], Vec::new());
    assert_eq!(
        read(&mut driver, 98, 8),
        MemoryReport::Bytes {
            address: 98,
            bytes: b"\0\0\x04\x03\x02\x01le".to_vec(),
            changed: Some(vec![(2, 4)]),
            size: 131_072,
        }
    );
    // The same once more changes nothing.
    driver.call("write", &[], Vec::new());
    let report = read(&mut driver, 98, 8);
    assert!(matches!(report, MemoryReport::Bytes { changed: Some(none), .. } if none.is_empty()));
}

#[test]
fn globals_are_those_that_have_names() {
    let mut driver = Driver::with_wat(GUEST);
    driver.call("write", &[], Vec::new());
    let global = |name: &str, ty, mutable, bits| GlobalValue {
        name: name.to_owned(),
        ty,
        mutable,
        bits,
    };
    assert_eq!(
        told(&mut driver, Memory::Globals),
        MemoryReport::Globals(vec![
            global("count", ValType::I64, true, u64::MAX),
            global("env.base", ValType::I32, false, 0),
        ])
    );
}

#[test]
fn a_search_goes_through_much_memory_in_steps_and_stop_is_heard() {
    let mut driver = Driver::with_wat(GUEST);
    assert_eq!(search(&mut driver, b"needle", 0), None, "no instance");
    driver.call("grow", &[], Vec::new());
    assert_eq!(search(&mut driver, b"needle", 0), Some(100));
    assert_eq!(search(&mut driver, b"needle", 101), Some(131_066));
    let call = driver.id();
    driver.session.handle(Command::Call {
        call,
        export: "spin".to_owned(),
        signature: signature("spin", &[], None),
        args: Vec::new(),
    });
    // Almost everywhere, but nowhere.
    let mut bytes = vec![0; 64];
    bytes.push(0xff);
    driver.session.handle(Command::Memory(Memory::Search {
        sought: Sought::Bytes(bytes),
        from: 0,
        back: false,
    }));
    let mut steps = 0;
    let found = loop {
        assert_eq!(driver.session.step(1_000), Next::Ready);
        steps += 1;
        if steps == 100 {
            driver.session.handle(Command::Stop);
            let stopped = driver.session.take_events();
            assert!(stopped.iter().any(|it| matches!(it, Event::Ended { .. })));
            break None;
        }
    };
    assert_eq!(found, None::<u64>);
    let (_, events) = driver.drain();
    assert!(events.contains(&Event::Memory(MemoryReport::Found(None))));
}
