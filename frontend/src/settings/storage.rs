//! How much room the files of the workspace take, with a word where there will soon be none.

use leptos::prelude::*;
use wire::{FilesLevel, WorkspaceFiles};

use crate::i18n;
use crate::t;
use crate::ui::{Banner, Progress, Tone};

/// What is said, and how urgently, from some level on.
fn warning(level: FilesLevel) -> Option<(Tone, &'static str)> {
    match level {
        FilesLevel::Ample => None,
        FilesLevel::Low => Some((Tone::Warning, "workspace-files-low")),
        FilesLevel::NearlyFull => Some((Tone::Danger, "workspace-files-nearly-full")),
        FilesLevel::Full => Some((Tone::Danger, "workspace-files-full")),
    }
}

/// The room that is taken, as a bar where there is a bound.
#[component]
pub fn Storage(files: WorkspaceFiles) -> impl IntoView {
    let WorkspaceFiles { bytes, quota, level } = files;
    let warned = warning(level);
    let tone = warned.map_or(Tone::Neutral, |(tone, _)| tone);
    let banner = warned.map(|(tone, key)| {
        view! { <Banner tone=tone>{move || i18n::lookup(key, &[])}</Banner> }
    });
    let used = i18n::file_size(bytes);
    let taken = match quota {
        Some(quota) => {
            let most = i18n::file_size(quota);
            view! {
                <Progress
                    value=Signal::stored(bytes)
                    max=Signal::stored(quota)
                    tone=tone
                    label=t!("workspace-files")
                />
                <p>{t!("workspace-files-of", used = used, most = most)}</p>
            }
            .into_any()
        }
        None => view! { <p>{t!("workspace-files-used", used = used)}</p> }.into_any(),
    };
    view! {
        <section class="card" id="workspace-files">
            <div class="card-head"><h2>{t!("workspace-files")}</h2></div>
            <div class="card-body stack g4">
                {banner}
                {taken}
                <span class="note muted">{t!("workspace-files-help")}</span>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_becomes_more_urgent() {
        let tones = [FilesLevel::Ample, FilesLevel::Low, FilesLevel::NearlyFull, FilesLevel::Full]
            .map(|level| warning(level).map(|(tone, _)| tone));
        assert_eq!(tones, [None, Some(Tone::Warning), Some(Tone::Danger), Some(Tone::Danger)]);
    }
}
