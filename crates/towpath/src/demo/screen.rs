//! The terminal as a canvas: taken over while the live view runs, and given back as it was, whatever happens.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _, stdout};
use std::os::fd::AsFd as _;

use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetwinsize,
    tcsetattr,
};

use super::view::{Size, columns_of};

/// The alternate screen (so that the text above stays), no cursor.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[?25h\u{1b}[?1049l";
/// A terminal that knows synchronised output shows everything between the two at once; others ignore them.
const BEGIN: &str = "\u{1b}[?2026h\u{1b}[H";
const END: &str = "\u{1b}[0m\u{1b}[J\u{1b}[?2026l";

const CLEAR_REST: &str = "\u{1b}[K";

/// What a terminal that tells no size is taken for.
const SIZE_DEFAULT: Size = Size {
    columns: 80,
    rows: 24,
};

/// The taken-over terminal; dropping it gives it back.
pub struct Screen {
    terminal: File,
    /// As it was; `None` where it could not be read or changed.
    modes: Option<Termios>,
    size: Size,
}

impl Screen {
    /// Whether stdout is a terminal that can draw.
    pub fn can_be_taken() -> bool {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        !dumb && stdout().is_terminal()
    }

    /// `None` when the terminal cannot be written to.
    pub fn take() -> Option<Self> {
        let terminal = File::from(stdout().as_fd().try_clone_to_owned().ok()?);
        let modes = without_echo(&terminal);
        let mut screen = Self {
            terminal,
            modes,
            size: SIZE_DEFAULT,
        };
        screen.write(ENTER).ok()?;
        Some(screen)
    }

    /// The size now; asked before every drawing, so that a resized terminal is filled at the next one.
    pub fn size(&mut self) -> Size {
        if let Ok(size) = tcgetwinsize(&self.terminal)
            && size.ws_col > 0
            && size.ws_row > 0
        {
            self.size = Size {
                columns: size.ws_col.into(),
                rows: size.ws_row.into(),
            };
        }
        self.size
    }

    /// Draws over what is there, in one write: nothing is cleared first, so nothing flickers.
    pub fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        let mut text = String::with_capacity(8 * 1024);
        text.push_str(BEGIN);
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                text.push_str("\r\n");
            }
            text.push_str(line);
            // After a row that is exactly full, the cursor still stands on its last character: nothing is left to clear.
            let columns = columns_of(line);
            if columns == 0 || !columns.is_multiple_of(self.size.columns) {
                text.push_str(CLEAR_REST);
            }
        }
        text.push_str(END);
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.terminal.write_all(text.as_bytes())?;
        self.terminal.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Without a terminal to write to there is nothing to give back.
        let _ = self.write(LEAVE);
        if let Some(modes) = &self.modes {
            // Keys that were pressed meanwhile are not commands for the shell.
            let _ = tcflush(&self.terminal, QueueSelector::IFlush);
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, modes);
        }
    }
}

/// Keys no longer print themselves; signals such as Ctrl-C still arrive. Returns the modes before.
fn without_echo(terminal: &File) -> Option<Termios> {
    let before = tcgetattr(terminal).ok()?;
    let mut quiet = before.clone();
    quiet
        .local_modes
        .remove(LocalModes::ECHO | LocalModes::ICANON);
    tcsetattr(terminal, OptionalActions::Now, &quiet).ok()?;
    Some(before)
}
