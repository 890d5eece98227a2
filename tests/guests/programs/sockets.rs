//! Sockets: there are none, and every call says so.

#[path = "support/wasi.rs"]
#[macro_use]
mod wasi;

fn main() {
    wasi::create("file", b"");
    let file = wasi::open("file", 0, wasi::READ).unwrap();
    let mut buffer = [0_u8; 4];
    let iovec = wasi::Iovec {
        data: buffer.as_mut_ptr(),
        length: 4,
    };
    let (mut n, mut flags, mut accepted) = (0, 0, 0);
    for (fd, shutdown) in [(file, wasi::NOTSOCK), (99, wasi::BADF)] {
        let badf = Err(wasi::BADF);
        assert_eq!(call!(sock_accept(fd, 0, &mut accepted)), badf);
        assert_eq!(
            call!(sock_recv(fd, &iovec, 1, 0, &mut n, &mut flags)),
            badf
        );
        assert_eq!(call!(sock_send(fd, &iovec, 1, 0, &mut n)), badf);
        assert_eq!(call!(sock_shutdown(fd, 1)), Err(shutdown));
    }
    println!("ok");
}
