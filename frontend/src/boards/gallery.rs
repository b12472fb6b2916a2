//! Cards with a picture, as many beside each other as there is room for.

use engine::value::Value;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wire::records::Record;

use super::{Board, Followed, cards};
use crate::api::files;
use crate::grid::Window;
use crate::ui::{Icon, press_by_key};

/// A card is so wide at least; as in the style sheet.
const NARROWEST: f64 = 220.0;
const GAP: f64 = 12.0;
/// The height of a picture.
const COVER: f64 = 140.0;

/// How many cards stand beside each other.
fn abreast(width: f64) -> usize {
    (((width - GAP) / (NARROWEST + GAP)) as usize).max(1)
}

#[component]
pub fn GalleryBoard(board: Board, cover: Option<String>) -> impl IntoView {
    let rows = board.rows;
    let frame = NodeRef::<Div>::new();
    let (top, height, width) = (RwSignal::new(0.0f64), RwSignal::new(900.0f64), RwSignal::new(900.0f64));
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            top.set(f64::from(frame.scroll_top()));
            height.set(f64::from(frame.client_height()));
            width.set(f64::from(frame.client_width()));
        }
    };
    frame.on_load(move |_| request_animation_frame(measure));
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let facts = Memo::new(move |_| cards::facts(board));
    let has_cover = cover.is_some();
    let cover = StoredValue::new(cover);
    let followed = Followed::new();
    let card_height = move || cards::height(facts.with(Vec::len)) + if has_cover { COVER } else { 0.0 };
    let columns = Memo::new(move |_| abreast(width.get()));
    let window = Memo::new(move |_| {
        let total = rows.len().div_ceil(columns.get());
        Window { total, top: top.get(), view: height.get(), row: card_height() + GAP }
    });
    Effect::new(move || {
        rows.count.track();
        let ((first, last), abreast) = (window.get().rows(), columns.get());
        if last > first {
            rows.want(first * abreast, (last * abreast).min(untrack(|| rows.len())));
        }
    });
    let places = move || {
        let ((first, last), abreast) = (window.get().rows(), columns.get());
        first * abreast..(last * abreast).min(rows.len())
    };
    let card = move |place: usize| {
        let record = Memo::new(move |_| rows.at(place));
        move || {
            record.get().map(|record| {
                let cover = cover.get_value();
                view! { <GalleryCard board=board followed=followed record=record cover=cover facts=facts height=card_height()/> }
            })
        }
    };
    let (above, below) =
        (move || format!("{}px", window.get().gaps().0), move || format!("{}px", window.get().gaps().1));
    view! {
        <div class="gallery-frame" node_ref=frame on:scroll=move |_| measure()>
            <div style:height=above></div>
            <div class="gallery-cards" role="list">
                <For each=places key=|place| *place children=card/>
            </div>
            <div style:height=below></div>
        </div>
    }
}

#[component]
fn GalleryCard(
    board: Board,
    followed: Followed,
    record: Record,
    cover: Option<String>,
    facts: Memo<Vec<String>>,
    height: f64,
) -> impl IntoView {
    let id = record.id;
    let picture = cover.map(|cover| {
        let value = board.value(&record, &cover);
        let first = value.items().iter().find_map(Value::as_ref_id);
        match first {
            Some(file) => {
                view! { <span class="cover"><img src=files::address(file) alt="" loading="lazy"/></span> }
                    .into_any()
            }
            None => view! { <span class="cover blank"><Icon name="image"/></span> }.into_any(),
        }
    });
    let content = cards::content(board, &record, &facts.get());
    let on_key = move |event: KeyboardEvent| press_by_key(&event, move || board.open(id));
    let node = NodeRef::<Div>::new();
    followed.attend(id, node);
    view! {
        <div role="listitem">
            <div
                node_ref=node
                class="board-card pictured"
                class:is-open=move || board.is_open(id)
                role="button"
                tabindex="0"
                style:height=format!("{height}px")
                on:click=move |_| board.open(id)
                on:keydown=on_key
            >
                {picture}
                <span class="card-words">{content}</span>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_for_one_card() {
        assert_eq!((abreast(100.0), abreast(360.0), abreast(500.0), abreast(1200.0)), (1, 1, 2, 5));
    }
}
