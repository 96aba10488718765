//! Examples: shown, right and harmless.

mod fits;
mod found;
pub(super) mod shown;
