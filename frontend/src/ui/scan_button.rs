//! A button that reads bar codes and square codes with the camera. It is there where the browser can.

use gloo_timers::future::TimeoutFuture;
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::{Banner, Button, ButtonKind, ControlSize, Dialog, DialogSize, IconButton, Tone};
use crate::browser::{self, CodeReader};
use crate::{t, text};

/// Between two looks, in milliseconds.
const PAUSE: u32 = 150;
/// A code counts again after it was out of sight for so many looks.
const FORGOTTEN_AFTER: u32 = 8;

/// A scan button. Nothing where the browser reads no codes: then they are typed, or come from a scanner that types them.
#[component]
pub fn ScanButton(
    /// Hears what a code says.
    #[prop(into)]
    on_code: Callback<String>,
    /// One code after the other is read, until the person says that it was the last one.
    #[prop(optional)]
    many: bool,
    /// What it does, where it has words.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
) -> impl IntoView {
    if !browser::reads_codes() {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let start = move |_| open.set(true);
    let button = match label {
        Some(label) => view! {
            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="scan" on_press=start>{label}</Button>
        }
        .into_any(),
        None => view! { <IconButton icon="scan" label=t!("ui-scan") kind=ButtonKind::Plain on_press=start/> }
            .into_any(),
    };
    let foot = move || view! { <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("ui-done")}</Button> };
    let foot = many.then(|| ViewFn::from(foot));
    view! {
        {button}
        <Dialog open=open title=t!("ui-scan") size=DialogSize::Small foot=foot>
            <Scanning open=open on_code=on_code many=many/>
        </Dialog>
    }
    .into_any()
}

/// What the camera sees, and what was read so far.
#[component]
fn Scanning(open: RwSignal<bool>, on_code: Callback<String>, many: bool) -> impl IntoView {
    let video = NodeRef::<Video>::new();
    let is_blind = RwSignal::new(false);
    let read = RwSignal::new(Vec::<String>::new());
    // Its end is the end of the dialog.
    let here = StoredValue::new(());
    video.on_load(move |video| {
        spawn_local(async move {
            let video = JsValue::from(video);
            let Some(reader) = CodeReader::open().await else {
                let _ = is_blind.try_set(true);
                return;
            };
            reader.show_in(&video);
            let mut sight = Sight::default();
            while here.try_get_value().is_some() {
                for code in sight.look(reader.look(&video).await) {
                    if here.try_get_value().is_none() {
                        return;
                    }
                    on_code.run(code.clone());
                    if !many {
                        return open.set(false);
                    }
                    let _ = read.try_update(|read| read.push(code));
                }
                TimeoutFuture::new(PAUSE).await;
            }
        });
    });
    let said = move || match read.with(|read| read.last().cloned()) {
        Some(code) => text!("ui-scanned", code = code, count = read.with(Vec::len)),
        None => text!("ui-scan-hint"),
    };
    view! {
        <div class="stack g3">
            {move || is_blind.get().then(|| view! { <Banner tone=Tone::Warning>{t!("ui-scan-no-camera")}</Banner> })}
            <video node_ref=video class="scan-view" autoplay=true playsinline=true prop:muted=true aria-label=t!("ui-scan")></video>
            <p class="note" role="status">{said}</p>
        </div>
    }
}

/// The codes before the camera: each counts once as long as it stays there.
#[derive(Default)]
struct Sight {
    /// With how many looks ago it was there.
    known: Vec<(String, u32)>,
}

impl Sight {
    /// Takes what is there now; gives what has come.
    fn look(&mut self, codes: Vec<String>) -> Vec<String> {
        for (code, ago) in &mut self.known {
            *ago = if codes.contains(code) { 0 } else { ago.saturating_add(1) };
        }
        self.known.retain(|(_, ago)| *ago < FORGOTTEN_AFTER);
        let mut come = Vec::new();
        for code in codes {
            if !self.known.iter().any(|(known, _)| *known == code) {
                self.known.push((code.clone(), 0));
                come.push(code);
            }
        }
        come
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_counts_once_until_it_was_away() {
        let mut sight = Sight::default();
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_string()).collect::<Vec<_>>();
        assert_eq!(sight.look(codes(&["a"])), ["a"]);
        assert_eq!(sight.look(codes(&[])), [""; 0], "one look that missed it is none");
        assert_eq!(sight.look(codes(&["a", "b", "b"])), ["b"]);
        for _ in 0..FORGOTTEN_AFTER {
            assert_eq!(sight.look(codes(&["b"])), [""; 0]);
        }
        assert_eq!(sight.look(codes(&["a", "b"])), ["a"]);
    }
}
