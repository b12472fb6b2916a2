//! The engine that scripts are read and run by: raw, with chosen functions and narrow limits (reliability.md F2).

use rhai::{Engine, OptimizationLevel};

/// Bytes of one text.
pub(super) const MAX_TEXT: usize = 256 << 10;
/// Items of a list and entries of a map, those within them included.
const MAX_ITEMS: usize = 2_000;
const MAX_ENTRIES: usize = 10_000;
const MAX_VARIABLES: usize = 48;
const MAX_DEPTH: usize = 48;

/// Words that would lead out of what is counted here, and those that would hide how a script ends.
const FORBIDDEN: [&str; 18] = [
    "eval",
    "Fn",
    "call",
    "curry",
    "is_def_var",
    "is_def_fn",
    "is_shared",
    "import",
    "export",
    "print",
    "debug",
    "type_of",
    "try",
    "catch",
    "throw",
    "exit",
    "this",
    // Of whole numbers it would leave something out.
    "/=",
];

/// An engine with its limits, without any function.
pub(super) fn bare() -> Engine {
    let mut engine = Engine::new_raw();
    for symbol in FORBIDDEN {
        engine.disable_symbol(symbol);
    }
    engine.set_optimization_level(OptimizationLevel::None);
    // Division of whole numbers is ours.
    engine.set_fast_operators(false);
    engine.set_allow_shadowing(false);
    engine.set_strict_variables(false);
    engine.set_max_expr_depths(MAX_DEPTH);
    engine.set_max_string_size(MAX_TEXT);
    engine.set_max_array_size(MAX_ITEMS);
    engine.set_max_map_size(MAX_ENTRIES);
    engine.set_max_variables(MAX_VARIABLES);
    engine
}
