//! Starts the worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    plugboard::browser::worker_host::start();
}
