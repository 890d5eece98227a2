//! The functions of `extism:host/env`, and their types.

use crate::hosts::{Function, FunctionId, Served};
use crate::module::Import;
use crate::module::ValType::{I32, I64};

/// The module that they are imported from.
const MODULE: &str = "extism:host/env";

/// What an import is to the host.
pub(in crate::hosts) fn serves(import: &Import) -> Option<Served> {
    Function::find("Extism", MODULE, TABLE, import)
}

macro_rules! functions {
    ($($function:ident $name:literal [$($param:ident),*] [$($result:ident),*])*) => {
        /// A function of Extism's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Extern {
            $($function,)*
        }

        /// All of them; the place is the function's [id](FunctionId).
        const TABLE: &[Function] = &[
            $(Function::new($name, &[$($param),*], &[$($result),*]),)*
        ];

        impl Extern {
            /// The one that has this id.
            pub(super) fn of(id: FunctionId) -> Option<Self> {
                const ALL: &[Extern] = &[$(Extern::$function),*];
                ALL.get(usize::from(id.0)).copied()
            }
        }
    };
}

functions! {
    Alloc "alloc" [I64] [I64]
    Free "free" [I64] []
    Length "length" [I64] [I64]
    LengthUnsafe "length_unsafe" [I64] [I64]
    LoadU8 "load_u8" [I64] [I32]
    LoadU64 "load_u64" [I64] [I64]
    StoreU8 "store_u8" [I64, I32] []
    StoreU64 "store_u64" [I64, I64] []
    InputSet "input_set" [I64, I64] []
    InputLength "input_length" [] [I64]
    InputOffset "input_offset" [] [I64]
    InputLoadU8 "input_load_u8" [I64] [I32]
    InputLoadU64 "input_load_u64" [I64] [I64]
    OutputSet "output_set" [I64, I64] []
    OutputLength "output_length" [] [I64]
    OutputOffset "output_offset" [] [I64]
    ErrorSet "error_set" [I64] []
    ErrorGet "error_get" [] [I64]
    ConfigGet "config_get" [I64] [I64]
    VarGet "var_get" [I64] [I64]
    VarSet "var_set" [I64, I64] []
    HttpRequest "http_request" [I64, I64] [I64]
    HttpStatusCode "http_status_code" [] [I32]
    HttpHeaders "http_headers" [] [I64]
    LogTrace "log_trace" [I64] []
    LogDebug "log_debug" [I64] []
    LogInfo "log_info" [I64] []
    LogWarn "log_warn" [I64] []
    LogError "log_error" [I64] []
    GetLogLevel "get_log_level" [] [I32]
    MemoryBytes "memory_bytes" [] [I64]
    Reset "reset" [] []
}
