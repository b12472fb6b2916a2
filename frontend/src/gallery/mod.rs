//! Every component in every state, for the eye and for the browser tests.

mod figures;
mod forms;
mod inputs;
mod parts;
mod read;
mod states;
mod wholes;

use leptos::prelude::*;

use crate::i18n::{self, Language};
use crate::theme::{self, Theme};
use crate::ui::{Button, Logo, Segment, Segmented};
use crate::{t, text};

#[component]
pub fn GalleryPage() -> impl IntoView {
    let languages = Language::ALL
        .map(|language| Segment::new(language.tag(), move || i18n::own_name(language).to_string()));
    view! {
        <header class="top">
            <Logo/>
            <h1>{t!("gallery-title")}</h1>
            <span class="muted phone-hide">{t!("gallery-subtitle")}</span>
            <span class="push">
                <Segmented
                    segments=languages.to_vec()
                    selected=Signal::derive(|| i18n::language().tag().to_string())
                    on_select=|tag: &'static str| {
                        if let Some(language) = Language::from_tag(tag) {
                            i18n::set_language(language);
                        }
                    }
                    label=Signal::derive(|| text!("nav-language"))
                />
                <Button
                    icon="moon"
                    on_press=|_| theme::set_theme(if theme::is_dark() { Theme::Light } else { Theme::Dark })
                >
                    {t!("settings-theme")}
                </Button>
            </span>
        </header>
        <main class="gallery">
            <parts::Buttons/>
            <inputs::TextInputs/>
            <inputs::Dates/>
            <inputs::Selects/>
            <inputs::Checks/>
            <parts::Marks/>
            <parts::Floating/>
            <parts::Places/>
            <parts::Notes/>
            <parts::Waiting/>
            <figures::Charts/>
            <figures::Calendars/>
            <figures::Beside/>
            <inputs::Files/>
            <forms::OfForms/>
            <wholes::Signatures/>
            <wholes::RichTexts/>
            <wholes::ColoursAndIcons/>
            <wholes::InOrder/>
            <wholes::Timelines/>
            <wholes::Tables/>
            <wholes::Commands/>
            <states::States/>
            <parts::Icons/>
        </main>
    }
}

/// One kind of component.
#[component]
fn Section(#[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    view! { <section><h2>{title}</h2><div>{children()}</div></section> }
}

/// One state, with its name below.
#[component]
fn Cell(
    #[prop(into)] name: Signal<String>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! { <div class=format!("cell {class}")>{children()}<span class="cap">{name}</span></div> }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::states::{CONTROLS, State};

    /// What has no look of its own: the frame of a cell's input; a chip within the selects; the notes that the shell shows; the
    /// place of the tooltips; what turns from a skeleton into a thing or a problem, also while it is dragged, and what does so with all of a
    /// page.
    const UNSEEN: [&str; 7] =
        ["CellField", "ChoiceChip", "Toasts", "Tooltips", "Loaded", "LoadedUnheld", "Together"];

    fn sources(folder: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_component_of_the_design_system_is_shown() {
        let shown = sources("gallery");
        let components: Vec<String> = components().into_iter().map(|(name, _)| name).collect();
        assert!(components.len() > 40, "{components:?}");
        let is_shown =
            |name: &String| [' ', '/', '>', '\n'].iter().any(|end| shown.contains(&format!("<{name}{end}")));
        let left: Vec<_> =
            components.iter().filter(|name| !UNSEEN.contains(&name.as_str()) && !is_shown(name)).collect();
        assert!(left.is_empty(), "not in the gallery: {left:?}");
    }

    /// What the design system has beyond the folder of its components, by what people call it: each lives from a form, from
    /// records or from the program as a whole.
    const BEYOND: [(&str, &str); 13] = [
        ("signature that is there", "Signed"),
        ("rich text", "RichTextInput"),
        ("rich text to be read", "RichTextView"),
        ("formula input", "FormulaField"),
        ("condition builder", "ConditionBuilder"),
        ("virtual grid", "GivenTable"),
        ("sub-form table", "LiveForm"),
        ("chart", "ColumnChart"),
        ("timeline", "Timeline"),
        ("sortable list", "EntryButtons"),
        ("command palette", "PaletteBox"),
        ("colour picker", "ColourChoice"),
        ("icon picker", "AppIcons"),
    ];

    #[test]
    fn every_component_beyond_the_folder_of_the_design_system_is_shown() {
        let shown = sources("gallery");
        let is_shown =
            |name: &str| [' ', '/', '>', '\n'].iter().any(|end| shown.contains(&format!("<{name}{end}")));
        let left: Vec<_> = BEYOND.iter().filter(|(_, name)| !is_shown(name)).collect();
        assert!(left.is_empty(), "not in the gallery: {left:?}");
    }

    /// A button that only phones have: it is a `Button`.
    const ALIKE: [&str; 1] = ["CameraButton"];
    /// By one of these a component hears what somebody does with it: then it is a control.
    const HANDLERS: [&str; 7] =
        ["on_change", "on_input", "on_press", "on_choose", "on_select", "on_search", "on_files"];

    /// The names of the components of the design system, with their parameters.
    fn components() -> Vec<(String, String)> {
        let system = sources("ui");
        let components = system.split("#[component]").skip(1).filter_map(|rest| {
            let (name, rest) = rest.trim_start().strip_prefix("pub fn ")?.split_once('(')?;
            let name = name.split('<').next()?;
            let (parameters, _) = rest.split_once(") -> impl IntoView")?;
            Some((name.to_string(), parameters.to_string()))
        });
        components.collect()
    }

    /// What a field of a form is filled in with is shown as it is read, too.
    fn fills_in(name: &str) -> bool {
        let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fill/input.rs");
        let inputs = fs::read_to_string(inputs).unwrap();
        [' ', '/', '>', '\n'].iter().any(|end| inputs.contains(&format!("<{name}{end}")))
    }

    #[test]
    fn every_control_is_shown_in_each_state_that_it_has() {
        let has = |parameters: &str, name: &str| {
            parameters.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
        };
        let mut left = Vec::new();
        let (mut controls, mut read) = (0, 0);
        for (name, parameters) in components() {
            let is_control = HANDLERS.iter().any(|handler| has(&parameters, handler));
            if !is_control || ALIKE.contains(&name.as_str()) {
                continue;
            }
            controls += 1;
            let mut wanted = vec![State::Rest, State::Hover, State::Focus];
            wanted.extend(
                (has(&parameters, "disabled") || has(&parameters, "disabled_reason"))
                    .then_some(State::Disabled),
            );
            wanted.extend(has(&parameters, "invalid").then_some(State::Fault));
            wanted.extend(has(&parameters, "invalid").then_some(State::Empty));
            wanted.extend(has(&parameters, "busy").then_some(State::Busy));
            // What is pressed shows that it is.
            wanted.extend(has(&parameters, "on_press").then_some(State::Active));
            if fills_in(&name) {
                read += 1;
                wanted.push(State::ReadOnly);
            }
            let shown = CONTROLS.iter().find(|control| control.name == name);
            let states = shown.map(|control| control.states).unwrap_or_default();
            left.extend(
                wanted
                    .iter()
                    .filter(|state| !states.contains(state))
                    .map(|state| format!("{name}: {state:?}")),
            );
        }
        assert!(controls > 20 && read > 10, "{controls} controls, {read} that are read");
        assert!(left.is_empty(), "not in the gallery: {left:?}");
    }
}
