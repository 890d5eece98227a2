//! Preopens: found from 3 on until EBADF.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    let mut names = Vec::new();
    for fd in 3.. {
        let mut prestat = [9, 9];
        match call!(fd_prestat_get(fd, &mut prestat)) {
            Err(wasi::BADF) => break,
            result => assert_eq!(result, Ok(())),
        }
        assert_eq!(prestat[0], 0, "a directory");
        let mut name = vec![0; prestat[1] as usize];
        assert_eq!(
            call!(fd_prestat_dir_name(fd, name.as_mut_ptr(), name.len())),
            Ok(())
        );
        names.push(String::from_utf8(name).unwrap());
    }
    println!("{}", names.join(" "));
    assert_eq!(std::fs::read("/data/é/file").unwrap(), b"in a preopen");
    assert_eq!(call!(fd_prestat_get(0, &mut [0, 0])), Err(wasi::BADF));
    let mut short = [0];
    assert_eq!(
        call!(fd_prestat_dir_name(4, short.as_mut_ptr(), 1)),
        Err(wasi::NAMETOOLONG)
    );
}
