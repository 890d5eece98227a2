//! Sockets that are not there.

use super::*;

const CALLS: [(Function, usize); 4] = [
    (Function::SockAccept, 3),
    (Function::SockRecv, 6),
    (Function::SockSend, 5),
    (Function::SockShutdown, 2),
];

#[test]
fn no_descriptor_is_a_socket() {
    let mut guest = Guest::new();
    for (function, count) in CALLS {
        for fd in [0, 1, DIR, 99] {
            let mut args = vec![0; count];
            args[0] = fd;
            let errno = match function {
                Function::SockShutdown if fd != 99 => Errno::Notsock,
                _ => Errno::Badf,
            };
            assert_eq!(guest.errno(function, &args), errno, "{function:?} {fd}");
        }
    }
    guest.assert_memory(&[]);
}
