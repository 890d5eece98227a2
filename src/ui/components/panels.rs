//! The tabs below the console.

use super::files_panel::{FilesPanelProps, files_panel};
use super::imports_panel::ImportsPanel;
use super::memo::memo;
use super::memory_panel::MemoryPanel;
use super::module_panel::{ModulePanelProps, module_panel};
use super::settings_panel::{SettingsPanelProps, settings_panel};
use super::source_panel::{SourcePanelProps, source_panel};
use super::trace_panel::TracePanel;
use crate::protocol::Allocator;
use crate::ui::hooks::{Driver, focus};
use crate::ui::state::memory::MemoryView;
use crate::ui::state::settings::SettingsForm;
use crate::ui::state::trace::TraceView;
use crate::ui::state::{Shared, files::FilesView, go_source::GoSource, module::Plugged};
use yew::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panel {
    Settings,
    Imports,
    Trace,
    Memory,
    Files,
    Module,
    Source,
}

impl Panel {
    const ALL: [Self; 7] = [
        Self::Settings,
        Self::Imports,
        Self::Trace,
        Self::Memory,
        Self::Files,
        Self::Module,
        Self::Source,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Settings => "Settings",
            Self::Imports => "Imports",
            Self::Trace => "Trace",
            Self::Memory => "Memory",
            Self::Files => "Files",
            Self::Module => "Module",
            Self::Source => "Source",
        }
    }

    fn tab(self) -> String {
        format!("tab-{}", self.title().to_ascii_lowercase())
    }

    /// The one that `steps` further to the right, all round.
    fn beside(self, steps: usize) -> Self {
        let place = Self::ALL
            .iter()
            .position(|&panel| panel == self)
            .unwrap_or(0);
        let next = (place + steps) % Self::ALL.len();
        Self::ALL.get(next).copied().unwrap_or(self)
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct PanelsProps {
    pub(super) driver: Driver,
    pub(super) plugged: Shared<Plugged>,
    /// Counts the plugins that have been on the board.
    pub(super) plugins: u32,
    pub(super) settings: Shared<SettingsForm>,
    pub(super) trace: Shared<TraceView>,
    pub(super) memory: Shared<MemoryView>,
    pub(super) files: Shared<FilesView>,
    pub(super) called: Shared<Vec<u64>>,
    pub(super) answers_problem: Option<AttrValue>,
    pub(super) source: Option<Shared<GoSource>>,
    pub(super) problems: Shared<Vec<String>>,
    pub(super) problems_are_usual: bool,
    /// What gives room in memory, if somebody chose it.
    pub(super) allocator: Option<Allocator>,
}

#[component]
pub(super) fn Panels(props: &PanelsProps) -> Html {
    let current = use_state_eq(|| Panel::Settings);
    let move_on = {
        let current = current.clone();
        move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => current.beside(1),
                "ArrowLeft" => current.beside(Panel::ALL.len() - 1),
                "Home" => Panel::ALL[0],
                "End" => Panel::ALL[Panel::ALL.len() - 1],
                _ => return,
            };
            event.prevent_default();
            focus(&next.tab());
            current.set(next);
        }
    };
    let tab = |panel: Panel| {
        let selected = panel == *current;
        let current = current.clone();
        html! {
            <button
                type="button"
                role="tab"
                id={panel.tab()}
                aria-controls="panel"
                aria-selected={selected.to_string()}
                tabindex={if selected { "0" } else { "-1" }}
                onclick={move |_| current.set(panel)}
            >
                { panel.title() }
            </button>
        }
    };
    html! {
        <section class="panels">
            <div class="strip" role="tablist" aria-label="Panels" onkeydown={move_on}>
                { for Panel::ALL.into_iter().map(tab) }
            </div>
            <div id="panel" role="tabpanel" aria-labelledby={current.tab()} tabindex="0">
                { match *current {
                    Panel::Settings => memo(
                        SettingsPanelProps {
                            driver: props.driver.clone(),
                            settings: props.settings.clone(),
                            program: AttrValue::from(props.plugged.info.name.clone()),
                        },
                        settings_panel,
                    ),
                    Panel::Imports => html! {
                        <ImportsPanel
                            key={props.plugins}
                            driver={props.driver.clone()}
                            plugged={props.plugged.clone()}
                            called={props.called.clone()}
                            problem={props.answers_problem.clone()}
                        />
                    },
                    Panel::Trace => html! {
                        <TracePanel
                            driver={props.driver.clone()}
                            trace={props.trace.clone()}
                            opens_root={props.settings.opens_root()}
                        />
                    },
                    Panel::Memory => html! {
                        <MemoryPanel
                            driver={props.driver.clone()}
                            memory={props.memory.clone()}
                            info={props.plugged.info.clone()}
                            allocator={props.allocator.clone()}
                        />
                    },
                    Panel::Files => memo(
                        FilesPanelProps {
                            driver: props.driver.clone(),
                            files: props.files.clone(),
                            opens_root: props.settings.opens_root(),
                        },
                        files_panel,
                    ),
                    Panel::Module => memo(
                        ModulePanelProps {
                            info: props.plugged.info.clone(),
                        },
                        module_panel,
                    ),
                    Panel::Source => memo(
                        SourcePanelProps {
                            driver: props.driver.clone(),
                            source: props.source.clone(),
                            problems: props.problems.clone(),
                            problems_are_usual: props.problems_are_usual,
                        },
                        source_panel,
                    ),
                } }
            </div>
        </section>
    }
}
