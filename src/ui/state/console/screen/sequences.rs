//! What characters, controls and sequences do.

use super::super::cells::{self, MAX_COLUMNS, TAB};
use super::super::line::Ending;
use super::super::pen::Pen;
use super::Hand;
use vte::{Params, Perform};

impl Perform for Hand<'_> {
    fn print(&mut self, character: char) {
        let width = cells::width(character);
        let screen = self.screen();
        let (column, pen, inserts) = (screen.column, screen.pen, screen.inserts);
        if width == 0 || self.line_takes(column, character) {
            if character != '\x7f' {
                self.line().mark(column, character);
            }
            return;
        }
        if column + width > MAX_COLUMNS {
            if self.screen().place < self.last() {
                return;
            }
            // As long as a row can be: it goes on in the next.
            self.next_line(Ending::TooLong);
            return self.print(character);
        }
        let line = self.line();
        if inserts {
            line.insert(column, width, pen);
        }
        line.put(column, character, pen);
        let screen = self.screen();
        screen.column += width;
        screen.last = Some(character);
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.next_line(Ending::Newline);
                self.screen().newline = true;
            }
            b'\x0b' | b'\x0c' => {
                let column = self.screen().column;
                self.next_line(Ending::Broken);
                self.screen().column = column;
            }
            b'\r' => self.screen().column = 0,
            b'\x08' => {
                let screen = self.screen();
                screen.column = screen.column.saturating_sub(1);
            }
            b'\t' => {
                let screen = self.screen();
                let column = (screen.column / TAB + 1) * TAB;
                screen.column = column.min(MAX_COLUMNS - 1);
            }
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if ignore {
            return;
        }
        let given = |place| {
            params
                .iter()
                .nth(place)
                .and_then(|param| param.first())
                .copied()
        };
        let first = given(0).unwrap_or(0);
        // Where a count is meant, none and 0 are 1.
        let count = u64::from(first.max(1));
        let columns = usize::from(first.max(1));
        let private = match intermediates {
            [] => false,
            [b'?'] => true,
            _ => return,
        };
        if private && !matches!(action, 'h' | 'l' | 'J' | 'K' | 'n') {
            return;
        }
        let row = self.row();
        let column = self.screen().column;
        match action {
            'A' => self.go_to_row(row.saturating_sub(count)),
            'B' | 'e' => self.go_to_row(row.saturating_add(count)),
            'C' | 'a' => self.go_to_column(column.saturating_add(columns)),
            'D' => self.go_to_column(column.saturating_sub(columns)),
            'E' | 'F' => {
                self.go_to_row(match action {
                    'E' => row.saturating_add(count),
                    _ => row.saturating_sub(count),
                });
                self.go_to_column(0);
            }
            'G' | '`' => self.go_to_column(columns - 1),
            'd' => self.go_to_row(count - 1),
            'H' | 'f' => {
                self.go_to_row(count - 1);
                self.screen().column = 0;
                self.go_to_column(usize::from(given(1).unwrap_or(1).max(1)) - 1);
            }
            'J' => self.erase_in_screen(first),
            'K' => self.erase_in_line(first),
            'L' | 'M' => {
                let bottom = self.screen().margins.map(|(_, bottom)| bottom);
                let bottom = bottom.unwrap_or(self.lines.height - 1);
                self.shift(row, bottom, count, action == 'M');
                self.screen().column = 0;
            }
            '@' => {
                let pen = self.screen().pen;
                self.line().insert(column, columns, pen);
            }
            'P' => self.line().delete(column, columns),
            'X' => {
                let pen = self.screen().pen;
                self.line().erase(column, column + columns, pen);
            }
            'S' | 'T' => self.scroll(count, action == 'S'),
            'b' => {
                if let Some(last) = self.screen().last {
                    for _ in 0..count.min(self.lines.columns as u64) {
                        self.print(last);
                    }
                }
            }
            'm' => {
                self.screen().pen.select(params);
            }
            'r' => self.set_margins(u64::from(first), u64::from(given(1).unwrap_or(0))),
            'n' => match (private, first) {
                (false, 5) => self.reply("\x1b[0n"),
                (_, 6) => {
                    let column = (column + 1).min(self.lines.columns);
                    let mark = if private { "?" } else { "" };
                    self.reply(&format!("\x1b[{mark}{};{column}R", row + 1));
                }
                _ => {}
            },
            // That of a VT102.
            'c' if first == 0 => self.reply("\x1b[?6c"),
            's' => self.save(),
            'u' => self.restore(),
            'h' | 'l' => {
                for mode in params.iter().filter_map(|param| param.first()) {
                    self.set_mode(private, *mode, action == 'h');
                }
            }
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], ignore: bool, byte: u8) {
        if ignore || !intermediates.is_empty() {
            return;
        }
        match byte {
            b'7' => self.save(),
            b'8' => self.restore(),
            b'D' | b'E' => {
                let column = self.screen().column;
                self.next_line(Ending::Broken);
                if byte == b'D' {
                    self.screen().column = column;
                }
            }
            b'M' => {
                let row = self.row();
                let first = self.screen().margins.map_or(0, |(first, _)| first);
                if row == first {
                    self.scroll(1, false);
                } else {
                    self.go_to_row(row.saturating_sub(1));
                }
            }
            b'c' => {
                let screen = self.screen();
                screen.pen = Pen::default();
                screen.margins = None;
                screen.inserts = false;
                self.go_to_row(0);
                self.screen().column = 0;
                self.erase_in_screen(2);
            }
            _ => {}
        }
    }
}
