//! A guest with variables of many kinds, which traps while they hold what the tests expect.

#![no_std]

use core::ptr::{addr_of_mut, write_volatile};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

pub struct Point {
    x: f64,
    y: i32,
}

static mut COUNTED: u32 = 40;
static LIMITS: [i16; 3] = [-1, 2, 7];

mod other {
    pub static mut ELSEWHERE: i64 = -5;
}

#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn step(value: u32) -> u32 {
    if value == 7 {
        core::arch::wasm32::unreachable()
    }
    value * 3
}

#[inline(always)]
fn inside(value: u32) -> u32 {
    let next = value + 1;
    let stepped = step(next);
    stepped ^ next
}

#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn shaped(first: i32) -> u32 {
    let name = "wörld";
    let points = [Point { x: 0.5, y: first }, Point { x: -2.0, y: 9 }];
    let value = 1_u8;
    let found = {
        let value = points[0].y + i32::from(value);
        let limit = LIMITS[(value & 1) as usize];
        inside(value as u32) + limit as u32
    };
    found + name.len() as u32 + points[1].y as u32 + (points[0].x + points[1].x) as u32
}

#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn count(mut left: u32) -> u64 {
    let mut sum = 1_u64 << 40;
    let mut half = 0.5_f32;
    let mut index = 4;
    while left > 0 {
        let twice = step(index);
        sum += u64::from(twice);
        half *= 2.0;
        index += 1;
        left -= 1;
        unsafe {
            write_volatile(addr_of_mut!(COUNTED), index);
            write_volatile(addr_of_mut!(other::ELSEWHERE), -6);
        }
    }
    sum + half as u64 + u64::from(index)
}
