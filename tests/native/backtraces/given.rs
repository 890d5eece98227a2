//! A guest with arguments of many types, whose last function traps.

#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

pub struct Point {
    x: f64,
    y: i32,
}

#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Color {
    Red = 1,
    Blue = 2,
}

#[inline(never)]
#[unsafe(no_mangle)]
pub fn numbers(small: i8, large: u64, half: f32, whole: f64, is_so: bool, color: Color) -> i32 {
    if is_so && large > 1 && half > 0.0 && whole < 0.0 && small < 0 {
        return trap(color as i32);
    }
    0
}

#[inline(never)]
#[unsafe(no_mangle)]
pub fn texts(name: &str, point: &Point, none: *const u8) -> i32 {
    if name.len() > 2 && point.y != 0 && none.is_null() {
        return numbers(-3, 1 << 40, 0.5, -2.25, true, Color::Blue);
    }
    Color::Red as i32
}

#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn trap(code: i32) -> i32 {
    if code == 2 {
        core::arch::wasm32::unreachable()
    }
    code
}

#[unsafe(no_mangle)]
pub extern "C" fn begin(y: i32) -> i32 {
    texts("héllo", &Point { x: 1.5, y }, core::ptr::null())
}
