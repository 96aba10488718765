//! The rollout in the live view: where it is, who is left, what is forecast, and what happened last.

use jiff::civil::Date;

use super::frame::ratio;
use super::text::{Line, Style, bar};
use crate::drill::board::{Ahead, Board};
use crate::output;

/// Rows of it beside the events, the gap below included.
const ROWS_FIXED: usize = 5;
/// Events shown at most.
const EVENTS_MAX: usize = 6;
/// Columns of the bar.
const BAR: usize = 20;

/// The panel in at most `rows` rows, a gap at its end; nothing where there is no rollout or too little room.
pub fn rollout(board: Option<&Board>, rows: usize) -> Vec<Line> {
    let Some(board) = board.filter(|_| rows > ROWS_FIXED) else {
        return Vec::new();
    };
    let mut lines = vec![title(board), moved(board), left(board), ahead(board)];
    let shown = EVENTS_MAX.min(rows - ROWS_FIXED).min(board.events.len());
    for event in &board.events[board.events.len() - shown..] {
        let (date, text) = event.split_once("  ").unwrap_or(("", event));
        let line = Line::new().plain(" ").with(Style::Dim, date.to_owned());
        lines.push(line.plain(format!("  {text}")));
    }
    lines.push(Line::new());
    lines
}

fn title(board: &Board) -> Line {
    let phase = match board.phase {
        "" => "getting ready: sixty days of calls before the proposal",
        phase => phase,
    };
    let today = board
        .today
        .map_or_else(String::new, |day| format!("  {day}"));
    Line::new()
        .plain(" ")
        .with(Style::Bold, "ROLLOUT")
        .plain("  Orders 1.0.0 to 2.0.0  ")
        .with(Style::Accent, phase)
        .with(Style::Bold, today)
        .with(Style::Dim, until(board))
}

fn until(board: &Board) -> String {
    match (board.today, board.sunset) {
        (Some(today), Some(sunset)) if sunset > today => {
            let days = adoption::rollout::day::days_between(today, sunset);
            format!("  {days} days to the sunset on {sunset}")
        }
        (_, Some(sunset)) => format!("  sunset was on {sunset}"),
        _ => String::new(),
    }
}

fn moved(board: &Board) -> Line {
    let failed = match board.failed {
        0 => Style::Good,
        _ => Style::Bad,
    };
    Line::new()
        .plain(" ")
        .left(
            Style::Accent,
            &bar(ratio(board.moved, board.to_move), BAR),
            BAR,
        )
        .plain(format!(" {} of {} moved   ", board.moved, board.to_move))
        .plain(format!(
            "{} calls   {} brownouts, {} calls refused   ",
            output::count(board.calls),
            board.brownouts,
            board.refused
        ))
        .with(failed, format!("{} failed otherwise", board.failed))
}

fn left(board: &Board) -> Line {
    let Some(standing) = &board.standing else {
        return Line::new().with(Style::Dim, " the burn-down begins with the announcement");
    };
    Line::new().plain(format!(
        " by evidence {} of {} left, {} of the volume",
        standing.remaining,
        standing.consumers,
        output::percent(standing.volume_ppm as f64 / 1e6)
    ))
}

fn ahead(board: &Board) -> Line {
    let is_past = board.today >= board.sunset;
    let made = board.standing.and_then(|standing| standing.ahead);
    let text = match made.filter(|_| !is_past) {
        Some(ahead) => forecast(&ahead),
        None => "no forecast: nothing is left to foresee, or nothing is announced yet".to_owned(),
    };
    Line::new().with(Style::Dim, format!(" {text}"))
}

/// Never a figure without its band.
fn forecast(ahead: &Ahead) -> String {
    let date =
        |date: Option<Date>| date.map_or_else(|| "later".to_owned(), |date| date.to_string());
    let [low, middle, high] = ahead.left;
    let [soonest, median, latest] = ahead.most.map(date);
    format!(
        "forecast: at the sunset {middle} left ({low} to {high}), nine of ten by {median} ({soonest} to {latest}), all in time {}",
        output::percent(ahead.done_by_sunset)
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::drill::board::Standing;
    use crate::output::Colour;

    fn check(board: &Board, rows: usize) -> String {
        let lines = rollout(Some(board), rows);
        assert!(lines.len() <= rows, "{} lines in {rows} rows", lines.len());
        let lines: Vec<String> = lines.iter().map(|line| line.render(Colour::Off)).collect();
        lines.join("\n")
    }

    fn announced() -> Board {
        Board {
            today: Some(date(2027, 5, 12)),
            phase: "announced",
            sunset: Some(date(2027, 9, 1)),
            to_move: 28,
            moved: 7,
            standing: Some(Standing {
                consumers: 30,
                remaining: 23,
                volume_ppm: 312_000,
                ahead: Some(Ahead {
                    left: [1, 4, 11],
                    most: [Some(date(2027, 7, 2)), Some(date(2027, 8, 20)), None],
                    done_by_sunset: 0.125,
                }),
            }),
            calls: 12_345,
            brownouts: 0,
            refused: 0,
            failed: 0,
            events: vec![
                "2027-04-30  beta (Ada Owner)".to_owned(),
                "2027-05-11  announced (Ada Owner)".to_owned(),
            ],
        }
    }

    #[test]
    fn a_rollout_on_its_way() {
        insta::assert_snapshot!(check(&announced(), 10), @r"
         ROLLOUT  Orders 1.0.0 to 2.0.0  announced  2027-05-12  112 days to the sunset on 2027-09-01
         █████                7 of 28 moved   12,345 calls   0 brownouts, 0 calls refused   0 failed otherwise
         by evidence 23 of 30 left, 31.2% of the volume
         forecast: at the sunset 4 left (1 to 11), nine of ten by 2027-08-20 (2027-07-02 to later), all in time 12.5%
         2027-04-30  beta (Ada Owner)
         2027-05-11  announced (Ada Owner)
        ");
    }

    #[test]
    fn little_room_shows_the_latest_event_or_nothing() {
        let text = check(&announced(), ROWS_FIXED + 1);
        assert!(
            text.contains("2027-05-11") && !text.contains("2027-04-30"),
            "{text}"
        );
        assert_eq!(check(&announced(), ROWS_FIXED), "");
        assert!(rollout(None, 40).is_empty());
    }

    #[test]
    fn before_the_proposal_it_says_what_it_does() {
        let text = check(&Board::default(), 20);
        assert!(text.contains("getting ready"), "{text}");
    }
}
