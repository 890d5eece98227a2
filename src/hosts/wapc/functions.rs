//! The functions of `wapc`: their names and types.

use crate::hosts::table::Param::{Len, Out, Text};
use crate::hosts::table::functions;

functions! {
    GuestRequest "__guest_request" [Out, Out] [],
    GuestResponse "__guest_response" [Text, Len] [],
    GuestError "__guest_error" [Text, Len] [],
    ConsoleLog "__console_log" [Text, Len] [],
    HostCall "__host_call" [Text, Len, Text, Len, Text, Len, Text, Len] [I32],
    HostResponseLen "__host_response_len" [] [I32],
    HostResponse "__host_response" [Out] [],
    HostErrorLen "__host_error_len" [] [I32],
    HostError "__host_error" [Out] [],
}
