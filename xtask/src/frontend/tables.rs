//! Tables that a module exports, kept through wasm-opt.
//!
//! wasm-opt up to version 109, which Debian 12 has, writes every exported table as the first one (WebAssembly/binaryen#4711). A
//! module bound to JavaScript has two, and would take the table of its functions for that of JavaScript's values: it does
//! not start. Newer versions leave nothing to mend.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use crate::frontend::sections::Reader;

const EXPORTS: u8 = 7;
const TABLE: u8 = 1;

/// Gives the exported tables of a module the numbers that they had before it was made smaller, which keeps such tables
/// and their order.
pub fn keep(before: &[u8], after: &mut [u8]) -> Result<()> {
    let had = exported(before)?;
    for (name, table) in exported(after)? {
        let before = had.get(&name).with_context(|| format!("wasm-opt made up a table `{name}`"))?;
        *after.get_mut(table.place).context("a module that ends early")? = before.number;
    }
    Ok(())
}

/// An exported table: which one, and where that is written.
struct Exported {
    number: u8,
    place: usize,
}

fn exported(module: &[u8]) -> Result<BTreeMap<String, Exported>> {
    let mut tables = BTreeMap::new();
    let mut reader = Reader::new(module);
    while let Some(section) = reader.section()? {
        if section.id != EXPORTS {
            continue;
        }
        let mut reader = Reader::at(module, section.content);
        for _ in 0..reader.number()? {
            let length = reader.number()?;
            let name = String::from_utf8_lossy(reader.bytes(length)?).into_owned();
            let kind = reader.byte()?;
            let place = reader.place();
            let number = reader.number()?;
            if kind == TABLE {
                ensure!(number < 0x80, "the module has too many tables");
                tables.insert(name, Exported { number: number as u8, place });
            }
        }
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with an empty custom section, an exported function, and two exported tables of these numbers.
    fn module(functions: u8, values: u8) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0\0\x01\0".to_vec();
        let exports = [3, 1, b'r', 0, 9, 1, b'f', TABLE, functions, 1, b'v', TABLE, values];
        module.extend([EXPORTS, exports.len() as u8]);
        module.extend(exports);
        module
    }

    #[test]
    fn exported_tables_get_back_their_numbers() {
        let mut smaller = module(0, 0);
        keep(&module(0, 1), &mut smaller).unwrap();
        assert_eq!(smaller, module(0, 1));
    }

    #[test]
    fn a_module_that_ends_early_is_refused() {
        let whole = module(0, 1);
        assert!(keep(&whole, &mut module(0, 1)[..whole.len() - 1]).is_err());
    }
}
