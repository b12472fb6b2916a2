//! Every component in every state, for the eye and for the browser tests.

mod figures;
mod forms;
mod inputs;
mod parts;

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

    /// What has no look of its own: the frame of a cell's input; a chip within the selects; the notes that the shell shows; the
    /// place of the tooltips; what turns from a skeleton into a thing or a problem.
    const UNSEEN: [&str; 5] = ["CellField", "ChoiceChip", "Toasts", "Tooltips", "Loaded"];

    fn sources(folder: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_component_of_the_design_system_is_shown() {
        let (system, shown) = (sources("ui"), sources("gallery"));
        let components = system.split("#[component]").skip(1).filter_map(|rest| {
            let name = rest.trim_start().strip_prefix("pub fn ")?.split(['(', '<']).next()?;
            Some(name.to_string())
        });
        let components: Vec<String> = components.collect();
        assert!(components.len() > 40, "{components:?}");
        let is_shown =
            |name: &String| [' ', '/', '>', '\n'].iter().any(|end| shown.contains(&format!("<{name}{end}")));
        let left: Vec<_> =
            components.iter().filter(|name| !UNSEEN.contains(&name.as_str()) && !is_shown(name)).collect();
        assert!(left.is_empty(), "not in the gallery: {left:?}");
    }
}
