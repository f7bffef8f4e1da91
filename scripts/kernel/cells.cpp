// Loaded by launch.py into the processes of the kernel, for the sake of the one that runs the cells:
// evcxr starts that one itself, and starts it anew when it has ended.
//
// - Until a cell has called the library, an interrupt ends the process with a sentence. Then the
//   library takes over (src/interrupt.rs).
// - A panic shows its message. evcxr asks for the whole stack, which is a page about evcxr.

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *last_words;

static void end(int) {
    // Whether it was written makes no difference: the process ends.
    (void)!write(STDERR_FILENO, last_words, strlen(last_words));
    (void)!write(STDERR_FILENO, "\n", 1);
    _exit(130);
}

__attribute__((constructor)) static void prepare() {
    if (!getenv("EVCXR_IS_RUNTIME"))
        return;
    setenv("RUST_BACKTRACE", "0", 1);
    // Programs that a cell starts are no cells.
    unsetenv("LD_PRELOAD");
    unsetenv("DYLD_INSERT_LIBRARIES");
    last_words = getenv("CLOSEDFORM_LAST_WORDS");
    if (last_words)
        signal(SIGINT, end);
}
