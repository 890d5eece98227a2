//! The functions of `http_handler`: their names and types.

use crate::hosts::table::Param::{Len, Number, OneOf, Out, Text};
use crate::hosts::table::{Param, functions};

const FEATURES: Param = Number;
const FIELDS: Param = OneOf(&[
    "request",
    "response",
    "request trailers",
    "response trailers",
]);
const BODY: Param = OneOf(&["request", "response"]);

functions! {
    EnableFeatures "enable_features" [FEATURES] [I32],
    GetConfig "get_config" [Out, Number] [I32],
    LogEnabled "log_enabled" [Number] [I32],
    Log "log" [Number, Text, Len] [],
    GetMethod "get_method" [Out, Number] [I32],
    SetMethod "set_method" [Text, Len] [],
    GetUri "get_uri" [Out, Number] [I32],
    SetUri "set_uri" [Text, Len] [],
    GetProtocolVersion "get_protocol_version" [Out, Number] [I32],
    GetSourceAddr "get_source_addr" [Out, Number] [I32],
    GetHeaderNames "get_header_names" [FIELDS, Out, Number] [I64],
    GetHeaderValues "get_header_values" [FIELDS, Text, Len, Out, Number] [I64],
    SetHeaderValue "set_header_value" [FIELDS, Text, Len, Text, Len] [],
    AddHeaderValue "add_header_value" [FIELDS, Text, Len, Text, Len] [],
    RemoveHeader "remove_header" [FIELDS, Text, Len] [],
    ReadBody "read_body" [BODY, Out, Number] [I64],
    WriteBody "write_body" [BODY, Text, Len] [],
    GetStatusCode "get_status_code" [] [I32],
    SetStatusCode "set_status_code" [Number] [],
}
