//! Starts the builder worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    plugboard::browser::builder_host::start();
}
