//! `sock_accept`, `sock_recv`, `sock_send`, `sock_shutdown`: no descriptor is a socket.
//!
//! Each fails with `EBADF` if the descriptor is not open, and `ENOTSOCK` if it is.

use super::abi::FdFlags;
use super::fd_table::Fd;
use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// `sock_accept(fd, flags, result_fd)`. Also fails with `EINVAL` for unknown flags.
pub(super) fn accept(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    raw.flags::<FdFlags>()?;
    not_a_socket(context, fd)
}

/// `sock_recv(fd, ri_data, ri_data_len, ri_flags, ro_datalen, ro_flags)`.
pub(super) fn recv(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    not_a_socket(context, raw.fd()?)
}

/// `sock_send(fd, si_data, si_data_len, si_flags, so_datalen)`.
pub(super) fn send(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    not_a_socket(context, raw.fd()?)
}

/// `sock_shutdown(fd, how)`. Also fails with `EINVAL` for an unknown way to shut down.
pub(super) fn shutdown(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    let fd = raw.fd()?;
    if raw.u32()? > 3 {
        return Err(Errno::Inval.into());
    }
    not_a_socket(context, fd)
}

fn not_a_socket(context: &Context, fd: Fd) -> Result<(), Interrupt> {
    context.fds.get(fd)?;
    Err(Errno::Notsock.into())
}
