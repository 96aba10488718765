//! The tables of results and the line of JSON.

use std::collections::BTreeMap;

use crate::processes::Process;
use crate::score::{Mean, Point, Scores};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub process: &'static str,
    pub point: Point,
    pub pooled: bool,
}

#[derive(Default)]
pub struct Results {
    scores: BTreeMap<Key, Scores>,
    spread: Mean,
}

impl Results {
    pub fn add(&mut self, key: Key, scores: &Scores) {
        self.scores.entry(key).or_default().join(scores);
    }

    pub fn add_spread(&mut self, spread: f64, past: u64) {
        if past >= 3 {
            self.spread.add(spread);
        }
    }

    pub fn join(&mut self, other: &Self) {
        for (key, scores) in &other.scores {
            self.add(*key, scores);
        }
        let n = other.spread.n() as u64;
        for _ in 0..n {
            self.spread.add(other.spread.value());
        }
    }

    fn of(&self, wanted: impl Fn(&Key) -> bool) -> Scores {
        let mut sum = Scores::default();
        for (key, scores) in &self.scores {
            if wanted(key) {
                sum.join(scores);
            }
        }
        sum
    }

    pub fn print(&self, test: bool) {
        let processes = match test {
            true => &Process::ALL[..],
            false => &Process::CHOSEN_ON,
        };
        let names = processes.iter().map(|process| process.name());
        let held_out = |key: &Key| {
            let mut all = Process::ALL.into_iter();
            all.any(|process| process.is_held_out() && process.name() == key.process)
        };
        let at = |point: Point| move |key: &Key| key.point == point;
        println!(
            "| process | left at the sunset: 25 % | 50 % | 75 % | 30 days before | all | below, above | half-way | completion | width | naive | naive width |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for name in names.clone() {
            self.print_coverage(name, &|key| key.process == name);
        }
        if test {
            self.print_coverage("the six it was chosen on", &|key| !held_out(key));
            self.print_coverage("the three held out", &held_out);
        }
        self.print_coverage("prior alone (0 or 2 before)", &|key| !key.pooled);
        self.print_coverage("pooled (5 or 8 before)", &|key| key.pooled);
        self.print_coverage("all", &|_| true);

        println!(
            "\n| forecast at | Brier per consumer | base rate | naive | Brier of done | naive | median off by | naive |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        for point in Point::ALL {
            print_brier(point.name(), &self.of(at(point)));
        }
        if test {
            print_brier("held out", &self.of(held_out));
        }
        print_brier("prior alone", &self.of(|key| !key.pooled));
        print_brier("pooled", &self.of(|key| key.pooled));
        print_brier("all", &self.of(|_| true));

        println!(
            "\n| at risk, 30 days before the sunset | recall | precision | late of those left | listed of those left |"
        );
        println!("|---|---|---|---|---|");
        let last = at(Point::ThirtyDays);
        for name in names {
            print_risk(name, &self.of(|key| last(key) && key.process == name));
        }
        print_risk("all", &self.of(last));
        println!("\nmean spread after learning: {:.2}", self.spread.value());
        self.print_json(test, &held_out);
    }

    fn print_coverage(&self, name: &str, wanted: &dyn Fn(&Key) -> bool) {
        print!("| {name} ");
        for point in Point::ALL {
            let scores = self.of(|key| wanted(key) && key.point == point);
            print!("| {} ", percent(&scores.sunset));
        }
        let s = self.of(wanted);
        println!(
            "| {} | {}, {} | {} | {} | {} | {} | {} |",
            percent(&s.sunset),
            percent(&s.below),
            percent(&s.above),
            percent(&s.half_way),
            percent(&s.completion),
            percent(&s.width),
            percent(&s.naive_sunset),
            percent(&s.naive_width),
        );
    }

    fn print_json(&self, test: bool, held_out: &dyn Fn(&Key) -> bool) {
        let all = self.of(|_| true);
        let late = self.of(|key| key.point == Point::ThirtyDays);
        println!(
            "{{\"seeds\":\"{}\",\"forecasts\":{},\"rollouts\":{},\"coverage90\":{:.4},\"coverage90_completion\":{:.4},\"coverage90_30_days\":{:.4},\"coverage90_held_out\":{:.4},\"at_risk_recall\":{:.4},\"at_risk_precision\":{:.4},\"brier\":{:.4},\"brier_base_rate\":{:.4},\"brier_naive\":{:.4}}}",
            if test { "test" } else { "calibration" },
            all.sunset.n(),
            late.sunset.n(),
            all.sunset.value(),
            all.completion.value(),
            late.sunset.value(),
            self.of(held_out).sunset.value(),
            late.recall.value(),
            late.precision.value(),
            all.consumers.value(),
            all.base_rate(),
            all.naive_consumers.value(),
        );
    }
}

fn print_brier(name: &str, s: &Scores) {
    println!(
        "| {name} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {} | {} |",
        s.consumers.value(),
        s.base_rate(),
        s.naive_consumers.value(),
        s.done.value(),
        s.naive_done.value(),
        percent(&s.error),
        percent(&s.naive_error),
    );
}

fn print_risk(name: &str, s: &Scores) {
    println!(
        "| {name} | {:.3} | {:.3} | {:.3} | {:.3} |",
        s.recall.value(),
        s.precision.value(),
        s.base.value(),
        s.listed.value(),
    );
}

fn percent(mean: &Mean) -> String {
    format!("{:.1} %", 100.0 * mean.value())
}
