//! Arguments and environment: sizes are bytes of UTF-8, each ends with a NUL.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

use std::ffi::CStr;

fn main() {
    let (mut count, mut size) = (0, 0);
    assert_eq!(call!(args_sizes_get(&mut count, &mut size)), Ok(()));
    assert_eq!((count, size), (3, "guest\0é\0\0".len()));
    assert_eq!(texts(count, size, wasi::raw::args_get), ["guest", "é", ""]);

    assert_eq!(call!(environ_sizes_get(&mut count, &mut size)), Ok(()));
    assert_eq!((count, size), (2, "A=1=2\0EMPTY=\0".len()));
    assert_eq!(
        texts(count, size, wasi::raw::environ_get),
        ["A=1=2", "EMPTY="]
    );

    let out_of_bounds = u32::MAX as usize as *mut usize;
    assert_eq!(
        call!(args_sizes_get(&mut count, out_of_bounds)),
        Err(wasi::FAULT)
    );
    assert_eq!(
        call!(environ_sizes_get(out_of_bounds, &mut size)),
        Err(wasi::FAULT)
    );
    println!("ok");
}

type Get = unsafe extern "C" fn(*mut *mut u8, *mut u8) -> i32;

fn texts(count: usize, size: usize, get: Get) -> Vec<String> {
    let mut pointers = vec![std::ptr::null_mut(); count];
    let mut buffer = vec![b'?'; size];
    assert_eq!(
        wasi::check(unsafe { get(pointers.as_mut_ptr(), buffer.as_mut_ptr()) }),
        Ok(())
    );
    let text = |pointer: &*mut u8| unsafe { CStr::from_ptr(pointer.cast()) };
    pointers
        .iter()
        .map(|pointer| text(pointer).to_str().unwrap().to_owned())
        .collect()
}
