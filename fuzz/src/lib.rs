//! What the fuzz targets share: inputs taken apart, documents edited, and what must hold of every result.

pub mod edits;
pub mod laws;
pub mod parts;
