//! The frame of a chart: it knows its width, and shows the exact numbers of the group under the pointer.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::picture::Picture;

/// A drawing of a given height at the width that its box has.
#[component]
pub fn Canvas(
    height: f64,
    label: String,
    picture: Picture,
    /// The group under the pointer, and where its middle lies.
    hovered: RwSignal<Option<(usize, f64)>>,
    draw: impl Fn(f64) -> AnyView + Send + Sync + 'static,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let width = RwSignal::new(0.0f64);
    follow_width(node, width);
    let picture = StoredValue::new(picture);
    let tip = move || {
        let (place, middle) = hovered.get()?;
        let lines = picture.with_value(|picture| {
            let lines = picture.series.iter().map(|series| {
                let text = series.texts.get(place).cloned().unwrap_or_default();
                let swatch = format!("swatch s{}", series.colour);
                view! { <span class="row"><i class=swatch></i><span class="grow">{series.label.clone()}</span><b class="num">{text}</b></span> }
            });
            lines.collect_view()
        });
        let name = picture.with_value(|picture| picture.names.get(place).cloned().unwrap_or_default());
        let at_right = middle > width.get_untracked() / 2.0;
        let offset = if at_right { width.get_untracked() - middle + 12.0 } else { middle + 12.0 };
        let (left, right) = if at_right {
            ("auto".to_string(), format!("{offset}px"))
        } else {
            (format!("{offset}px"), "auto".to_string())
        };
        Some(view! {
            <div class="chart-tip" style:left=left style:right=right><b>{name}</b>{lines}</div>
        })
    };
    view! {
        <div node_ref=node class="chart-canvas" style:height=format!("{height}px") on:pointerleave=move |_| hovered.set(None)>
            {move || {
                let width = width.get();
                (width > 40.0).then(|| view! {
                    <svg class="chart" role="img" aria-label=label.clone() width=width.to_string() height=height.to_string() viewBox=format!("0 0 {width} {height}")>
                        {draw(width)}
                    </svg>
                })
            }}
            {tip}
        </div>
    }
}

/// Keeps `width` at the width of the element.
fn follow_width(node: NodeRef<Div>, width: RwSignal<f64>) {
    node.on_load(move |element| {
        let element: web_sys::Element = element.unchecked_into();
        let seen = element.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let now = seen.get_bounding_client_rect().width().floor();
            if width.try_get_untracked().is_some_and(|before| (before - now).abs() >= 1.0) {
                width.set(now);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local(Some((observer, measure)));
            on_cleanup(move || {
                if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
                    observer.disconnect();
                }
            });
        }
    });
}
