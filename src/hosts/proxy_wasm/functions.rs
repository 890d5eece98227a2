//! The functions of `env` that plugins for proxies import: ABI 0.2.1, and what Higress adds.

use crate::hosts::table::Param::{Len, Long, Number, OneOf, Out, Text};
use crate::hosts::table::{Param, functions};

const LEVEL: Param = OneOf(super::LEVELS);
const STREAM: Param = OneOf(&["request", "response", "downstream", "upstream"]);
const METRIC: Param = OneOf(super::shared::METRICS);
const BUFFER: Param = OneOf(&[
    "request body",
    "response body",
    "downstream data",
    "upstream data",
    "call response body",
    "grpc message",
    "vm configuration",
    "plugin configuration",
    "foreign arguments",
    "redis response",
]);
const MAP: Param = OneOf(&[
    "request headers",
    "request trailers",
    "response headers",
    "response trailers",
    "grpc initial metadata",
    "grpc trailing metadata",
    "call response headers",
    "call response trailers",
]);

functions! {
    Log "proxy_log" [LEVEL, Text, Len] [I32],
    GetLogLevel "proxy_get_log_level" [Out] [I32],
    GetTime "proxy_get_current_time_nanoseconds" [Out] [I32],
    GetBuffer "proxy_get_buffer_bytes" [BUFFER, Number, Number, Out, Out] [I32],
    GetBufferStatus "proxy_get_buffer_status" [BUFFER, Out, Out] [I32],
    SetBuffer "proxy_set_buffer_bytes" [BUFFER, Number, Number, Text, Len] [I32],
    GetMapPairs "proxy_get_header_map_pairs" [MAP, Out, Out] [I32],
    GetMapSize "proxy_get_header_map_size" [MAP, Out] [I32],
    SetMapPairs "proxy_set_header_map_pairs" [MAP, Text, Len] [I32],
    GetMapValue "proxy_get_header_map_value" [MAP, Text, Len, Out, Out] [I32],
    AddMapValue "proxy_add_header_map_value" [MAP, Text, Len, Text, Len] [I32],
    ReplaceMapValue "proxy_replace_header_map_value" [MAP, Text, Len, Text, Len] [I32],
    RemoveMapValue "proxy_remove_header_map_value" [MAP, Text, Len] [I32],
    SendLocalResponse "proxy_send_local_response" [Number, Text, Len, Text, Len, Text, Len, Number] [I32],
    HttpCall "proxy_http_call" [Text, Len, Text, Len, Text, Len, Text, Len, Number, Out] [I32],
    ContinueStream "proxy_continue_stream" [STREAM] [I32],
    CloseStream "proxy_close_stream" [STREAM] [I32],
    SetEffectiveContext "proxy_set_effective_context" [Number] [I32],
    SetTickPeriod "proxy_set_tick_period_milliseconds" [Number] [I32],
    Done "proxy_done" [] [I32],
    GetStatus "proxy_get_status" [Out, Out, Out] [I32],
    GetProperty "proxy_get_property" [Text, Len, Out, Out] [I32],
    SetProperty "proxy_set_property" [Text, Len, Text, Len] [I32],
    GetSharedData "proxy_get_shared_data" [Text, Len, Out, Out, Out] [I32],
    SetSharedData "proxy_set_shared_data" [Text, Len, Text, Len, Number] [I32],
    RegisterQueue "proxy_register_shared_queue" [Text, Len, Out] [I32],
    ResolveQueue "proxy_resolve_shared_queue" [Text, Len, Text, Len, Out] [I32],
    Dequeue "proxy_dequeue_shared_queue" [Number, Out, Out] [I32],
    Enqueue "proxy_enqueue_shared_queue" [Number, Text, Len] [I32],
    DefineMetric "proxy_define_metric" [METRIC, Text, Len, Out] [I32],
    IncrementMetric "proxy_increment_metric" [Number, Long] [I32],
    RecordMetric "proxy_record_metric" [Number, Long] [I32],
    GetMetric "proxy_get_metric" [Number, Out] [I32],
    CallForeign "proxy_call_foreign_function" [Text, Len, Text, Len, Out, Out] [I32],
    GrpcCall "proxy_grpc_call" [Text, Len, Text, Len, Text, Len, Text, Len, Text, Len, Number, Out] [I32],
    GrpcStream "proxy_grpc_stream" [Text, Len, Text, Len, Text, Len, Text, Len, Out] [I32],
    GrpcSend "proxy_grpc_send" [Number, Text, Len, Number] [I32],
    GrpcCancel "proxy_grpc_cancel" [Number] [I32],
    GrpcClose "proxy_grpc_close" [Number] [I32],
    RedisInit "proxy_redis_init" [Text, Len, Text, Len, Text, Len, Number] [I32],
    RedisCall "proxy_redis_call" [Text, Len, Text, Len, Out] [I32],
    InjectData "proxy_inject_encoded_data_to_filter_chain" [Text, Len, Number] [I32],
    GetUpstreamHosts "proxy_get_upstream_hosts" [Out, Out] [I32],
    SetUpstreamHost "proxy_set_upstream_override_host" [Text, Len] [I32],
}
