//! Bar codes and square codes before the camera, where the browser reads such.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::window;

const DETECTOR: &str = "BarcodeDetector";

/// A member of a thing; nothing where it has none.
pub(super) fn member(thing: &JsValue, name: &str) -> Option<JsValue> {
    let found = Reflect::get(thing, &JsValue::from_str(name)).ok()?;
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

pub(super) fn call(thing: &JsValue, name: &str, with: &Array) -> Option<JsValue> {
    let function: Function = member(thing, name)?.dyn_into().ok()?;
    function.apply(thing, with).ok()
}

async fn awaited(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// The cameras of the device: without a safe connection there are none.
fn cameras() -> Option<JsValue> {
    let page = window()?;
    member(&page.navigator(), "mediaDevices")
}

/// Whether this browser reads codes that a camera sees.
pub fn reads_codes() -> bool {
    let detects = window().and_then(|window| member(&window, DETECTOR));
    detects.is_some() && cameras().is_some()
}

/// A camera that looks for codes. It is switched off when it is dropped.
pub struct CodeReader {
    stream: JsValue,
    detector: JsValue,
}

impl CodeReader {
    /// Switches on the camera that looks away from the person; nothing where there is none or the person does not let it.
    pub async fn open() -> Option<CodeReader> {
        let page = window()?;
        let kind: Function = member(&page, DETECTOR)?.dyn_into().ok()?;
        let detector = Reflect::construct(&kind, &Array::new()).ok()?;
        let (wanted, video) = (Object::new(), Object::new());
        Reflect::set(&video, &"facingMode".into(), &"environment".into()).ok()?;
        Reflect::set(&wanted, &"video".into(), &video).ok()?;
        let stream = awaited(call(&cameras()?, "getUserMedia", &Array::of1(&wanted))?).await?;
        Some(CodeReader { stream, detector })
    }

    /// Shows in a video what the camera sees.
    pub fn show_in(&self, video: &JsValue) {
        let _ = Reflect::set(video, &"srcObject".into(), &self.stream);
    }

    /// What the codes say that are before the camera now.
    pub async fn look(&self, video: &JsValue) -> Vec<String> {
        let Some(asked) = call(&self.detector, "detect", &Array::of1(video)) else { return Vec::new() };
        // Until its first picture there is nothing to read from.
        let Some(found) = awaited(asked).await else { return Vec::new() };
        let said = |code: JsValue| member(&code, "rawValue")?.as_string().filter(|said| !said.is_empty());
        Array::from(&found).iter().filter_map(said).collect()
    }
}

impl Drop for CodeReader {
    fn drop(&mut self) {
        let tracks = call(&self.stream, "getTracks", &Array::new()).map(|tracks| Array::from(&tracks));
        for track in tracks.iter().flat_map(Array::iter) {
            call(&track, "stop", &Array::new());
        }
    }
}
