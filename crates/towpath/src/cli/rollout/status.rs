//! `towpath rollout status`: how many are left, whether the rest will make it, and whom to call.

use std::fmt::Write as _;

use web::api::rollout_status::{
    RolloutDateBand, RolloutDay, RolloutForecast, RolloutPerson, RolloutStatus,
};

use crate::cli::args::{Format, RolloutStatusArgs};
use crate::cli::remote::{Remote, print_csv};
use crate::client::encode;
use crate::failure::Failure;
use crate::output::{self, Align, Colour, Table, instant};

/// Consumers at risk that the text shows; `--format csv` has all.
const RISKS_SHOWN: usize = 15;
/// Brownouts and comebacks that the text shows.
const LINES_SHOWN: usize = 8;
/// A burn-down of so many columns fits beside its figures into a line of 100.
const SPARK_COLUMNS: usize = 60;

/// How a figure is written.
type Figure = fn(u64) -> String;

/// Prints how a rollout stands.
pub async fn run(remote: &Remote, args: RolloutStatusArgs) -> Result<(), Failure> {
    let rollout = match args.rollout {
        Some(rollout) => rollout,
        None => newest(remote).await?,
    };
    let path = format!("/rollouts/{}/status", encode(&rollout));
    let status: RolloutStatus = remote.get(&path).await?;
    match args.output.format {
        Format::Json => output::print_json(&status),
        Format::Csv => print_csv(&status.people),
        Format::Human => output::print(&text_of(&status)),
    }
}

async fn newest(remote: &Remote) -> Result<String, Failure> {
    let rollouts: Vec<web::api::rollouts::RolloutSummary> = remote.list("/rollouts").await?;
    let mut running = rollouts
        .iter()
        .filter(|one| !["removed", "aborted"].contains(&one.phase.as_str()));
    match (running.next(), running.next()) {
        (Some(one), None) => Ok(one.id.clone()),
        (None, _) => Err(Failure::usage(
            "no rollout is under way: name one (towpath rollout list)",
        )),
        (Some(_), Some(_)) => Err(Failure::usage(
            "more than one rollout is under way: name one, by its id or its surface (towpath rollout list)",
        )),
    }
}

/// What a product manager reads first stands first.
fn text_of(status: &RolloutStatus) -> String {
    let summary = &status.summary;
    let mut text = format!(
        "{} ({}), {} on {}\n",
        summary.name, summary.id, summary.phase, summary.surface
    );
    let _ = writeln!(
        text,
        "{} of {} consumers are left, {} of the volume; {} calls of the old a day",
        output::count(status.remaining),
        output::count(status.consumers),
        share(status.volume_ppm),
        output::count(status.old_calls_per_day)
    );
    forecast_text(&mut text, status);
    burn_down_text(&mut text, status);
    risk_text(&mut text, status);
    comebacks_text(&mut text, status);
    dates_text(&mut text, status);
    brownouts_text(&mut text, status);
    let _ = writeln!(
        text,
        "\nERROR BUDGET  {} of {} calls failed in the last hour; a brownout goes with {}",
        share(status.health.failed_ppm),
        output::count(status.health.calls),
        share(status.health.budget_ppm)
    );
    text
}

fn forecast_text(text: &mut String, status: &RolloutStatus) {
    let Some(made) = &status.forecast else {
        let why = status.not_forecast.as_deref().unwrap_or("nothing is known");
        let _ = writeln!(text, "\nWILL WE MAKE IT  no forecast: {why}");
        return;
    };
    let _ = writeln!(text, "\nWILL WE MAKE IT  {}", basis(made));
    let left = &made.left_at_sunset;
    let _ = writeln!(
        text,
        "  left on {:<10}  {} to {}, half of the futures at most {}",
        made.sunset,
        output::count(left.p05),
        output::count(left.p95),
        output::count(left.p50)
    );
    for one in &made.milestones {
        let part = format!("{} % over", one.permille / 10);
        let _ = writeln!(text, "  {part:<18}  {}", band(&one.date));
    }
    let _ = writeln!(text, "  {:<18}  {}", "all over", band(&made.done));
    let _ = writeln!(
        text,
        "  (never: not by {}, where the forecast ends)",
        made.horizon
    );
}

/// What the forecast rests on; a band never stands without it.
fn basis(made: &RolloutForecast) -> String {
    let held = made.coverage90.map_or(String::new(), |held| {
        format!(
            ", whose forecasts would have held {}",
            output::percent(held)
        )
    });
    match made.basis.as_str() {
        "prior" => format!(
            "prior: {} finished rollouts, of 3 that it takes to learn from",
            made.rollouts
        ),
        basis => format!("{basis}: {} finished rollouts{held}", made.rollouts),
    }
}

fn band(band: &RolloutDateBand) -> String {
    let date = |date: &Option<String>| date.clone().unwrap_or_else(|| "never".to_owned());
    let by_sunset = match band.by_sunset {
        chance if chance < 0.001 => "under 0.1 %".to_owned(),
        chance => output::percent(chance),
    };
    format!(
        "{} to {}, half by {}; by the sunset: {by_sunset}",
        date(&band.p10),
        date(&band.p90),
        date(&band.p50)
    )
}

fn burn_down_text(text: &mut String, status: &RolloutStatus) {
    let _ = writeln!(text, "\nBURN-DOWN  {} to {}", status.since, status.today);
    let line = |of: fn(&RolloutDay) -> u64| status.days.iter().map(of).collect::<Vec<u64>>();
    let lines = [
        (
            "consumers",
            line(|day| day.remaining),
            output::count as Figure,
        ),
        ("volume", line(|day| day.volume_ppm), share),
        ("calls a day", line(|day| day.calls), output::count),
    ];
    for (name, values, figure) in lines {
        let (Some(first), Some(last)) = (values.first(), values.last()) else {
            continue;
        };
        let _ = writeln!(
            text,
            "  {name:<11} {:>9} {} {}",
            figure(*first),
            sparkline(&values, SPARK_COLUMNS),
            figure(*last)
        );
    }
    let states = status.states.iter().map(|one| {
        let name = match one.state.as_str() {
            "silent" => "silent but not proven".to_owned(),
            other => other.replace('_', " "),
        };
        format!("{} {name}", output::count(one.consumers))
    });
    let _ = writeln!(text, "  {}", states.collect::<Vec<_>>().join(", "));
}

/// Heights of eight, from nothing to the greatest value; several days in one column show their mean.
fn sparkline(values: &[u64], columns: usize) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let greatest = values.iter().copied().max().unwrap_or(0).max(1);
    let columns = columns.min(values.len());
    let column = |at: usize| {
        let own = &values[at * values.len() / columns..(at + 1) * values.len() / columns];
        let sum: u128 = own.iter().map(|value| u128::from(*value)).sum();
        let height = (sum * 7).div_ceil(own.len() as u128 * u128::from(greatest));
        HEIGHTS[usize::try_from(height).unwrap_or(7).min(7)]
    };
    (0..columns).map(column).collect()
}

fn risk_text(text: &mut String, status: &RolloutStatus) {
    if status.forecast.is_none() {
        return;
    }
    let risky: Vec<&RolloutPerson> = status.people.iter().filter(|one| one.at_risk).collect();
    let count = output::count(risky.len() as u64);
    if risky.is_empty() {
        text.push_str("\nWHOM TO CALL  nobody is at risk\n");
        return;
    }
    let _ = writeln!(text, "\nWHOM TO CALL  {count} at risk, the heaviest first");
    let mut table = Table::new(&[
        ("consumer", Align::Left),
        ("segment", Align::Left),
        ("state", Align::Left),
        ("late", Align::Right),
        ("calls", Align::Right),
        ("old used", Align::Left),
        ("contact", Align::Left),
        ("why", Align::Left),
    ]);
    for one in risky.iter().take(RISKS_SHOWN) {
        let contact = one.contacts.first().map(|contact| contact.address.clone());
        table.row(vec![
            one.name.clone(),
            one.segment.replace('_', " "),
            one.state.replace('_', " "),
            output::percent(one.late.unwrap_or(1.0)),
            output::count(one.calls_before),
            instant(one.old_last).chars().take(10).collect(),
            output::optional(&contact),
            one.reasons.join("; "),
        ]);
    }
    text.push_str(&table.render(Colour::of_stdout()));
    more(text, risky.len(), RISKS_SHOWN);
}

fn comebacks_text(text: &mut String, status: &RolloutStatus) {
    if status.comebacks.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\nCAME BACK  {}",
        output::count(status.comebacks.len() as u64)
    );
    for one in status.comebacks.iter().take(LINES_SHOWN) {
        let _ = writeln!(text, "  {}  {}", one.came_back_on, one.name);
    }
    more(text, status.comebacks.len(), LINES_SHOWN);
}

fn dates_text(text: &mut String, status: &RolloutStatus) {
    if status.next.is_empty() {
        return;
    }
    text.push_str("\nDATES\n");
    for one in &status.next {
        let when = match one.days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days if days < 0 => format!("{} days ago, and not taken", -days),
            days => format!("in {days} days"),
        };
        let _ = writeln!(text, "  {:<10} {}  {when}", one.name, one.date);
    }
}

fn brownouts_text(text: &mut String, status: &RolloutStatus) {
    if status.brownouts.is_empty() {
        return;
    }
    let planned = status
        .brownouts
        .iter()
        .filter(|one| one.outcome == "planned")
        .count();
    let done = status.brownouts.len() - planned;
    let _ = writeln!(text, "\nBROWNOUTS  {done} over, {planned} to come");
    // The last that ran, and the next.
    let from = done.saturating_sub(LINES_SHOWN / 2);
    for one in status.brownouts.iter().skip(from).take(LINES_SHOWN) {
        let _ = writeln!(
            text,
            "  {}  {} stage {}  {}",
            output::minute(Some(one.from)),
            one.segment.replace('_', " "),
            one.stage,
            one.outcome
        );
    }
}

fn more(text: &mut String, count: usize, shown: usize) {
    if count > shown {
        let _ = writeln!(text, "… and {} more", count - shown);
    }
}

fn share(ppm: u64) -> String {
    output::percent(ppm as f64 / 1_000_000.0)
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn a_sparkline_is_read_by_height() {
        assert_eq!(sparkline(&[], 60), "");
        assert_eq!(sparkline(&[0, 0], 60), "▁▁");
        assert_eq!(sparkline(&[70, 60, 40, 20, 1, 0], 60), "█▇▅▃▂▁");
        // Neighbours share a column, and each value is in one.
        assert_eq!(sparkline(&[8, 8, 4, 4, 0, 0, 0], 3), "█▅▁");
        assert_eq!(sparkline(&[u64::MAX; 100], 60).chars().count(), 60);
    }
}
