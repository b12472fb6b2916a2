//! The JavaScript that the tools make, rewritten to the hashed names of what it asks for.

use anyhow::{Result, bail};

/// What stands before the name of a file that is asked for. The same name elsewhere says which part of the module an
/// import belongs to, and stays.
const ASKING: [&str; 3] = ["from ", "import(", "new URL("];
const QUOTES: [char; 2] = ['"', '\''];

/// Puts an address in the place of `name` wherever a file of that name is asked for.
pub fn rename(js: &str, name: &str, address: &str) -> String {
    let mut js = js.to_owned();
    for asking in ASKING {
        for quote in QUOTES {
            let (before, after) =
                (format!("{asking}{quote}{name}{quote}"), format!("{asking}{quote}{address}{quote}"));
            js = js.replace(&before, &after);
        }
    }
    js
}

/// Refuses JavaScript that still asks for something beside it: in the bundle everything has another name.
pub fn refuse_relative(js: &str) -> Result<()> {
    for asking in ASKING {
        for quote in QUOTES {
            if let Some((_, rest)) = js.split_once(&format!("{asking}{quote}./")) {
                let name = rest.split(quote).next().unwrap_or_default();
                bail!("JavaScript asks for `./{name}`, which has no place in the bundle");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the cut writes it.
    const PARTS: &str = r#"import { initSync } from "./frontend.js";
const __chunk_2 = makeLoad(() => {
    const src = fetch(new URL("./chunk_2.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}, []);
export const __wasm_split_load_design = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_design.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}, [__chunk_2]));
"#;

    #[test]
    fn parts_are_fetched_by_their_hashed_names() {
        let mut js = PARTS.to_owned();
        for (name, address) in [
            ("./frontend.js", "/assets/frontend-1.js"),
            ("./chunk_2.wasm", "/assets/chunk_2-2.wasm"),
            ("./split_design.wasm", "/assets/split_design-3.wasm"),
        ] {
            assert!(refuse_relative(&js).is_err(), "{name}");
            js = rename(&js, name, address);
        }
        refuse_relative(&js).unwrap();
        assert!(js.contains(r#"from "/assets/frontend-1.js""#));
        assert!(js.contains(r#"new URL("/assets/split_design-3.wasm", import.meta.url)"#));
    }

    /// As wasm-bindgen writes it: the module knows its imports by the names that they had.
    #[test]
    fn what_the_module_calls_its_imports_stays() {
        let js = r#"import * as import1 from "./frontend-parts.js"
const imports = { "./frontend_bg.js": import0, "./frontend-parts.js": import1 };"#;
        let js = rename(js, "./frontend-parts.js", "/assets/frontend-parts-1.js");
        assert!(js.starts_with(r#"import * as import1 from "/assets/frontend-parts-1.js""#));
        assert!(js.contains(r#""./frontend-parts.js": import1"#));
        refuse_relative(&js).unwrap();
    }

    #[test]
    fn single_quotes_are_kept() {
        assert_eq!(
            rename("import a from './a.js'", "./a.js", "/assets/a-1.js"),
            "import a from '/assets/a-1.js'"
        );
    }

    #[test]
    fn a_name_that_begins_alike_is_another() {
        let js = r#"new URL("./chunk_12.wasm", import.meta.url)"#;
        assert_eq!(rename(js, "./chunk_1", "/x"), js);
    }
}
