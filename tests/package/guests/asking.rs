//! Asks the host, in each way that there is: exports that call the imports of module `host`.
#![no_std]

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    fn next(number: i32) -> i32;
    fn log(text: *const u8, length: usize);
    fn big(number: i64) -> i64;
    fn see(point: *const Point);
}

#[repr(C)]
struct Point {
    x: i32,
    y: i32,
}

static TEXT: &[u8; 5] = b"hello";
static mut POINT: Point = Point { x: 1, y: -1 };

#[unsafe(no_mangle)]
extern "C" fn ask(number: i32) -> i32 {
    // SAFETY: the host takes a number.
    1000 + unsafe { next(number) }
}

#[unsafe(no_mangle)]
extern "C" fn say() {
    // SAFETY: it points at what is there.
    unsafe { log(TEXT.as_ptr(), TEXT.len()) }
}

#[unsafe(no_mangle)]
extern "C" fn grow(number: i64) -> i64 {
    // SAFETY: the host takes a number.
    unsafe { big(number) }
}

/// What the host makes of a point.
#[unsafe(no_mangle)]
extern "C" fn show() -> i32 {
    let point = &raw mut POINT;
    // SAFETY: there is one guest, and it does one thing at a time.
    unsafe {
        see(point);
        (*point).x
    }
}

#[unsafe(no_mangle)]
extern "C" fn double(number: i32) -> i32 {
    number.wrapping_mul(2)
}

#[unsafe(no_mangle)]
extern "C" fn spin() {
    loop {
        core::hint::spin_loop();
    }
}

#[unsafe(no_mangle)]
extern "C" fn crash() {
    core::arch::wasm32::unreachable();
}

#[unsafe(no_mangle)]
extern "C" fn deep(depth: i32) -> i32 {
    if depth <= 1 { 1 } else { core::hint::black_box(deep(depth - 1)) + 1 }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
