//! Exports that can be called at once: nothing is to be initialised.
#![no_std]

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn fd_write(fd: u32, iovecs: *const Iovec, count: usize, written: *mut usize) -> i32;
}

#[repr(C)]
struct Iovec {
    data: *const u8,
    length: usize,
}

static FLOOD: &[u8; 5] = b"flood";

#[unsafe(no_mangle)]
extern "C" fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

#[unsafe(no_mangle)]
extern "C" fn twice(value: i64) -> i64 {
    value.wrapping_mul(2)
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
extern "C" fn grow(pages: usize) -> usize {
    core::arch::wasm32::memory_grow::<0>(pages)
}

#[unsafe(no_mangle)]
extern "C" fn pages() -> usize {
    core::arch::wasm32::memory_size::<0>()
}

/// Where "flood" stands.
#[unsafe(no_mangle)]
extern "C" fn word() -> *const u8 {
    FLOOD.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn flood() {
    let iovec = Iovec {
        data: FLOOD.as_ptr(),
        length: FLOOD.len(),
    };
    let mut written = 0;
    loop {
        // SAFETY: both point at what is there.
        unsafe { fd_write(1, &raw const iovec, 1, &raw mut written) };
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
