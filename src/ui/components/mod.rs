//! What is drawn: one component a file. They read the board and tell the driver; they hold no state
//! of their own but for what is open or scrolled.

mod allocators;
mod app;
mod arguments_field;
mod bytes;
mod call_form;
mod console;
mod console_rows;
mod console_search;
mod exports;
mod facts;
mod field;
mod file_rows;
mod file_view;
mod files_panel;
mod find;
mod happened;
mod header;
mod help;
mod history;
mod imports;
mod imports_panel;
mod in_wasm;
mod later;
mod loading_bar;
mod memory_panel;
mod memory_rows;
mod memory_tools;
mod module_panel;
mod outcome_line;
mod panels;
mod problems;
mod rail;
mod refusal;
mod run_bar;
mod settings_panel;
mod signature_line;
mod source_panel;
mod stdin_field;
mod stdin_prompt;
mod trace_entry;
mod trace_panel;
mod uncovered;
mod wasi_imports;
mod welcome;

pub(crate) use self::app::App;
