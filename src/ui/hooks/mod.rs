//! Where the view meets the browser: the worker, files, the frame, the theme.

mod arrangement;
mod dom;
mod driver;
mod drop;
mod editor;
mod files;
mod folders;
mod frame;
mod list;
mod picked;
mod printing;
mod shortcuts;
mod size;
mod storage;
mod store;
mod theme;
mod watch;

pub(crate) use self::arrangement::{use_arrangement, use_title};
pub(crate) use self::dom::{
    ModalRef, copy, focus, focus_call, focus_if_free, focus_if_lost, focus_soon, hide_popover,
    pasted_text, press, px, reveal_soon, selected_within, set_style, typed, typed_in,
};
pub(crate) use self::driver::{Driver, use_new_driver};
pub(crate) use self::drop::{Over, use_drop};
pub(crate) use self::editor::{about, edit, edited};
pub(crate) use self::files::{Picked, download};
pub(crate) use self::folders::Dropped;
pub(crate) use self::list::{List, use_list};
pub(crate) use self::picked::{BlobUrl, Entry, picked, with_paths};
pub(crate) use self::printing::use_printing;
pub(crate) use self::shortcuts::{Dialogs, perform, use_shortcuts};
pub(crate) use self::size::use_size;
pub(crate) use self::storage::use_kept;
pub(crate) use self::theme::use_theme;
pub(crate) use self::watch::can_pick_folders;
