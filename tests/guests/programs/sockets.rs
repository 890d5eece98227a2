//! Sockets: there are none, and every descriptor says so.

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
    for (fd, errno) in [(file, wasi::NOTSOCK), (99, wasi::BADF)] {
        assert_eq!(call!(sock_accept(fd, 0, &mut accepted)), Err(errno));
        assert_eq!(
            call!(sock_recv(fd, &iovec, 1, 0, &mut n, &mut flags)),
            Err(errno)
        );
        assert_eq!(call!(sock_send(fd, &iovec, 1, 0, &mut n)), Err(errno));
        assert_eq!(call!(sock_shutdown(fd, 1)), Err(errno));
    }
    println!("ok");
}
