//! `sock_accept`, `sock_recv`, `sock_send`, `sock_shutdown`: no descriptor is a socket.
//!
//! Each fails with `EBADF`; `sock_shutdown` with `ENOTSOCK` if the descriptor is open.

use super::raw::Raw;
use super::{Context, Errno, Interrupt};

/// `sock_accept(fd, flags, result_fd)`, `sock_recv(fd, ri_data, ri_data_len, ri_flags, ro_datalen,
/// ro_flags)`, `sock_send(fd, si_data, si_data_len, si_flags, so_datalen)`.
pub(super) fn transfer() -> Result<(), Interrupt> {
    Err(Errno::Badf.into())
}

/// `sock_shutdown(fd, how)`.
pub(super) fn shutdown(context: &mut Context, mut raw: Raw<'_>) -> Result<(), Interrupt> {
    context.fds.get(raw.fd()?)?;
    Err(Errno::Notsock.into())
}
