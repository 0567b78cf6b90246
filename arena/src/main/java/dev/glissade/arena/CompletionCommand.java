package dev.glissade.arena;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Prints a script that completes commands and options: for bash or zsh, put"
          + " source <(glissade completion bash) in ~/.bashrc, or the same with zsh in ~/.zshrc"
          + " below compinit; for fish, write it to ~/.config/fish/completions/glissade.fish."
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells. */
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "The shell: ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand() {}

  @Override
  public Integer call() {
    CommandLine program = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (shell) {
          // One script serves both: in zsh it loads bashcompinit.
          case BASH, ZSH -> AutoComplete.bash(spec.root().name(), program);
          case FISH -> FishCompletion.of(program);
        });
    out.flush();
    return 0;
  }
}
