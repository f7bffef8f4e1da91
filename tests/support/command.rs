//! The command line, run as a user runs it.

// Every test file compiles this module for itself and uses only a part of it.
#![allow(dead_code)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// A run in a folder of its own.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn new(folder: &Path, arguments: &[&str]) -> Self {
        let output = Command::new(env!("CARGO_BIN_EXE_closedform"))
            .args(arguments)
            .current_dir(folder)
            .output()
            .unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs in a folder that holds one file; nothing may be left beside it.
    pub fn on_file(name: &str, content: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        let run = Self::new(folder.path(), arguments);
        let left = fs::read_dir(folder.path()).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [name], "{arguments:?}");
        run
    }

    /// The one JSON object that a successful run prints, and nothing else anywhere.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        assert_eq!(self.stderr, "");
        let value: serde_json::Value = serde_json::from_str(&self.stdout).unwrap();
        assert!(value.is_object());
        value
    }

    /// Exit code 1 and one line on standard error that holds all the words.
    pub fn assert_failed(&self, words: &[&str]) {
        assert_eq!(
            self.code,
            Some(1),
            "{words:?}: {}{}",
            self.stdout,
            self.stderr
        );
        assert_eq!(self.stdout, "");
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.starts_with("closedform: "), "{}", self.stderr);
        for word in words {
            assert!(
                self.stderr.contains(word),
                "\"{}\" lacks \"{word}\"",
                self.stderr
            );
        }
    }

    /// Exit code 2 and a message that holds all the words.
    pub fn assert_wrong_usage(&self, words: &[&str]) {
        assert_eq!(
            self.code,
            Some(2),
            "{words:?}: {}{}",
            self.stdout,
            self.stderr
        );
        assert_eq!(self.stdout, "");
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        for word in words {
            assert!(
                self.stderr.contains(word),
                "\"{}\" lacks \"{word}\"",
                self.stderr
            );
        }
    }
}
