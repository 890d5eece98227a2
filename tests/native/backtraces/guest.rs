//! Functions that trap, each line of a call marked with what a backtrace is to say.

#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable() // panic
}

struct List {
    length: u32,
}

impl List {
    #[inline(never)]
    fn push(&mut self, value: u32) -> u32 {
        if value == 7 {
            let outside = 0xffff_fff0 as *const u32;
            return unsafe { core::ptr::read_volatile(outside) }; // push
        }
        self.length += value;
        self.length
    }
}

#[inline(always)]
fn within(list: &mut List, value: u32) -> u32 {
    let pushed = list.push(value); // within
    pushed + 1
}

#[inline(always)]
fn around(list: &mut List, value: u32) -> u32 {
    let found = within(list, value); // around
    found * 2
}

#[inline(never)]
fn each<F: FnMut(u32) -> u32>(count: u32, mut call: F) -> u32 {
    let mut sum = 0;
    for value in 0..count {
        sum += call(value); // each
    }
    sum
}

#[unsafe(no_mangle)]
pub extern "C" fn fail(count: u32) -> u32 {
    let mut list = List { length: count };
    let sum = each(count, |value| {
        around(&mut list, value) // closure
    });
    sum + 1 // fail: the call is above
}
