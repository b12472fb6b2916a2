//! The tree of steps, drawn from top to bottom; arms lie side by side.

use engine::flow::document::{Clip, Part, Place};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::cards::Tree;
use super::commands::copied;
use super::keys::{focus_element, walk};
use super::mini_map::MiniMap;
use super::state::FlowDesigner;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize, Empty, IconButton, Slider};

/// The zoom in per cent: how far it goes and how much a press changes.
const ZOOM: (u32, u32, u32) = (40, 160, 15);

/// The zoom in per cent at which the words of a step are still read with ease.
const READABLE: u32 = 75;

/// What the pane keeps free at the sides of the drawing, in px.
const AROUND: i32 = 32;

#[component]
pub fn Canvas(designer: FlowDesigner) -> impl IntoView {
    let zoom = RwSignal::new(100u32);
    let frame = NodeRef::<Div>::new();
    let flow = NodeRef::<Div>::new();
    let scrolled = RwSignal::new(0u32);
    let zoom_by = move |by: i32| {
        zoom.update(|zoom| *zoom = zoom.saturating_add_signed(by).clamp(ZOOM.0, ZOOM.1));
    };
    let fit = move || {
        let (Some(frame), Some(flow)) = (frame.get_untracked(), flow.get_untracked()) else { return };
        let drawn = flow.get_bounding_client_rect();
        let room = (f64::from(frame.client_width()) / drawn.width())
            .min(f64::from(frame.client_height() - 80) / drawn.height());
        let fitting = f64::from(zoom.get_untracked()) * room;
        zoom.set((fitting as u32).clamp(ZOOM.0, 100));
    };
    // It opens with all arms in sight where they can still be read, and else on its middle.
    let opened = StoredValue::new(false);
    let open = move || {
        let (Some(frame), Some(flow)) = (frame.get_untracked(), flow.get_untracked()) else { return };
        let drawn = flow.get_bounding_client_rect().width();
        let fitting = 100.0 * f64::from(frame.client_width() - AROUND) / drawn.max(1.0);
        zoom.set((fitting as u32).clamp(READABLE, 100));
        request_animation_frame(move || {
            frame.set_scroll_left((frame.scroll_width() - frame.client_width()) / 2);
        });
    };
    Effect::new(move || {
        if flow.get().is_some() && !opened.get_value() {
            opened.set_value(true);
            request_animation_frame(open);
        }
    });
    let by_wheel = move |event: leptos::ev::WheelEvent| {
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            zoom_by(if event.delta_y() > 0.0 { -5 } else { 5 });
        }
    };
    let step = ZOOM.2.cast_signed();
    let by_key = move |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match event.key().as_str() {
            "+" | "=" => zoom_by(step),
            "-" => zoom_by(-step),
            "0" => fit(),
            _other_key => return,
        }
        event.prevent_default();
    };
    // What was moved or made gets the focus once it is drawn.
    Effect::new(move || {
        designer.outline.track();
        if let Some(id) = designer.focus.try_update_value(Option::take).flatten() {
            request_animation_frame(move || focus_element(&id));
        }
    });
    let is_empty = Memo::new(move |_| designer.document.with(|document| document.steps.is_empty()));
    let first = move |_| designer.add("approve", Place { within: None, position: 0 });
    view! {
        <div class="flow-frame" on:keydown=by_key>
            <div node_ref=frame class="flow-canvas" on:wheel=by_wheel on:scroll=move |_| scrolled.update(|times| *times += 1)>
                <Show
                    when=move || !is_empty.get()
                    fallback=move || view! {
                        <Empty icon="flow" title=t!("flows-empty") text=Signal::derive(t!("flows-empty-text"))>
                            <Button kind=ButtonKind::Primary icon="plus" on_press=first>{t!("flows-add-first")}</Button>
                            {matches!(copied(), Some(Clip::Step(_))).then(|| view! {
                                <Button icon="copy" on_press=move |_| designer.paste(&Part::Start)>{t!("flows-paste")}</Button>
                            })}
                        </Empty>
                    }
                >
                    <div
                        node_ref=flow
                        class="flow"
                        class:dragging=move || designer.dragged.with(Option::is_some)
                        style:zoom=move || format!("{}%", zoom.get())
                        on:keydown=move |event| walk(&event)
                        on:dragend=move |_| designer.dragged.set(None)
                    >
                        <Tree designer=designer/>
                    </div>
                </Show>
            </div>
            <div class="zoom">
                <IconButton icon="zoom-out" label=t!("flows-zoom-out") size=ControlSize::Small on_press=move |_| zoom_by(-step)/>
                <Slider value=zoom range=(ZOOM.0, ZOOM.1, 1) on_input=move |to: u32| zoom.set(to) label=t!("flows-zoom")/>
                <span class="num">{move || format!("{}\u{a0}%", zoom.get())}</span>
                <IconButton icon="zoom-in" label=t!("flows-zoom-in") size=ControlSize::Small on_press=move |_| zoom_by(step)/>
                <IconButton icon="fit" label=t!("flows-zoom-fit") size=ControlSize::Small on_press=move |_| fit()/>
            </div>
            <MiniMap designer=designer frame=frame flow=flow zoom=zoom scrolled=scrolled/>
        </div>
    }
}
