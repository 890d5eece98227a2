//! The page, or the worker that runs guests for it: whichever this is started in.

fn main() {
    #[cfg(target_arch = "wasm32")]
    if !plugboard::browser::worker_host::start() {
        plugboard::ui::mount();
    }
}
