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
        for fd in 0..=DIR {
            let mut args = vec![0; count];
            args[0] = fd;
            assert_eq!(guest.errno(function, &args), Errno::Notsock, "{function:?}");
        }
    }
    guest.assert_memory(&[]);
}

#[test]
fn what_is_not_open_is_no_descriptor() {
    let mut guest = Guest::new();
    for (function, count) in CALLS {
        let args = vec![99; count];
        let mut args = args;
        args[1] = 1;
        assert_eq!(guest.errno(function, &args), Errno::Badf, "{function:?}");
    }
}
