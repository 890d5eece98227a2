//! Starts the reader worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    plugboard::browser::reader_host::start();
}
