//! The panels: a group of tabs, or two.

use super::calls_panel::{CallsPanelProps, calls_panel};
use super::files_panel::{FilesPanelProps, files_panel};
use super::imports_panel::{ImportsPanel, ImportsPanelProps};
use super::memo::{memo, stateful, stateful_keyed};
use super::memory_panel::{MemoryPanel, MemoryPanelProps};
use super::module_panel::{ModulePanel, ModulePanelProps};
use super::pane_tools::{icon, maximiser};
use super::profile::{ProfilePanelProps, profile_panel};
use super::settings_panel::{SettingsPanelProps, settings_panel};
use super::source_panel::{SourcePanelProps, source_panel};
use super::splitter::splitter;
use super::trace_panel::{TracePanel, TracePanelProps};
use crate::protocol::Allocator;
use crate::ui::hooks::{Driver, focus};
use crate::ui::state::arrangement::{Arrangement, Dock, Edge, Pane, Panel};
use crate::ui::state::inspected::Inspected;
use crate::ui::state::memory::MemoryView;
use crate::ui::state::settings::SettingsForm;
use crate::ui::state::text_form::TextForm;
use crate::ui::state::trace::TraceView;
use crate::ui::state::{Shared, files::FilesView, module::Plugged};
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub(super) struct PanelsProps {
    pub(super) driver: Driver,
    pub(super) arrangement: Arrangement,
    pub(super) plugged: Shared<Plugged>,
    /// Counts the plugins that have been on the board.
    pub(super) plugins: u32,
    pub(super) settings: Shared<SettingsForm>,
    pub(super) trace: Shared<TraceView>,
    pub(super) memory: Shared<MemoryView>,
    pub(super) files: Shared<FilesView>,
    pub(super) called: Shared<Vec<u64>>,
    pub(super) answers_problem: Option<AttrValue>,
    pub(super) source: SourcePanelProps,
    pub(super) calls: CallsPanelProps,
    pub(super) profile: ProfilePanelProps,
    /// What gives room in memory, if somebody chose it.
    pub(super) allocator: Option<Allocator>,
    pub(super) inspected: Shared<Inspected>,
    pub(super) text_form: Shared<TextForm>,
}

pub(super) fn panels(props: &PanelsProps) -> Html {
    let arrangement = &props.arrangement;
    html! {
        <>
            { group(props, Pane::First) }
            if arrangement.is_split() {
                { splitter(
                    &props.driver,
                    Edge::Groups,
                    arrangement.groups_are_columns(),
                    arrangement.size(Edge::Groups),
                    "the panels",
                ) }
                { group(props, Pane::Second) }
            }
        </>
    }
}

fn group(props: &PanelsProps, group: Pane) -> Html {
    let (driver, arrangement) = (&props.driver, props.arrangement);
    let open = arrangement.open(group);
    let turn = {
        let driver = driver.clone();
        move |event: KeyboardEvent| {
            let mut all = arrangement.panels(group);
            let next = match event.key().as_str() {
                "ArrowRight" => arrangement.beside(group, false),
                "ArrowLeft" => arrangement.beside(group, true),
                "Home" => all.next().unwrap_or(open),
                "End" => all.next_back().unwrap_or(open),
                _ => return,
            };
            event.prevent_default();
            focus(&next.tab());
            driver.change(|board| board.arrangement.show(next));
        }
    };
    let tab = |panel: Panel| {
        let selected = panel == open;
        let driver = driver.clone();
        html! {
            <button
                type="button"
                role="tab"
                key={panel.title()}
                id={panel.tab()}
                aria-controls={group.name()}
                aria-selected={selected.to_string()}
                tabindex={if selected { "0" } else { "-1" }}
                onclick={move |_| driver.change(|board| board.arrangement.show(panel))}
            >
                { panel.title() }
            </button>
        }
    };
    html! {
        <section class="panels" data-pane={group.name()} aria-label="Panels" key={group.name()}>
            <div class="strip">
                <div role="tablist" aria-label="Panels" onkeydown={turn}>
                    { for arrangement.panels(group).map(tab) }
                </div>
                { tools(driver, arrangement, group) }
            </div>
            <div id={group.name()} class="panel" role="tabpanel" aria-labelledby={open.tab()} tabindex="0">
                { panel(props, open) }
            </div>
        </section>
    }
}

/// What changes where panels are.
fn tools(driver: &Driver, arrangement: Arrangement, group: Pane) -> Html {
    let other = arrangement.dock().other();
    let change = |change: fn(&mut Arrangement, Pane)| {
        let driver = driver.clone();
        Callback::from(move |_| driver.change(|board| change(&mut board.arrangement, group)))
    };
    html! {
        <div class="arranging">
            if arrangement.can_move_over(group) {
                { icon(
                    if group == Pane::First { "on" } else { "back" },
                    format!("Move {} to the other panels", arrangement.open(group).title()),
                    None,
                    change(Arrangement::move_over),
                ) }
            }
            if group == Pane::First {
                { icon(
                    "two",
                    "Two panels at a time",
                    Some(arrangement.is_split()),
                    change(|arrangement, _| arrangement.switch_split()),
                ) }
                { icon(other.name(), match other {
                    Dock::Bottom => "Dock the panels at the bottom",
                    Dock::Right => "Dock the panels at the right",
                }, None, change(|arrangement, _| arrangement.switch_dock())) }
            }
            { maximiser(driver, arrangement, group, "the panel") }
        </div>
    }
}

fn panel(props: &PanelsProps, panel: Panel) -> Html {
    match panel {
        Panel::Settings => memo(
            SettingsPanelProps {
                driver: props.driver.clone(),
                settings: props.settings.clone(),
                program: AttrValue::from(props.plugged.info.name.clone()),
            },
            settings_panel,
        ),
        Panel::Imports => stateful_keyed::<ImportsPanel>(
            props.plugins,
            ImportsPanelProps {
                driver: props.driver.clone(),
                plugged: props.plugged.clone(),
                called: props.called.clone(),
                problem: props.answers_problem.clone(),
            },
        ),
        Panel::Trace => stateful::<TracePanel>(TracePanelProps {
            driver: props.driver.clone(),
            trace: props.trace.clone(),
            opens_root: props.settings.opens_root(),
        }),
        Panel::Memory => stateful::<MemoryPanel>(MemoryPanelProps {
            driver: props.driver.clone(),
            memory: props.memory.clone(),
            info: props.plugged.info.clone(),
            allocator: props.allocator.clone(),
        }),
        Panel::Files => memo(
            FilesPanelProps {
                driver: props.driver.clone(),
                files: props.files.clone(),
                opens_root: props.settings.opens_root(),
            },
            files_panel,
        ),
        Panel::Module => stateful::<ModulePanel>(ModulePanelProps {
            driver: props.driver.clone(),
            info: props.plugged.info.clone(),
            inspected: props.inspected.clone(),
            text_form: props.text_form.clone(),
        }),
        Panel::Source => memo(props.source.clone(), source_panel),
        Panel::Calls => memo(props.calls.clone(), calls_panel),
        Panel::Profile => memo(props.profile.clone(), profile_panel),
    }
}
