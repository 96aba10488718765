//! The changelog of a comparison for people: Keep a Changelog categories, in each the operations.

mod category;
mod entries;
mod render;
#[cfg(test)]
mod tests;

pub use category::Category;
pub use entries::{Changelog, Item, OperationItems, Section};
pub use render::markdown;
