//! Observation at the boundary of the crate: bodies, heads, and laws against a reference that keeps everything.

mod observe {
    mod body;
    mod head;
    mod laws;
}
mod reference;
