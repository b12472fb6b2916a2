//! `index.html` and the loader, rewritten to the hashed names.
//!
//! The template `frontend/index.html` names files as they lie in `frontend/`: `style/…`, `assets/…`, and `loader.js`, which
//! is made here. The content security policy allows nothing inline, so a template that has it is refused.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// From a file's place in `frontend/` to the address that serves it.
pub type Addresses = BTreeMap<String, String>;

/// The module that starts the product: addresses for the program, then the program.
pub fn loader(js_address: &str, wasm_address: &str, addresses: &Addresses) -> Result<String> {
    let assets: BTreeMap<_, _> = addresses.iter().filter(|(name, _)| name.starts_with("assets/")).collect();
    let assets = serde_json::to_string(&assets)?;
    Ok(format!(
        r#"import init from "{js_address}";

globalThis.formworkAssets = Object.freeze({assets});
init({{ module_or_path: "{wasm_address}" }}).catch((cause) => {{
  console.error(cause);
  document.getElementById("load-failed")?.removeAttribute("hidden");
}});
"#
    ))
}

/// The page, with every reference turned into an address, and the program's scripts and its module asked for at once.
pub fn page(template: &str, addresses: &Addresses, scripts: &[&str], wasm_address: &str) -> Result<String> {
    refuse_inline(template)?;
    let mut page = template.to_owned();
    for (name, address) in addresses {
        page = page.replace(&format!("\"{name}\""), &format!("\"{address}\""));
        page = page.replace(&format!("\"{name}#"), &format!("\"{address}#"));
    }
    for folder in ["\"style/", "\"assets/"] {
        if let Some((_, rest)) = page.split_once(folder) {
            let name = rest.split('"').next().unwrap_or_default();
            bail!("frontend/index.html names {}{name}, which is not there", &folder[1..]);
        }
    }
    let scripts: String =
        scripts.iter().map(|address| format!("<link rel=\"modulepreload\" href=\"{address}\">\n")).collect();
    let early = format!(
        "{scripts}<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"{wasm_address}\">\n</head>"
    );
    let starts = addresses.get("loader.js").is_some_and(|loader| page.contains(loader));
    if !page.contains("</head>") || !starts {
        bail!("frontend/index.html needs a </head> and <script type=\"module\" src=\"loader.js\"></script>");
    }
    Ok(page.replacen("</head>", &early, 1))
}

/// Addresses inside a style sheet: `url("../assets/…")`.
pub fn style(text: &str, addresses: &Addresses) -> String {
    let mut text = text.to_owned();
    for (name, address) in addresses {
        for quote in ['"', '\''] {
            text = text.replace(&format!("url({quote}../{name}{quote})"), &format!("url(\"{address}\")"));
        }
        text = text.replace(&format!("url(../{name})"), &format!("url(\"{address}\")"));
    }
    text
}

fn refuse_inline(template: &str) -> Result<()> {
    let lower = template.to_lowercase();
    let scripts = lower.matches("<script").count();
    let with_source = lower
        .split("<script")
        .skip(1)
        .filter(|rest| rest.split('>').next().is_some_and(|tag| tag.contains(" src=")))
        .count();
    if scripts != with_source
        || lower.contains("<style")
        || lower.contains(" style=")
        || lower.contains(" onload=")
    {
        bail!("frontend/index.html has an inline script or style, which the content security policy refuses");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"<html><head><link rel="stylesheet" href="style/a.css"></head><body><script type="module" src="loader.js"></script></body></html>"#;

    fn addresses() -> Addresses {
        let pairs = [
            ("style/a.css", "/assets/a-1.css"),
            ("loader.js", "/assets/loader-2.js"),
            ("assets/i.svg", "/assets/i-3.svg"),
        ];
        pairs.into_iter().map(|(name, address)| (name.to_owned(), address.to_owned())).collect()
    }

    #[test]
    fn a_page_names_hashed_files_only() {
        let page = page(TEMPLATE, &addresses(), &["/assets/f.js"], "/assets/f.wasm").unwrap();
        assert!(page.contains(r#"href="/assets/a-1.css""#) && page.contains(r#"src="/assets/loader-2.js""#));
        assert!(!page.contains("style/a.css") && page.contains("modulepreload"));
    }

    #[test]
    fn a_reference_to_a_missing_file_is_refused() {
        let template = TEMPLATE.replace("style/a.css", "style/gone.css");
        let error = page(&template, &addresses(), &["/j"], "/w").unwrap_err().to_string();
        assert!(error.contains("style/gone.css"), "{error}");
    }

    #[test]
    fn inline_scripts_and_styles_are_refused() {
        for inline in ["<script>alert(1)</script>", "<style>a{}</style>", r#"<p style="color:red">"#] {
            let template = TEMPLATE.replace("</body>", &format!("{inline}</body>"));
            assert!(page(&template, &addresses(), &["/j"], "/w").is_err(), "{inline}");
        }
    }

    #[test]
    fn style_sheets_find_their_pictures() {
        assert_eq!(style("a{b:url('../assets/i.svg')}", &addresses()), "a{b:url(\"/assets/i-3.svg\")}");
    }
}
