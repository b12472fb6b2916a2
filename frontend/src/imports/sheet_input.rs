//! Where a table file is dropped, and how far its sending is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::StoredFile;

use crate::api::files;
use crate::ui::{Banner, FileDrop, Icon, Progress, Tone};
use crate::{i18n, t, text};

/// Takes one csv file, workbook or list and sends it; reports it once the server has it.
#[component]
pub fn SheetInput(
    #[prop(into)] on_sent: Callback<StoredFile>,
    /// What was wrong with the file that was sent before.
    fault: RwSignal<Option<String>>,
    /// The server reads the file that was sent.
    #[prop(into)]
    reading: Signal<bool>,
) -> impl IntoView {
    let sending = RwSignal::new(None::<Sending>);
    let take = UnsyncCallback::new(move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        fault.set(None);
        if is_foreign(&file.name()) {
            return fault.set(Some(text!("import-no-workbooks")));
        }
        sending.set(Some(Sending::of(&file)));
        spawn_local(async move {
            let progress = move |done: u64, total: u64| {
                sending.try_update(|sending| {
                    if let Some(sending) = sending {
                        (sending.done, sending.total) = (done, total);
                    }
                });
            };
            let answer = files::upload_table(&file, progress).await;
            let _ = sending.try_set(None);
            match answer {
                Ok(stored) => drop(on_sent.try_run(stored)),
                Err(problem) => drop(fault.try_set(Some(problem.sentence()))),
            }
        });
    });
    let standing = move |of: Sending| {
        view! {
            <div class="file" role="status">
                <Icon name="table"/>
                <div class="name">
                    <span>{of.name.clone()}</span>
                    <Progress value=of.done max=of.total label=of.name/>
                </div>
                <span class="note muted nowrap">{i18n::file_size(of.total)}</span>
            </div>
        }
    };
    view! {
        <div class="stack g3">
            {move || fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
            {move || match sending.get() {
                Some(of) => standing(of).into_any(),
                None if reading.get() => view! {
                    <div class="file" role="status" aria-busy="true"><span class="spinner"></span><span class="name">{t!("import-reading")}</span></div>
                }
                .into_any(),
                None => view! {
                    <FileDrop on_files=take text=Signal::derive(t!("import-drop")) accept=".xlsx,.xlsm,.csv,.tsv,.txt,.json,text/csv"/>
                }
                .into_any(),
            }}
            <p class="note muted">{t!("import-file-help")}</p>
        </div>
    }
}

/// A file on its way.
#[derive(Clone)]
struct Sending {
    name: String,
    done: u64,
    total: u64,
}

impl Sending {
    fn of(file: &web_sys::File) -> Sending {
        Sending { name: file.name(), done: 0, total: file.size() as u64 }
    }
}

/// Whether a file is a workbook that is not read, by its name: those are saved as xlsx first.
fn is_foreign(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "xls" | "xlsb" | "ods" | "numbers" | "et")
}

#[cfg(test)]
mod tests {
    use super::is_foreign;

    #[test]
    fn workbooks_of_other_programs_are_known_by_their_ending() {
        assert!(is_foreign("客户.XLS") && is_foreign("a.numbers"));
        assert!(!is_foreign("a.xlsx") && !is_foreign("xls.csv") && !is_foreign("a"));
    }
}
