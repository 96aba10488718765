//! What one dimension of the bar finds, before overrides are asked.

use super::{Fix, Strength};

/// What a dimension finds, before overrides are asked.
#[derive(Debug)]
pub struct Finding {
    pub strength: Strength,
    pub reasons: Vec<String>,
    pub fixes: Vec<Fix>,
}

impl Finding {
    pub fn strong() -> Self {
        Self {
            strength: Strength::Strong,
            reasons: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// `strong` when there are no defects, else `below`.
    pub fn of(below: Strength, defects: Vec<(String, Fix)>) -> Self {
        if defects.is_empty() {
            return Self::strong();
        }
        let (reasons, mut fixes): (Vec<_>, Vec<_>) = defects.into_iter().unzip();
        fixes.dedup();
        Self {
            strength: below,
            reasons,
            fixes,
        }
    }
}
