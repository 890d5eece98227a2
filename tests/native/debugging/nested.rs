//! A guest whose functions are inlined into each other, each line marked.

#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn leaf(value: u32) -> u32 { // leaf
    value.wrapping_mul(3) // leaf
}

#[inline(always)]
fn twice(value: u32) -> u32 {
    let one = leaf(value); // twice, first
    let two = leaf(one); // twice, second
    one ^ two
}

#[inline(always)]
fn around(value: u32) -> u32 {
    let found = twice(value | 6); // around, first
    leaf(found) // around, second
}

#[unsafe(no_mangle)]
pub extern "C" fn begin(value: u32) -> u32 {
    let first = leaf(value); // begin, first
    let second = around(first ^ 5); // begin, second
    leaf(second) // begin, third
}
