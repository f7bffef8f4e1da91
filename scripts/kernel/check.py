"""Tests the kernel itself, started as Jupyter starts it: part of `make test`."""

import threading
import time
import unittest

from client import CellError, Kernel, kernel, setup_cell
from launch import LAST_WORDS

DATA = "let data = Experiment::One.sample(400, 0);"
TRAINING = """
let mut options = TrainingOptions::default();
options.hyperparameters.n_epochs = 100_000;
let (network, history) = Network::train(&data, &data, &options, progress::silent)?;
"""
# No formula fits noise, so only the interrupt ends the search.
SEARCH = """
let points: Vec<f64> = (0..400).map(|i| f64::from(i * i % 397)).collect();
let points = Points::new(["x1", "x2"], points)?;
let noise: Vec<f64> = (0..200).map(|i| f64::from(i * i * i % 199)).collect();
let found = search_for(
    &ValueObjective::new(&points, noise)?,
    &SearchOptions { n_generations: 1_000_000, ..SearchOptions::default() },
    progress::silent,
)?;
"""
PANIC = """
let _ = std::thread::spawn(|| panic!("some words")).join();
std::thread::sleep(std::time::Duration::from_millis(300));
"""
# From a cell's first line to its long call, and from the interrupt to the cell's end: most of it
# is for busy machines.
SECONDS_TO_BEGIN = 1.5
SECONDS_TO_END = 5.0
BEGUN = "begun"


class Interrupts(unittest.TestCase):
    """One kernel for all tests. Each test defines again what an earlier one may have lost."""

    running: Kernel

    @classmethod
    def setUpClass(cls) -> None:
        context = kernel()
        cls.running = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)

    def interrupt(self, cell: str, times: int = 1) -> str:
        """Runs a cell, interrupts it, and returns what it shows."""

        def press() -> None:
            for _ in range(times):
                pressed.append(time.monotonic())
                self.running.interrupt()
                time.sleep(1.0)

        def hear(text: str) -> None:
            shown.append(text)
            if text.strip() == BEGUN:
                timer.start()

        shown: list[str] = []
        pressed: list[float] = []
        timer = threading.Timer(SECONDS_TO_BEGIN, press)
        try:
            self.running.run(f'println!("{BEGUN}");\n{cell}', hear)
        except CellError as error:
            shown.append(str(error))
        ended = time.monotonic()
        self.assertTrue(pressed, f"the cell ended before the interrupt: {shown}")
        timer.join()
        self.assertLess(ended - pressed[0], times + SECONDS_TO_END)
        return "".join(shown)

    def test_0_before_any_call_of_the_library_it_ends_the_cell_with_a_sentence(self) -> None:
        self.assertIn(LAST_WORDS, self.interrupt("loop { std::hint::spin_loop(); }"))
        self.running.run(setup_cell())

    def test_1_a_training_returns_its_network_and_variables_stay(self) -> None:
        self.running.run(DATA)
        self.interrupt(TRAINING)
        shown = self.running.run("(history.was_stopped, data.n_samples())")
        self.assertEqual(shown, "(true, 400)")

    def test_2_a_search_returns_its_front_and_variables_stay(self) -> None:
        self.running.run("let kept = 17;")
        self.interrupt(SEARCH)
        self.assertEqual(self.running.run("(found.stop_reason, kept)"), "(Interrupted, 17)")

    def test_3_a_second_interrupt_ends_the_cell_with_a_sentence(self) -> None:
        self.running.run("let kept = 17;")
        endless = "loop { std::thread::sleep(std::time::Duration::from_millis(10)); }"
        shown = self.interrupt(f"{DATA}\n{TRAINING}\n{endless}", times=2)
        self.assertIn(LAST_WORDS, shown)
        with self.assertRaises(CellError):
            self.running.run("kept")
        self.assertEqual(self.running.run("1 + 1"), "2")

    def test_4_a_panic_shows_its_message_and_no_stack(self) -> None:
        # In a thread, so that the cell lasts until the kernel has read the message.
        shown = self.running.run(PANIC)
        self.assertRegex(shown, "panicked at .*\nsome words")
        self.assertLess(len(shown.splitlines()), 5, shown)


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # those of the Jupyter client
