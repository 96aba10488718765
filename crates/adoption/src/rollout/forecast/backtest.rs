//! How forecasts of finished rollouts would have done: coverage and Brier scores, row by row.

use serde::{Deserialize, Serialize};

use super::band::Band;

/// One forecast of a finished rollout, made with what the other rollouts teach, against what came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BackTestRow {
    /// Index among the rollouts that were learnt from, oldest first.
    pub rollout: usize,
    /// How much of the window had passed: 25, 50 or 75.
    pub window_percent: u32,
    /// Consumers not cut over at the sunset, as forecast.
    pub forecast: Band,
    /// As it came.
    pub remaining: u32,
    /// Whether the 90 % interval held it.
    pub held: bool,
    /// Squared error of P(done by sunset): 0 is perfect, 0.25 is a coin.
    pub brier_done: f64,
    /// Mean squared error of P(not cut over by the sunset) over the consumers that were left.
    pub brier_consumers: f64,
}

/// Three rows per finished rollout, oldest first. Empty before the third rollout.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BackTest {
    pub rows: Vec<BackTestRow>,
}

/// The sums of a back-test at one point of the window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BackTestLine {
    pub window_percent: u32,
    pub forecasts: u32,
    /// Part of the forecasts whose 90 % interval held what came.
    pub coverage90: f64,
    pub brier_done: f64,
    pub brier_consumers: f64,
}

impl BackTest {
    /// One line for each of 25, 50 and 75 % of the window; none where nothing was tested.
    pub fn lines(&self) -> Vec<BackTestLine> {
        let lines = [25, 50, 75].into_iter();
        lines.filter_map(|percent| self.line(percent)).collect()
    }

    fn line(&self, window_percent: u32) -> Option<BackTestLine> {
        let rows = self.rows.iter();
        let rows: Vec<_> = rows
            .filter(|row| row.window_percent == window_percent)
            .collect();
        let n = rows.len() as f64;
        let mean = |value: &dyn Fn(&BackTestRow) -> f64| {
            rows.iter().map(|row| value(row)).sum::<f64>() / n
        };
        (!rows.is_empty()).then(|| BackTestLine {
            window_percent,
            forecasts: rows.len() as u32,
            coverage90: mean(&|row| f64::from(u8::from(row.held))),
            brier_done: mean(&|row| row.brier_done),
            brier_consumers: mean(&|row| row.brier_consumers),
        })
    }
}
