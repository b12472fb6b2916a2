//! Print-outs inside a page: their markup and their styles, kept apart from those of the page.
//!
//! The page takes no styles but its own files; a sheet that a program makes is no markup, and is taken.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use super::codes::{call, member};
use super::window;

const SHEET: &str = "CSSStyleSheet";
const SHEETS: &str = "adoptedStyleSheets";

fn sheet_of(style: &str) -> Option<JsValue> {
    let kind: js_sys::Function = wasm_bindgen::JsCast::dyn_into(member(window()?.as_ref(), SHEET)?).ok()?;
    let sheet = Reflect::construct(&kind, &Array::new()).ok()?;
    call(&sheet, "replaceSync", &Array::of1(&JsValue::from_str(style)))?;
    Some(sheet)
}

/// Shows a print-out in an element, in place of what was shown there; nothing where the browser can't. The markup is the
/// engine's own, which escapes every text in it.
pub fn show_print_out(place: &JsValue, style: &str, content: &str) -> Option<()> {
    let root = match member(place, "shadowRoot") {
        Some(root) => root,
        None => {
            let open = Object::new();
            Reflect::set(&open, &"mode".into(), &"open".into()).ok()?;
            call(place, "attachShadow", &Array::of1(&open))?
        }
    };
    Reflect::set(&root, &SHEETS.into(), &Array::of1(&sheet_of(style)?)).ok()?;
    set_inner_html(&root, content)
}

fn set_inner_html(root: &JsValue, content: &str) -> Option<()> {
    Reflect::set(root, &"innerHTML".into(), &content.into()).ok().map(drop)
}

/// The style of the pages of a print-out, as long as it is held.
pub struct PageStyle {
    sheet: JsValue,
}

impl PageStyle {
    pub fn hold(style: &str) -> Option<PageStyle> {
        let (page, sheet) = (window()?.document()?, sheet_of(style)?);
        let sheets = Array::from(&member(&page, SHEETS)?);
        sheets.push(&sheet);
        Reflect::set(&page, &SHEETS.into(), &sheets).ok()?;
        Some(PageStyle { sheet })
    }
}

impl Drop for PageStyle {
    fn drop(&mut self) {
        let Some(page) = window().and_then(|window| window.document()) else { return };
        let Some(sheets) = member(&page, SHEETS) else { return };
        let others = Array::from(&sheets).iter().filter(|sheet| *sheet != self.sheet).collect::<Array>();
        let _ = Reflect::set(&page, &SHEETS.into(), &others);
    }
}

/// Where the product is reached from here: `https://forms.example.com`.
pub fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// A file as an address that holds its bytes; nothing where there are more than `most`, or it can't be read.
pub async fn data_address(file: &web_sys::File, most: usize) -> Option<String> {
    use wasm_bindgen::JsCast;
    let promise: js_sys::Promise = call(file, "arrayBuffer", &Array::new())?.dyn_into().ok()?;
    let buffer = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    if bytes.is_empty() || bytes.len() > most {
        return None;
    }
    // What the browser makes letters of is a text of as many signs as there are bytes.
    let signs: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let letters = call(window()?.as_ref(), "btoa", &Array::of1(&JsValue::from_str(&signs)))?.as_string()?;
    Some(format!("data:{};base64,{letters}", file.type_()))
}
