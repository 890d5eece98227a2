//! The table of functions, and of errors.

use super::*;

#[test]
fn every_function_is_found_by_its_name() {
    assert_eq!(Function::ALL.len(), 46);
    for function in Function::ALL {
        assert_eq!(Function::from_name(function.name()), Some(function));
    }
    assert_eq!(Function::from_name("fd_reed"), None);
}

#[test]
fn only_proc_exit_returns_nothing() {
    for function in Function::ALL {
        let is_exit = function.name() == "proc_exit";
        assert_eq!(function.returns_errno(), !is_exit);
    }
}

#[test]
fn a_wrong_number_of_arguments_is_refused() {
    let mut guest = Guest::new();
    for function in Function::ALL {
        for count in (0..12).filter(|count| *count != function.params().len()) {
            assert_eq!(guest.errno(function, &vec![0; count]), Errno::Inval);
        }
    }
    guest.assert_memory(&[]);
}

#[test]
fn errnos_have_the_numbers_of_the_specification() {
    assert_eq!(Errno::ALL.len(), 77);
    for (number, errno) in Errno::ALL.iter().enumerate() {
        assert_eq!(usize::from(errno.raw()), number);
        assert_eq!(Errno::from_raw(number as u16), Some(*errno));
    }
    for (number, name) in [
        (0, "ESUCCESS"),
        (1, "E2BIG"),
        (6, "EAGAIN"),
        (8, "EBADF"),
        (21, "EFAULT"),
        (28, "EINVAL"),
        (44, "ENOENT"),
        (52, "ENOSYS"),
        (63, "EPERM"),
        (76, "ENOTCAPABLE"),
    ] {
        assert_eq!(Errno::from_raw(number).unwrap().name(), name);
    }
    assert_eq!(Errno::from_raw(77), None);
}
